import type { DevSession } from "../../build/dev/session.ts";
import type { Compiler } from "../instance/compiler.ts";

/** The part of a compilation that is used here; webpack's and Rspack's agree on it. */
export interface WebpackLikeCompilation {
  readonly compiler: unknown;
  readonly errors: Error[];
  readonly warnings: Error[];
  readonly fileDependencies: Iterable<string> & { add(file: string): unknown };
}

/** The part of the bundler's options that says what a page is made with. */
export interface WebpackLikeOptions {
  readonly module?: { readonly rules?: unknown };
}

/**
 * Puts the problems of prompts whose last good version is served beside the modules of a compilation: the dev server's
 * overlay shows them, and the page keeps its good code. The compilation ends anew when a problem comes or goes.
 *
 * @param asWarnings for a server that serves no request while there are errors
 */
export async function reportProblems(
  compilation: WebpackLikeCompilation,
  session: DevSession | undefined,
  asWarnings = false,
): Promise<void> {
  if (session === undefined) return;
  compilation.fileDependencies.add(await session.problemsFile());
  for (const text of session.problems.texts) {
    const list = asWarnings ? compilation.warnings : compilation.errors;
    list.push(plainError(`${text}\n\nThe last good version is still served.`));
  }
}

/** How a running page is updated, should hot module replacement be on; without it the same module is inert. */
export function webpackTarget({ module }: WebpackLikeOptions, isBrowser: boolean): Compiler["hot"] {
  const frameworks = isBrowser
    ? (["svelte", "vue"] as const).filter((name) => mentionsLoader(module?.rules, `${name}-loader`))
    : [];
  return { bundler: "webpack", frameworks };
}

function mentionsLoader(rule: unknown, name: string): boolean {
  if (typeof rule === "string") return rule.includes(name);
  if (Array.isArray(rule)) return rule.some((one) => mentionsLoader(one, name));
  if (typeof rule !== "object" || rule === null) return false;
  const { loader, use, rules, oneOf } = rule as Record<string, unknown>;
  return [loader, use, rules, oneOf].some((one) => mentionsLoader(one, name));
}

/** An error as a bundler shows it: our text, nothing of our stack. */
export function plainError(text: string): Error {
  const error = new Error(text);
  error.name = "";
  error.stack = text;
  return error;
}
