import type { JsonObject } from "../../prompt.ts";
import { compile } from "./compile.ts";
import type { Patterns } from "./patterns.ts";
import { type AnswerProblem, type Check, MAX_SHOWN, pathText, problemsIn, shownName } from "./walk.ts";

export { patternsOf } from "./patterns.ts";

/** More than any model writes. The parser takes as long for a text of this length as the check may for its value. */
const MAX_CHARACTERS = 2e6;

/** The export `output`: a Standard Schema for what a model answers. */
export function makeOutput(
  schema: JsonObject,
  patterns: Patterns | undefined,
  prompt: string,
  versionNumber: number,
  versionId: string,
) {
  let made: Check | undefined;
  const check = (value: unknown, isRead: boolean): readonly AnswerProblem[] => {
    try {
      made ??= compile(schema, patterns);
      return problemsIn(made, value, isRead);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ path: [], message: "is nested too deep, or takes too long to check" }];
    }
  };
  const failure = (...problems: readonly AnswerProblem[]) => {
    const shown = problems.slice(0, MAX_SHOWN).map(({ path, message }) => `${pathText(path)} ${message}`);
    const more = problems.length > MAX_SHOWN ? ` and ${problems.length - MAX_SHOWN} more` : "";
    const text = `The answer for prompt ${JSON.stringify(prompt)} (version ${versionNumber}) doesn't fit its schema: ${shown.join("; ")}${more}.`;
    const name = "OutputError";
    return Object.assign(Error(shownName(text)), {
      name,
      code: "output_invalid",
      problems,
      where: { prompt, versionNumber, versionId },
      [Symbol.for("unplugin-scope.error")]: ["ScopeError", "ResourceError", name],
    });
  };
  const read = (text: string): unknown => {
    if (text.length > MAX_CHARACTERS)
      throw failure({ path: [], message: "has more than 2,000,000 characters" });
    try {
      return JSON.parse(text);
    } catch {
      // What the parser says quotes the answer.
      throw failure({ path: [], message: "isn't JSON" });
    }
  };
  const copy = ({ target }: { readonly target: string }): unknown => {
    if (target !== "draft-2020-12" && target !== "draft-07")
      throw Error(`The schema can't be converted to ${target}`);
    // Some that ask for it write into it.
    return JSON.parse(JSON.stringify(schema));
  };
  return {
    parse(answer: unknown): unknown {
      const isText = typeof answer === "string";
      const value = isText ? read(answer) : answer;
      const problems = check(value, isText);
      if (problems.length > 0) throw failure(...problems);
      return value;
    },
    parsePartial: partialValue,
    "~standard": {
      version: 1,
      vendor: "unplugin-scope",
      validate(value: unknown) {
        const issues = check(value, false);
        return issues.length > 0 ? { issues } : { value };
      },
      jsonSchema: { input: copy, output: copy },
    },
  };
}

interface Open {
  readonly closer: "}" | "]";
  readonly around: Open | undefined;
}

/**
 * The value of a JSON text that is still arriving; undefined while there is none. What is open is closed. A number, a word
 * or a name that may go on is left out.
 */
function partialValue(text: unknown): unknown {
  // Model SDKs stream null where there is no text.
  if (typeof text !== "string") return undefined;
  // What is open, from the inside out: the state at the last complete place is kept, at no cost.
  let open: Open | undefined;
  let isName = false;
  let complete: { end: number; mark: string; open: Open | undefined } | undefined;
  const until = (end: number, mark = "") => {
    complete = { end, mark, open };
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"') {
      const end = endOfString(text, at);
      const isWhole = text[end] === '"';
      if (!isName) until(isWhole ? end + 1 : end, isWhole ? "" : '"');
      if (!isWhole) break;
      at = end;
    } else if (character === "{" || character === "[") {
      open = { closer: character === "{" ? "}" : "]", around: open };
      isName = character === "{";
      until(at + 1);
    } else if (character === "}" || character === "]") {
      open = open?.around;
      until(at + 1);
    } else if (character === ",") isName = open?.closer === "}";
    else if (character === ":") isName = false;
    else if (!/\s/.test(character)) {
      const [word] = /^[^\s,\]}]+/.exec(text.slice(at, at + 400)) ?? [""];
      at += Math.max(word.length - 1, 0);
      if (at + 1 < text.length || /^(?:true|false|null)$/.test(word)) until(at + 1);
    }
  }
  return complete && closed(text.slice(0, complete.end) + complete.mark, complete.open);
}

/** Where a string ends that begins at a place: at its quote, or where the last whole character of the text ends. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') {
    const next = end + (text[end] !== "\\" ? 1 : text[end + 1] === "u" ? 6 : 2);
    if (next > text.length) break;
    end = next;
  }
  return end;
}

function closed(text: string, open: Open | undefined): unknown {
  let whole = text;
  for (let one = open; one !== undefined; one = one.around) whole += one.closer;
  try {
    return JSON.parse(whole);
  } catch {
    return undefined;
  }
}
