import { BUNDLERS } from "./bundlers.ts";
import { BUILD_TOOLS, RUN_TOOLS } from "./emit-tools.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import type { Tool } from "./tool.ts";

/** What can build or test a project. A tool comes before those that it includes. */
export const TOOLS: readonly Tool[] = [...FRAMEWORKS, ...BUILD_TOOLS, ...BUNDLERS, ...RUN_TOOLS];

const TOOL_PACKAGES = new Set([
  ...TOOLS.flatMap(({ packages }) => packages),
  "@rspack/cli",
  "webpack-merge",
  "webpack-cli",
]);

/** The package of a bare specifier: `@a/b` of `@a/b/c`. */
export function packageOf(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Does a module belong to a bundler or framework? Such a module doesn't bring our plugin. */
export function isToolModule(module: string): boolean {
  return TOOL_PACKAGES.has(packageOf(module));
}
