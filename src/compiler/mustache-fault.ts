import type { ErrorCode } from "../errors/codes.ts";

/** What is wrong in a mustache template that does not parse, and where: at the opening, not where a parser gave up. */
export interface MustacheFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly index: number;
  readonly length: number;
}

/** Finds the fault that made the parser give up, by reading tags exactly as it does; undefined when there is none. */
export function findMustacheFault(text: string): MustacheFault | undefined {
  const open: Place[] = [];
  let delimiters = readersOf("{{", "}}");
  let at = 0;
  for (;;) {
    const opening = find(text, delimiters.opening, at);
    if (opening === undefined) break;
    const tag = readTag(text, opening.end, delimiters);
    if (tag === undefined) return unclosedTag(text, opening.index, delimiters);
    const { sign, name } = tag;
    const place = { name, index: opening.index, length: tag.end - opening.index };
    if (sign === "#" || sign === "^") open.push(place);
    if (sign === "/") {
      const section = open.pop();
      if (section === undefined) return unopened(place, delimiters);
      if (section.name !== name) return unclosedSection(section, delimiters);
    }
    if (sign === "=") {
      const [left, right] = name.split(/\s+/);
      if (left === undefined || right === undefined) return invalidDelimiters(place);
      delimiters = readersOf(left, right);
    }
    at = tag.end;
  }
  const section = open.pop();
  return section === undefined ? undefined : unclosedSection(section, delimiters);
}

interface Delimiters {
  readonly left: string;
  readonly right: string;
  readonly opening: RegExp;
  readonly closing: RegExp;
  readonly closingTriple: RegExp;
}

function readersOf(left: string, right: string): Delimiters {
  const escaped = (text: string) => text.replace(/[-[\]{}()*+?.,\\^$|#\s/]/g, "\\$&");
  return {
    left,
    right,
    opening: new RegExp(`${escaped(left)}\\s*`, "g"),
    closing: new RegExp(`\\s*${escaped(right)}`, "g"),
    closingTriple: new RegExp(`\\s*${escaped(`}${right}`)}`, "g"),
  };
}

interface Tag {
  /** What follows the opening delimiter; empty for a name. */
  readonly sign: string;
  readonly name: string;
  readonly end: number;
}

/** Reads a tag from behind its opening delimiter; undefined when it is never closed. */
function readTag(text: string, at: number, { closing, closingTriple }: Delimiters): Tag | undefined {
  const sign = /^[#^/>{&=!]/.exec(text.slice(at, at + 1))?.[0] ?? "";
  const start = at + sign.length + (/^\s*/.exec(text.slice(at + sign.length)) as RegExpExecArray)[0].length;
  const inner =
    sign === "=" ? find(text, /\s*=/g, start) : sign === "{" ? find(text, closingTriple, start) : undefined;
  // New delimiters end at the first equals sign, whatever comes between it and the closing delimiter.
  const from =
    sign === "=" ? inner?.end : sign === "{" ? inner && find(text, /\s*\}/g, inner.index)?.end : start;
  const end = from === undefined ? undefined : find(text, closing, from);
  return end && { sign, name: text.slice(start, inner?.index ?? end.index), end: end.end };
}

function find(text: string, what: RegExp, from: number): { index: number; end: number } | undefined {
  what.lastIndex = from;
  const match = what.exec(text);
  return match === null ? undefined : { index: match.index, end: what.lastIndex };
}

const PIN = "Until then an earlier version can be pinned.";

function unclosedTag(text: string, index: number, { left, right }: Delimiters): MustacheFault {
  const sign = /^\s*([{=])?/.exec(text.slice(index + left.length))?.[1];
  const ending = sign === undefined ? right : `${sign === "{" ? "}" : sign}${right}`;
  const line = text.slice(index).split(/[\r\n]/)[0] as string;
  const word = /^\s*[#^/>{&=!]?\s*[^\s,;:]*/.exec(line.slice(left.length))?.[0] ?? "";
  return {
    code: "template_unclosed_tag",
    message: "This tag is opened but never closed.",
    hint: `Close the tag with ${ending} and save a new version. ${PIN}`,
    index,
    length: left.length + word.length,
  };
}

interface Place {
  readonly name: string;
  readonly index: number;
  readonly length: number;
}

/** @param delimiters those that a tag must have where the fault was found */
function unclosedSection({ name, index, length }: Place, { left, right }: Delimiters): MustacheFault {
  return {
    code: "template_unclosed_section",
    message: `The section ${name} is opened but not closed where it should be.`,
    hint: `Close it with ${left}/${name}${right}, inside the section that it is in, and save a new version. ${PIN}`,
    index,
    length,
  };
}

function unopened({ name, index, length }: Place, { left, right }: Delimiters): MustacheFault {
  return {
    code: "template_unopened_section",
    message: `The section ${name} is closed here and was never opened.`,
    hint: `Open it with ${left}#${name}${right} or ${left}^${name}${right}, or remove the tag, and save a new version. ${PIN}`,
    index,
    length,
  };
}

function invalidDelimiters({ index, length }: Place): MustacheFault {
  return {
    code: "template_invalid_delimiters",
    message: "New delimiters are two texts with a space between them.",
    hint: `Write them as {{=<% %>=}} and save a new version. ${PIN}`,
    index,
    length,
  };
}
