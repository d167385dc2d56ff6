import { BUNDLERS } from "./bundlers.ts";
import { BUILD_TOOLS, RUN_TOOLS } from "./emit-tools.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import type { Tool } from "./tool.ts";

/** What a project may be built or tested with. A tool stands above those that it brings. */
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

/** Is a module a bundler's or framework's own? Such a module brings no plugin of ours. */
export function isToolModule(module: string): boolean {
  return TOOL_PACKAGES.has(packageOf(module));
}
