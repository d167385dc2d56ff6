import { maskSecrets } from "../../review/lint/secrets.ts";

// Text from elsewhere in Markdown that GitHub and GitLab show: it can't end a block, be a tag or mention anybody.

/** A fence longer than any in the text, so that a prompt can't end it. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, longestRun(text));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A block that opens at a click; empty without parts. */
export function folded(summary: string, parts: readonly string[]): string {
  if (parts.length === 0) return "";
  return `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** A code span: nothing in it is markup, and it mentions nobody. */
export function code(text: string): string {
  // Two backticks with nothing between them would open a span that ends anywhere.
  if (text === "") return '`""`';
  const longest = longestRun(text);
  const ticks = "`".repeat(longest + 1);
  const room = longest === 0 ? "" : " ";
  return `${ticks}${room}${text.replace(/[\r\n]+/g, " ")}${room}${ticks}`;
}

/** Text that has names from elsewhere in quotes. These become code. */
export function plain(text: string): string {
  const parts = text.split(/"([^"]*)"/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return code(part);
      // The backticks of two spans would become one run.
      return part === "" && index > 0 && index < parts.length - 1 ? " " : html(part);
    })
    .join("");
}

/** Text in which nothing is markup, mentions somebody or becomes a link, also where it begins a line. */
export function html(text: string): string {
  // GitHub looks for mentions, issues and addresses in the text that entities stand for. A comment ends such a text.
  return preformatted(maskSecrets(text).replace(/[\r\n]+/g, " "))
    .replace(
      /[@*_[\]\\`#~]|^(?:[-+=]|\d(?=\d{0,9}[.)]))/g,
      (char) => `&#${char.charCodeAt(0)};${/[@#]/.test(char) ? "<!-- -->" : ""}`,
    )
    .replace(/:(?=\/\/)|www(?=\.)/gi, "$&<!-- -->");
}

/** Text for a `<pre>` element, where only tags are markup. It keeps its lines. */
export function preformatted(text: string): string {
  return text.replace(/[&<>]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? char);
}
