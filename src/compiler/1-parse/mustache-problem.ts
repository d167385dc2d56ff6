import type { ErrorCode } from "../../errors/codes.ts";
import type { Delimiters, Tag } from "./read-tags.ts";

/**
 * What is wrong in a mustache template that doesn't parse, and where: at the opening tag, not where a parser gave up.
 */
export interface MustacheProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly index: number;
  readonly length: number;
}

const PIN = "Until then an earlier version can be pinned.";

export function unclosedTag(text: string, index: number, { left, right }: Delimiters): MustacheProblem {
  const rest = text.slice(index + left.length);
  const sign = /^\s*([{=])?/.exec(rest)?.[1];
  const ending = sign === undefined ? right : `${sign === "{" ? "}" : sign}${right}`;
  const [word = ""] = /^[^\S\r\n]*(?:[#^/>{&=!][^\S\r\n]*)?[^\s,;:]*/.exec(rest) ?? [];
  return {
    code: "template_unclosed_tag",
    message: "This tag is opened but never closed.",
    hint: `Close the tag with ${ending} and save a new version. ${PIN}`,
    index,
    length: left.length + word.length,
  };
}

/** @param delimiters those that a tag must have where the problem was found */
export function unclosedSection(
  { value: name, index, length }: Tag,
  { left, right }: Delimiters,
): MustacheProblem {
  return {
    code: "template_unclosed_section",
    message: `The section ${name} is opened but not closed where it should be.`,
    hint: `Close it with ${left}/${name}${right}, inside the section that it is in, and save a new version. ${PIN}`,
    index,
    length,
  };
}

export function unopenedSection(
  { value: name, index, length }: Tag,
  { left, right }: Delimiters,
): MustacheProblem {
  return {
    code: "template_unopened_section",
    message: `The section ${name} is closed here and was never opened.`,
    hint: `Open it with ${left}#${name}${right} or ${left}^${name}${right}, or remove the tag, and save a new version. ${PIN}`,
    index,
    length,
  };
}

export function invalidDelimiters({ index, length }: Tag): MustacheProblem {
  return {
    code: "template_invalid_delimiters",
    message: "New delimiters are two texts with a space between them.",
    hint: `Write them as {{=<% %>=}} and save a new version. ${PIN}`,
    index,
    length,
  };
}

export function tooLarge(what: string, most: number, index: number): MustacheProblem {
  return {
    code: "template_invalid",
    message: `The template has too many ${what}: ${most.toLocaleString("en")} are the most.`,
    hint: `Make several prompts of it, or let the application put the data in, and save a new version. ${PIN}`,
    index,
    length: 1,
  };
}
