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

type TagPlace = Pick<Tag, "index" | "length">;

function problem(code: ErrorCode, message: string, fix: string, place: TagPlace): MustacheProblem {
  const { index, length } = place;
  const hint = `${fix}, and save a new version. Until then you can pin an earlier version.`;
  return { code, message, hint, index, length };
}

export function unclosedTag(text: string, index: number, { left, right }: Delimiters): MustacheProblem {
  const rest = text.slice(index + left.length);
  const sign = /^\s*([{=])?/.exec(rest)?.[1];
  const ending = sign === undefined ? right : `${sign === "{" ? "}" : sign}${right}`;
  const [word = ""] = /^[^\S\r\n]*(?:[#^/>{&=!][^\S\r\n]*)?[^\s,;:]*/.exec(rest) ?? [];
  const place = { index, length: left.length + word.length };
  const message = "This tag is opened but never closed.";
  return problem("template_unclosed_tag", message, `Close the tag with ${ending}`, place);
}

/** @param delimiters those that a tag must have where the problem was found */
export function unclosedSection(tag: Tag, { left, right }: Delimiters): MustacheProblem {
  const message = `The section ${tag.value} is opened but not closed where it should be.`;
  const fix = `Close it with ${left}/${tag.value}${right}, inside the section that it's in`;
  return problem("template_unclosed_section", message, fix, tag);
}

export function unopenedSection(tag: Tag, { left, right }: Delimiters): MustacheProblem {
  const name = tag.value;
  const message = `The section ${name} is closed here but was never opened.`;
  const fix = `Open it with ${left}#${name}${right} or ${left}^${name}${right}, or remove the tag`;
  return problem("template_unopened_section", message, fix, tag);
}

export function invalidDelimiters(tag: Tag): MustacheProblem {
  const message = "New delimiters are two texts separated by a space.";
  return problem("template_invalid_delimiters", message, "Write them as {{=<% %>=}}", tag);
}

export function tooDeep(tag: Tag, max: number): MustacheProblem {
  const message = `Sections or dotted names are nested too deep. The maximum is ${max} levels.`;
  return problem("template_invalid", message, "Flatten the data that the template uses", tag);
}

export function tooLarge(what: string, max: number, index: number): MustacheProblem {
  const message = `The template has too many ${what}. The maximum is ${max.toLocaleString("en")}.`;
  const fix = "Split it into several prompts, or let the application insert the data";
  return problem("template_invalid", message, fix, { index, length: 1 });
}
