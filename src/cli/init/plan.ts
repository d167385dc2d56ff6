import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { makeTypes } from "../../build/types-file.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { findUses } from "../../discovery/find-uses.ts";
import { readTextIfThere } from "../../snapshot/write-file.ts";
import {
  detectTools,
  type FoundTool,
  installCommand,
  type ProjectTools,
} from "../project-files/detect-tools.ts";
import { isIgnored } from "../project-files/git-ignore.ts";
import { includes } from "../project-files/tsconfig.ts";
import type { Change, ManualStep } from "./change.ts";
import { addPlugin } from "./edit-config.ts";
import { addLines } from "./edit-ignore.ts";
import { registerInScripts } from "./edit-scripts.ts";
import { includeFile } from "./edit-tsconfig.ts";
import { pluginExample } from "./plugin-example.ts";

/** What a project lacks. */
export interface Plan {
  /** In the order in which they are proposed. */
  readonly changes: readonly Change[];
  readonly manual: readonly ManualStep[];
  /** What was found, for the first line. */
  readonly found: string;
}

/** Looks at a project and says what has to be added so that prompts work in it. Writes nothing. */
export async function planSetup(options: ResolvedOptions): Promise<Plan> {
  const tools = await detectTools(options.root);
  const parts = [
    configFile(options, tools),
    ...tools.tools.map((tool) => plugin(tool, tools)),
    tools.tools.length === 0 ? nodeScripts(options, tools) : {},
    await tsconfig(options),
    await types(options),
    await gitIgnore(options),
    await formatters(options, tools),
    install(tools),
    credentials(options),
  ];
  return {
    changes: parts.flatMap(({ change }) =>
      change === undefined || change.before === change.after ? [] : [change],
    ),
    manual: parts.flatMap(({ manual }) => manual ?? []),
    found: foundText(tools),
  };
}

interface Part {
  readonly change?: Change;
  readonly manual?: ManualStep;
}

function foundText({ tools, usesTypeScript, packageManager }: ProjectTools): string {
  const names = tools.length === 0 ? ["plain Node"] : tools.map(({ name }) => name);
  return [...names, ...(usesTypeScript ? ["TypeScript"] : []), packageManager].join(", ");
}

function configFile({ root, configFile: present }: ResolvedOptions, { usesTypeScript }: ProjectTools): Part {
  if (present !== undefined) return {};
  const name = usesTypeScript ? "scope.config.ts" : "scope.config.mjs";
  return { change: { file: join(root, name), why: "the config", before: undefined, after: scopeConfig } };
}

function plugin(tool: FoundTool, { isEsm, usesTypeScript }: ProjectTools): Part {
  if (tool.hasPlugin || tool.follows !== undefined) return {};
  const why = `the plugin for ${tool.name}`;
  if (tool.file === undefined)
    return { manual: { what: `Add ${why}`, code: pluginExample(tool, isEsm || usesTypeScript) } };
  if (tool.doubt !== undefined) {
    const what = `See that ${basename(tool.file)} has ${why}. ${tool.doubt} If it is not there, add it`;
    return { manual: { what, code: pluginExample(tool, true) } };
  }
  const after = addPlugin(tool);
  if (after !== undefined) return { change: { file: tool.file, why, before: tool.text, after } };
  return {
    manual: { what: `Add ${why} to ${basename(tool.file)} by hand`, code: pluginExample(tool, true) },
  };
}

function nodeScripts({ root }: ResolvedOptions, { packageJson }: ProjectTools): Part {
  if (packageJson === undefined || packageJson.includes("unplugin-scope/register")) return {};
  const after = registerInScripts(packageJson);
  if (after === packageJson) {
    return {
      manual: {
        what: "Without a bundler, start Node with",
        code: "node --import unplugin-scope/register app.js",
      },
    };
  }
  const why = "Node's scripts, so that scope: imports work in them";
  return { change: { file: join(root, "package.json"), why, before: packageJson, after } };
}

