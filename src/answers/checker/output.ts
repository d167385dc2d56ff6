import type { JsonObject } from "../../prompt.ts";
import { compile } from "./compile.ts";
import { partialValue } from "./partial-value.ts";
import type { Patterns } from "./patterns.ts";
import { type AnswerProblem, type Check, problemsIn } from "./walk.ts";
import { MAX_SHOWN, pathText, shownName } from "./words.ts";

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
