import type { ErrorCode } from "../errors/codes.ts";

/** What is wrong in a mustache template that does not parse, and where: at the opening, not where a parser gave up. */
export interface MustacheFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly index: number;
  readonly length: number;
}

/** Finds the fault that made the parser give up; undefined when it sees none. */
export function findMustacheFault(text: string): MustacheFault | undefined {
  const open: { name: string; index: number; length: number }[] = [];
  let [opening, closing] = ["{{", "}}"];
  let at = 0;
  for (;;) {
    const index = text.indexOf(opening, at);
    if (index === -1) break;
    const inside = index + opening.length;
    const sign = /^\s*([#^/>{&=!])?/.exec(text.slice(inside))?.[1] ?? "";
    const ending = sign === "{" ? `}${closing}` : sign === "=" ? `=${closing}` : closing;
    const start = sign === "" ? inside : text.indexOf(sign, inside) + 1;
    const end = text.indexOf(ending, start);
    if (end === -1) return unclosedTag(text, index, opening, ending);
    const name = text.slice(start, end).trim();
    const tag = { name, index, length: end + ending.length - index };
    if (sign === "#" || sign === "^") open.push(tag);
    if (sign === "/") {
      const section = open.pop();
      if (section === undefined) return unopened(tag);
      if (section.name !== name) return unclosedSection(section);
    }
    if (sign === "=") {
      const delimiters = name.split(/\s+/);
      if (delimiters.length !== 2) return invalidDelimiters(tag);
      [opening, closing] = delimiters as [string, string];
    }
    at = end + ending.length;
  }
  const section = open.pop();
  return section === undefined ? undefined : unclosedSection(section);
}

const PIN = "Until then an earlier version can be pinned.";

function unclosedTag(text: string, index: number, opening: string, ending: string): MustacheFault {
  const line = text.slice(index).split(/[\r\n]/)[0] as string;
  const word = /^\s*[#^/>{&=!]?\s*[^\s,;:]*/.exec(line.slice(opening.length))?.[0] ?? "";
  return {
    code: "template_unclosed_tag",
    message: "This tag is opened but never closed.",
    hint: `Close the tag with ${ending} and save a new version. ${PIN}`,
    index,
    length: opening.length + word.length,
  };
}

function unclosedSection({
  name,
  index,
  length,
}: {
  name: string;
  index: number;
  length: number;
}): MustacheFault {
  return {
    code: "template_unclosed_section",
    message: `The section ${name} is opened but not closed where it should be.`,
    hint: `Close it with {{/${name}}}, inside the section that it is in, and save a new version. ${PIN}`,
    index,
    length,
  };
}

function unopened({ name, index, length }: { name: string; index: number; length: number }): MustacheFault {
  return {
    code: "template_unopened_section",
    message: `The section ${name} is closed here and was never opened.`,
    hint: `Open it with {{#${name}}} or {{^${name}}}, or remove the tag, and save a new version. ${PIN}`,
    index,
    length,
  };
}

function invalidDelimiters({ index, length }: { index: number; length: number }): MustacheFault {
  return {
    code: "template_invalid_delimiters",
    message: "New delimiters are two texts with a space between them.",
    hint: `Write them as {{=<% %>=}} and save a new version. ${PIN}`,
    index,
    length,
  };
}
