import { readFile } from "node:fs/promises";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { glob } from "tinyglobby";
import { ROOT } from "../support/run.ts";

/** A block of code in a page. */
export interface Block {
  /** From the root of the repository. */
  readonly page: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  /** The word after the fence; empty if the block isn't code. */
  readonly language: string;
  readonly text: string;
  /** The set-up that the page has for all of its blocks. */
  readonly pageSetup: string;
  /** What the comment before the block says: see {@link MARKER}. */
  readonly marker: string;
}

/** A command in the middle of a sentence or a table. */
export interface InlineCommand {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

export interface Page {
  readonly blocks: readonly Block[];
  readonly commands: readonly InlineCommand[];
}

/**
 * A comment before a block, which no reader sees, says why it is not checked, or has lines of code that the block needs; one
 * line `…` among them is the place of the block. `snippets` instead of `snippet` has lines for all blocks of its page.
 *
 * @example
 * <!-- snippet: declare const ticket: string; -->
 * <!-- snippet: not checked: a part of a file of another tool -->
 */
const MARKER = /^<!-- (snippets?):\s(.*?)\s*-->\s*$/s;

const NOT_CHECKED = "not checked: ";

/** Why a block is not checked, where its comment says so. */
export function notChecked({ marker }: Block): string | undefined {
  return marker.startsWith(NOT_CHECKED) ? marker.slice(NOT_CHECKED.length) : undefined;
}

/** Every page that a user or a contributor reads. */
export async function readPages(): Promise<Page[]> {
  const files = await glob(["docs/**/*.md", "*.md", "bench/README.md"], {
    cwd: ROOT,
    ignore: ["docs/api/**", "CHANGELOG.md", "THIRD-PARTY-NOTICES.md"],
  });
  return Promise.all(
    files.sort().map(async (file) => readPage(file, await readFile(join(ROOT, file), "utf8"))),
  );
}

/** What one page has. */
export function readPage(page: string, text: string): Page {
  const tokens = new MarkdownIt({ html: true }).parse(withoutFrontMatter(text), {});
  const markers = tokens.map(({ type, content }) => (type === "html_block" ? MARKER.exec(content) : null));
  const pageSetup = markers
    .filter((marker) => marker?.[1] === "snippets")
    .map((marker) => marker?.[2])
    .join("\n");
  const blocks: Block[] = [];
  const commands: InlineCommand[] = [];
  tokens.forEach(({ type, info, content, map, children }, index) => {
    const line = (map?.[0] ?? 0) + 1;
    if (type === "fence") {
      const marker = markers[index - 1];
      const own = marker?.[1] === "snippet" ? (marker[2] ?? "") : "";
      const language = /^\w*/.exec(info)?.[0] ?? "";
      blocks.push({ page, line, language, text: content, pageSetup, marker: own });
    }
    for (const child of children ?? []) {
      const isCommand =
        child.type === "code_inline" &&
        /^(?:npx (?:-p unplugin-scope )?)?scope-gen\b(?!\.)/.test(child.content);
      if (isCommand) commands.push({ page, line, text: child.content });
    }
  });
  return { blocks, commands };
}

/** With as many lines as before. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^---\r?\n.*?^---\r?\n/ms, (matter) => matter.replace(/.+/g, ""));
}