async function tsconfig({ root, dts }: ResolvedOptions): Promise<Part> {
  const file = join(root, "tsconfig.json");
  if (dts === false || !existsSync(file)) return {};
  const found = await includes(file, dts);
  if (found.by !== undefined) return {};
  const path = relative(root, dts).replaceAll("\\", "/");
  const config = found.config ?? file;
  const before = await readTextIfThere(config);
  const after =
    found.config === undefined || before === undefined ? undefined : includeFile(before, config, dts);
  if (before === undefined || after === undefined) {
    const name = relative(root, config).replaceAll("\\", "/");
    return { manual: { what: `See that ${name} includes the types`, code: `"include": ["${path}", …]` } };
  }
  return { change: { file: config, why: "the types, for the compiler and the editor", before, after } };
}

/** An empty types file, so that the tsconfig names no file that is not there; a pull fills it. */
async function types(options: ResolvedOptions): Promise<Part> {
  if (options.dts === false || existsSync(options.dts)) return {};
  const { uses } = await findUses(options);
  const made = await makeTypes(
    options,
    uses.map(({ specifier }) => specifier),
  );
  if (made === undefined) return {};
  return { change: { file: made.file, why: "the types", before: undefined, after: made.code } };
}

const ENV_FILES = [".env.local", ".env.*.local"];

async function gitIgnore({ root }: ResolvedOptions): Promise<Part> {
  const ignored = await isIgnored(join(root, ".env.local"));
  const file = join(root, ".gitignore");
  const before = await readTextIfThere(file);
  // Where there is no repository, an ignore file shows that there will be one.
  if (ignored === true || (ignored === undefined && before === undefined)) return {};
  const isCovered =
    before?.split(/\r?\n/).some((line) => COVERS.has(line.trim().replace(/^\//, ""))) === true;
  if (ignored === undefined && isCovered) return {};
  const after = addLines(before, "Credentials", ENV_FILES);
  return { change: { file, why: "files with credentials, which nobody should commit", before, after } };
}

const COVERS = new Set([".env.local", ".env*.local", ".env.*", ".env*", "*.local"]);

async function formatters(options: ResolvedOptions, { packages }: ProjectTools): Promise<Part> {
  const { root, dts, snapshotDir } = options;
  const path = (file: string) => relative(root, file).replaceAll("\\", "/");
  const generated = [`${path(snapshotDir)}/`, ".scope/", ...(dts === false ? [] : [path(dts)])];
  // A slash in front keeps a pattern from meaning folders of that name elsewhere.
  const anchored = generated.map((one) => `/${one}`);
  if (packages.has("prettier")) {
    const file = join(root, ".prettierignore");
    const before = await readTextIfThere(file);
    const after = addLines(before, "Generated by scope-gen", anchored);
    return { change: { file, why: "generated files, which Prettier leaves alone then", before, after } };
  }
  const biome = ["biome.json", "biome.jsonc"]
    .map((name) => join(root, name))
    .find((file) => existsSync(file));
  const text = biome === undefined ? undefined : await readTextIfThere(biome);
  if (
    biome === undefined ||
    text === undefined ||
    generated.every((one) => text.includes(one.replace(/\/$/, "")))
  )
    return {};
  const patterns = generated.map((one) => `"!${one.endsWith("/") ? `**/${one.slice(0, -1)}` : one}"`);
  return {
    manual: {
      what: `Leave generated files out in ${basename(biome)}`,
      code: `"files": { "includes": ["**", ${patterns.join(", ")}] }`,
    },
  };
}

function install({ packages, packageManager, packageJson }: ProjectTools): Part {
  if (packages.has("unplugin-scope") || packageJson?.includes('"name": "unplugin-scope"')) return {};
  return { manual: { what: "Install the package", code: installCommand(packageManager) } };
}

function credentials({ connection }: ResolvedOptions): Part {
  if (connection.credentials !== undefined) return {};
  return {
    manual: {
      what: "Set the credentials, for example in .env.local",
      code: "SCOPE_ORG_ID=…\nSCOPE_API_KEY=…\nSCOPE_API_SECRET=…",
    },
  };
}
