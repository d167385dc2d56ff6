import type { ErrorCode } from "../../errors/codes.ts";

export interface Tag {
  /** What follows the opening delimiter; empty for a name. */
  readonly sign: string;
  /** What is in it: a name, new delimiters, a comment. */
  readonly value: string;
  /** In UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

interface Delimiters {
  readonly left: string;
  readonly right: string;
}

/** A larger template was made by a program, and code generated from it would be of no use. */
export const MAX_CHARACTERS = 1_000_000;
const MAX_TAGS = 20_000;
/** How deep sections can be nested, and how many names can be chained with dots. */
const MAX_LEVELS = 100;

/**
 * The tags of a template in order, up to the first that is wrong, and what is wrong with that one. Each step continues
 * from where the last one ended, so this takes as long as reading the text once.
 */
export function readTags(text: string): {
  readonly tags: readonly Tag[];
  readonly problem?: MustacheProblem;
} {
  const tags: Tag[] = [];
  const open: Tag[] = [];
  let delimiters: Delimiters = { left: "{{", right: "}}" };
  if (text.length > MAX_CHARACTERS) return { tags, problem: tooLarge("characters", MAX_CHARACTERS, 0) };
  for (let at = 0; ; ) {
    const index = text.indexOf(delimiters.left, at);
    if (index === -1) break;
    if (tags.length === MAX_TAGS) return { tags, problem: tooLarge("tags", MAX_TAGS, index) };
    const tag = readTag(text, index, delimiters);
    if (tag === undefined) return { tags, problem: unclosedTag(text, index, delimiters) };
    tags.push(tag);
    if (tag.sign === "#" || tag.sign === "^") open.push(tag);
    if (open.length > MAX_LEVELS || isDeepName(tag)) return { tags, problem: tooDeep(tag, MAX_LEVELS) };
    if (tag.sign === "/") {
      const section = open.pop();
      if (section === undefined) return { tags, problem: unopenedSection(tag, delimiters) };
      if (section.value !== tag.value) return { tags, problem: unclosedSection(section, delimiters) };
    }
    if (tag.sign === "=") {
      const [left, right] = tag.value.split(/\s+/, 2);
      if (!left || !right) return { tags, problem: invalidDelimiters(tag) };
      delimiters = { left, right };
    }
    at = index + tag.length;
  }
  const section = open.pop();
  return section === undefined ? { tags } : { tags, problem: unclosedSection(section, delimiters) };
}

function isDeepName({ sign, value }: Tag): boolean {
  return !["!", "=", ">"].includes(sign) && value.split(".", MAX_LEVELS + 1).length > MAX_LEVELS;
}

const SIGNS = "#^/>{&=!";

/** Undefined for a tag that is never closed. */
function readTag(text: string, index: number, { left, right }: Delimiters): Tag | undefined {
  let start = skipSpace(text, index + left.length);
  const sign = SIGNS.includes(text[start] ?? "none") ? (text[start] as string) : "";
  start = skipSpace(text, start + sign.length);
  // New delimiters end at the first equals sign, whatever comes between it and the closing delimiter.
  const ending = sign === "=" ? "=" : sign === "{" ? `}${right}` : right;
  const end = text.indexOf(ending, start);
  const closing = end === -1 || sign !== "=" ? end : text.indexOf(right, end + 1);
  if (closing === -1) return undefined;
  const value = text.slice(start, end).trimEnd();
  const length = closing + (sign === "=" ? right : ending).length - index;
  return { sign, value, index, length };
}

function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.test(text);
  return SPACE.lastIndex;
}

const SPACE = /\s*/y;

/** What is wrong in a mustache template that doesn't parse, and where: at the opening tag, not where a parser gave up. */
export interface MustacheProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly index: number;
  readonly length: number;
}

type TagPlace = Pick<Tag, "index" | "length">;

function tagProblem(code: ErrorCode, message: string, fix: string, place: TagPlace): MustacheProblem {
  const { index, length } = place;
  const hint = `${fix}, and save a new version. Until then you can pin an earlier version.`;
  return { code, message, hint, index, length };
}

function unclosedTag(text: string, index: number, { left, right }: Delimiters): MustacheProblem {
  const rest = text.slice(index + left.length);
  const sign = /^\s*([{=])?/.exec(rest)?.[1];
  const ending = sign === undefined ? right : `${sign === "{" ? "}" : sign}${right}`;
  const [word = ""] = /^[^\S\r\n]*(?:[#^/>{&=!][^\S\r\n]*)?[^\s,;:]*/.exec(rest) ?? [];
  const place = { index, length: left.length + word.length };
  const message = "This tag is opened but never closed.";
  return tagProblem("template_unclosed_tag", message, `Close the tag with ${ending}`, place);
}

/** @param delimiters those that a tag must have where the problem was found */
function unclosedSection(tag: Tag, { left, right }: Delimiters): MustacheProblem {
  const message = `The section ${tag.value} is opened but not closed where it should be.`;
  const fix = `Close it with ${left}/${tag.value}${right}, inside the section that it's in`;
  return tagProblem("template_unclosed_section", message, fix, tag);
}

function unopenedSection(tag: Tag, { left, right }: Delimiters): MustacheProblem {
  const name = tag.value;
  const message = `The section ${name} is closed here but was never opened.`;
  const fix = `Open it with ${left}#${name}${right} or ${left}^${name}${right}, or remove the tag`;
  return tagProblem("template_unopened_section", message, fix, tag);
}

function invalidDelimiters(tag: Tag): MustacheProblem {
  const message = "New delimiters are two texts separated by a space.";
  return tagProblem("template_invalid_delimiters", message, "Write them as {{=<% %>=}}", tag);
}

function tooDeep(tag: Tag, max: number): MustacheProblem {
  const message = `Sections or dotted names are nested too deep. The maximum is ${max} levels.`;
  return tagProblem("template_invalid", message, "Flatten the data that the template uses", tag);
}

export function tooLarge(what: string, max: number, index: number): MustacheProblem {
  const message = `The template has too many ${what}. The maximum is ${max.toLocaleString("en")}.`;
  const fix = "Split it into several prompts, or let the application insert the data";
  return tagProblem("template_invalid", message, fix, { index, length: 1 });
}
