import type { Compilation, Compiler as WebpackCompiler } from "webpack";
import type { DevSession } from "../../build/dev/session.ts";
import { readableError } from "../../errors/readable-error.ts";
import type { BundlerCompiler } from "../instance/compiler.ts";

/**
 * Adds the problems of prompts whose last good version is served to a compilation, next to its modules: the dev
 * server's overlay shows them, and the page keeps its good code. When a problem appears or goes away, the compilation
 * finishes again.
 *
 * @param asWarnings for a server that serves no requests while there are errors
 */
export async function reportProblems(
  compilation: Compilation,
  session: DevSession | undefined,
  asWarnings = false,
): Promise<void> {
  if (session === undefined) return;
  compilation.fileDependencies.add(await session.problemsFile());
  for (const text of session.problems.texts) {
    const list = asWarnings ? compilation.warnings : compilation.errors;
    list.push(readableError(`${text}\n\nThe last good version is still served.`));
  }
}

/** Updates a running page if hot module replacement is on; without it the module does nothing. */
export function webpackTarget(
  { module }: WebpackCompiler["options"],
  isBrowser: boolean,
): BundlerCompiler["hot"] {
  const frameworks = isBrowser
    ? (["svelte", "vue"] as const).filter((name) => mentionsLoader(module.rules, `${name}-loader`))
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
