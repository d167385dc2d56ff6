import type { FoundTool } from "./detect-tools.ts";
import { type PluginStyle, pluginKeys } from "./tools/tool.ts";

/** For what takes no plugin and reads a map: the files of `scope-gen emit`, and where to name them. */
const MAPPED: Readonly<Record<string, string>> = {
  Jest: `scope-gen emit --out-dir src/prompts   # before jest
moduleNameMapper: { ...require("./src/prompts/jest.map.json") }`,
  Deno: `scope-gen emit --out-dir prompts   # before deno
"importMap": "./prompts/import-map.json"`,
  Wrangler: `scope-gen emit --out-dir src/prompts   # before wrangler
"alias": { "scope:welcome": "./src/prompts/welcome.js" }   # one for each import`,
};

/**
 * The scripts of package.json that need the files. A `prebuild` would only work for npm: Yarn doesn't run such scripts.
 */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  Angular: ["start", "build", "test"],
  Expo: ["start"],
  Metro: ["start"],
  Parcel: ["start", "build"],
};

const EXTENDS = `"extends": ["./src/prompts/tsconfig.paths.json"]   # in tsconfig.json, behind what it extends already`;
const RELATIVE = `import welcome from "./prompts/welcome.js"   # in the code, in the place of "scope:welcome"`;

/** How to do it without a plugin: the files of `scope-gen emit`, and how the code finds them. */
export function emitExample({ name, emits }: Pick<FoundTool, "name" | "emits">): string {
  if (emits === "map") return MAPPED[name] ?? "";
  const scripts = (BEFORE[name] ?? ["build"]).map((one) => `"${one}"`).join(", ");
  const command = "scope-gen emit --out-dir src/prompts";
  const emit = `${command}   # before each build: "${command} && …" as ${scripts} in package.json`;
  return emits === "paths"
    ? `${emit}\n${EXTENDS}`
    : `prompts: ["welcome"]   # in the config, each by its name\n${emit}\n${RELATIVE}`;
}

/** For a build that isn't known here. */
export const UNKNOWN_EXAMPLE = `# where Node runs the code as it is
node --import unplugin-scope/register app.js
# where it takes plugins of Vite, Rollup, webpack or esbuild: this package's, in its config
${emitExample({ name: "", emits: "paths" })}
# where it doesn't read paths of a tsconfig: relative imports of these files`;

/**
 * What you add to a tool's config if we can't: the import, and its use.
 *
 * @param prefersEsm used if the config's text doesn't show what it is
 */
export function pluginExample(tool: FoundTool, prefersEsm: boolean): string {
  const { entry, style, text } = tool;
  if (entry === undefined) return emitExample(tool);
  if (style === "bun") return BUN;
  if (style === "modules") return `modules: ["${entry}"]`;
  const isEsm = prefersEsm && !/\bmodule\.exports\b/.test(text);
  const local = style === "next" ? "{ withScope }" : "scope";
  const line = isEsm ? `import ${local} from "${entry}";` : `const ${local} = require("${entry}");`;
  return `${line}\n${use(style, isEsm)}`;
}

/** A config with nothing but the plugin, for a tool that has none; undefined if that won't work. */
export function newConfig({ entry, style, creates }: FoundTool): string | undefined {
  if (creates === undefined || entry === undefined) return undefined;
  const imports = [`import { ${creates.call} } from "${creates.from}";`, `import scope from "${entry}";`];
  return `${imports.join("\n")}\n\nexport default ${creates.call}({\n  ${use(style, true)},\n});\n`;
}

const BUN = `bunfig.toml: preload = ["./scope.preload.ts"]   # under [test] too, for bun test
scope.preload.ts: import scope from "unplugin-scope/bun"; await Bun.plugin(scope());
where you build: await Bun.build({ plugins: [scope()] })`;

function use(style: PluginStyle, isEsm: boolean): string {
  if (style === "next") {
    return isEsm ? "export default withScope(nextConfig);" : "module.exports = withScope(nextConfig);";
  }
  if (style === "rollup:options") return rollupHook("scope", '"');
  if (style === "electron") return "plugins: [scope()]   // in each of main, preload and renderer";
  if (style === "use.ctViteConfig.plugins") {
    const list = listUnder(pluginKeys(style), "scope(), react()");
    return `${list}   // with the plugin of your framework, which Playwright leaves out where there is a list`;
  }
  return listUnder(pluginKeys(style), "scope()");
}

/** A list with one element, as a member of an object: `a: { b: [element] }`. */
export function listUnder([first, ...rest]: readonly string[], element: string): string {
  return `${first}: ${rest.reduceRight((inner, key) => `{ ${key}: ${inner} }`, `[${element}]`)}`;
}

/**
 * What unbuild's config needs: the plugin in the hook where Rollup gets its own, and permission to bundle what no
 * package.json names.
 */
export function rollupHook(name: string, quote: string): string {
  const body = `options.plugins = [${name}(), options.plugins]`;
  const hook = `hooks: { ${quote}rollup:options${quote}: (_, options) => void (${body}) }`;
  return `rollup: { inlineDependencies: [/^scope:/] }, ${hook}`;
}
