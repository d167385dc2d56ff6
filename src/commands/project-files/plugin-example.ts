import type { FoundTool } from "./detect-tools.ts";
import { type PluginStyle, pluginKeys, type Tool } from "./tools.ts";

const EMIT = "scope-gen emit --out-dir src/prompts";

/** For what takes no plugin and reads a map: the files of `scope-gen emit`, and where to name them. */
const MAPPED: Readonly<Record<string, string>> = {
  Jest: `${EMIT}   # before jest
moduleNameMapper: { ...require("./src/prompts/jest.map.json") }`,
  Deno: `scope-gen emit --out-dir prompts   # before deno
"importMap": "./prompts/import-map.json"`,
  Wrangler: `${EMIT}   # before wrangler
"alias": { "scope:welcome": "./src/prompts/welcome.js" }   # one for each import`,
};

/** How to do it without a plugin: the files of `scope-gen emit`, and how the code finds them. */
function emitExample({ name, emits }: Pick<Tool, "name" | "emits">): string {
  if (emits === "map") return MAPPED[name] ?? "";
  // A `prebuild` would only work for npm: Yarn doesn't run such scripts.
  const emit = `${EMIT}   # before each start and build: "${EMIT} && …" in package.json`;
  return emits === "paths"
    ? `${emit}\n"extends": ["./src/prompts/tsconfig.paths.json"]   # in tsconfig.json, after what it already extends`
    : `prompts: ["welcome"]   # in the config, each by its name\n${emit}\nimport welcome from "./prompts/welcome.js"   # in the code, instead of "scope:welcome"`;
}

/** If no bundler that takes the plugin was found. */
export const UNKNOWN_EXAMPLE = `# if Node runs the code
node --import unplugin-scope/register app.js
# if a build takes plugins of Vite, Rollup, webpack or esbuild: this package's, in its config
# for any other build
${emitExample({ name: "", emits: "paths" })}
# if it doesn't read a tsconfig's paths: relative imports of these files`;

const BUN = `bunfig.toml: preload = ["./scope.preload.ts"]   # under [test] too, for bun test
scope.preload.ts: import scope from "unplugin-scope/bun"; await Bun.plugin(scope());
where you build: await Bun.build({ plugins: [scope()] })`;

/**
 * What you add to a tool's config if we can't: the import, and its use.
 *
 * @param prefersEsm used if the config's text doesn't show what it is
 */
export function pluginExample(tool: FoundTool, prefersEsm: boolean): string {
  const { name, entry, style, text } = tool;
  if (entry === undefined) return emitExample(tool);
  if (name === "Bun") return BUN;
  if (style === "modules") return `modules: ["${entry}"]`;
  const isEsm = prefersEsm && !/\bmodule\.exports\b/.test(text);
  const local = style === "next" ? "{ withScope }" : "scope";
  const line = isEsm ? `import ${local} from "${entry}";` : `const ${local} = require("${entry}");`;
  return `${line}\n${tool.snippet ?? use(style, isEsm)}`;
}

/** A config with nothing but the plugin, for a tool that has none; undefined if that won't work. */
export function newConfig({ entry, style, creates }: Tool): string | undefined {
  if (creates === undefined) return undefined;
  const call = creates.startsWith("nitro") ? "defineNitroConfig" : "defineConfig";
  const imports = `import { ${call} } from "${creates}";\nimport scope from "${entry}";\n`;
  return `${imports}\nexport default ${call}({\n  ${use(style, true)},\n});\n`;
}

function use(style: PluginStyle, isEsm: boolean): string {
  if (style !== "next") return listUnder(pluginKeys(style), "scope()");
  return isEsm ? "export default withScope(nextConfig);" : "module.exports = withScope(nextConfig);";
}

/** A list with one element, as a member of an object: `a: { b: [element] }`. */
export function listUnder([first, ...rest]: readonly string[], element: string): string {
  return `${first}: ${rest.reduceRight((inner, key) => `{ ${key}: ${inner} }`, `[${element}]`)}`;
}
