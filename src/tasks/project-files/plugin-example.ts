import type { FoundTool } from "./detect-tools.ts";
import { type PluginStyle, pluginKeys } from "./tools.ts";

/** For what takes no plugin: the files of `scope-gen emit`, and where their place is named. */
const EMITTED: Readonly<Record<string, string>> = {
  Jest: `scope-gen emit --out-dir src/prompts   # before jest
moduleNameMapper: { ...require("./src/prompts/jest.map.json") }`,
  Deno: `scope-gen emit --out-dir prompts   # before deno
"importMap": "./prompts/import-map.json"`,
  Wrangler: `scope-gen emit --out-dir src/prompts   # before wrangler
"alias": { "scope:welcome": "./src/prompts/welcome.js" }   # one for each import`,
};

/**
 * What a person adds to a tool's config where we cannot: the import, and its use.
 *
 * @param prefersEsm where the config's text does not show what it is
 */
export function pluginExample({ name, entry, style, text }: FoundTool, prefersEsm: boolean): string {
  if (entry === undefined) return EMITTED[name] ?? "";
  if (style === "modules") return `modules: ["${entry}"]`;
  const isEsm = prefersEsm && !/\bmodule\.exports\b/.test(text);
  const local = style === "next" ? "{ withScope }" : "scope";
  const line = isEsm ? `import ${local} from "${entry}";` : `const ${local} = require("${entry}");`;
  return `${line}\n${use(style, isEsm)}`;
}

/** A config with nothing but the plugin, for a tool that has none; undefined where that would not do. */
export function newConfig({ entry, style, creates }: FoundTool): string | undefined {
  if (creates === undefined || entry === undefined) return undefined;
  const imports = [`import { ${creates.call} } from "${creates.from}";`, `import scope from "${entry}";`];
  return `${imports.join("\n")}\n\nexport default ${creates.call}({\n  ${use(style, true)},\n});\n`;
}

function use(style: PluginStyle, isEsm: boolean): string {
  if (style === "next") {
    return isEsm ? "export default withScope(nextConfig);" : "module.exports = withScope(nextConfig);";
  }
  if (style === "rollup:options") return rollupHook("scope", '"');
  return listUnder(pluginKeys(style), "scope()");
}

/** A list with one element, as a member of an object: `a: { b: [element] }`. */
export function listUnder([first, ...rest]: readonly string[], element: string): string {
  return `${first}: ${rest.reduceRight((inner, key) => `{ ${key}: ${inner} }`, `[${element}]`)}`;
}

/**
 * What unbuild's config takes: the plugin in the hook in which Rollup gets its own, and leave to bundle what no
 * package.json names.
 */
export function rollupHook(name: string, quote: string): string {
  const body = `options.plugins = [${name}(), options.plugins]`;
  const hook = `hooks: { ${quote}rollup:options${quote}: (_, options) => void (${body}) }`;
  return `rollup: { inlineDependencies: [/^scope:/] }, ${hook}`;
}
