import { TOOLS } from "./tools.ts";

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
