import type { FoundTool } from "../project-files/detect-tools.ts";

/**
 * What a person adds to a tool's config where we cannot: the import, and its use.
 *
 * @param prefersEsm where the config's text does not show what it is
 */
export function pluginExample({ entry, style, text }: FoundTool, prefersEsm: boolean): string {
  const isEsm = prefersEsm && !/\bmodule\.exports\b/.test(text);
  const local = style === "next" ? "{ withScope }" : "scope";
  const line = isEsm ? `import ${local} from "${entry}";` : `const ${local} = require("${entry}");`;
  const uses = {
    plugins: "plugins: [scope()]",
    "vite-plugins": "vite: { plugins: [scope()] }",
    esbuild: "plugins: [scope()]",
    next: isEsm ? "export default withScope(nextConfig);" : "module.exports = withScope(nextConfig);",
  };
  return `${line}\n${uses[style]}`;
}
