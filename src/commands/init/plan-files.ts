import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { Node } from "ts-morph";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { readTextIfThere } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { isOneFile, someTypesFile } from "../../project/types/types-place.ts";
import { edited, eolOf, insertFirst, insertLast } from "../project-files/edit-text.ts";
import { isIgnored } from "../project-files/git-ignore.ts";
import { workspaceFolder } from "../project-files/packages.ts";
import { jsonObject, valueUnder } from "../project-files/script.ts";
import type { ProjectTools } from "../project-files/tools.ts";
import { inclusions } from "../project-files/tsconfig.ts";
import type { Mode, Part } from "./plan.ts";

/** Both of Nuxt's own tsconfigs, for the application and for its server, see this folder. */
const NUXT_TYPES = "shared/scope-types";

/** Where the types go. An existing config says so; a new one names the path if the default won't do. */
export function chosenTypes(
  { root, dts, configFile }: ResolvedOptions,
  all: readonly ProjectTools[],
): string | false {
  return configFile === undefined && all.some(usesNuxt) ? join(root, NUXT_TYPES) : dts;
}

function usesNuxt({ tools }: ProjectTools): boolean {
  return tools.some(({ name }) => name === "Nuxt");
}

export function planConfig(
  { root, dts: byDefault, configFile }: ResolvedOptions,
  dts: string | false,
  all: readonly ProjectTools[],
  mode: Mode,
): Part {
  if (configFile !== undefined) return {};
  const name = all.some(({ usesTypeScript }) => usesTypeScript) ? "scope.config.ts" : "scope.config.mjs";
  // Fresh mode's fetch policy is the default, so it's left out: if written down, it would apply in test runs too.
  const lines = [
    ...(mode === "reviewed" ? ['  fetch: "never",\n'] : []),
    ...(dts === byDefault ? [] : [`  dts: "${NUXT_TYPES}",\n`]),
  ];
  const after = scopeConfig.replace("\n});", `\n${lines.join("")}});`);
  return { change: { file: join(root, name), why: "the config", before: undefined, after } };
}

/**
 * Adds the types to what a package's tsconfig includes, or to each tsconfig that it references and that sees an import.
 *
 * @param users absolute paths of the files with imports
 */
export async function planTsconfig(
  { root, dts }: ResolvedOptions,
  folder: string,
  tools: ProjectTools,
  users: readonly string[],
): Promise<readonly Part[]> {
  const file = join(folder, "tsconfig.json");
  // The module adds them to the tsconfigs that Nuxt generates.
  if (dts === false || !existsSync(file) || usesNuxt(tools)) return [];
  const found = (await inclusions(file, someTypesFile(dts), users)).filter(({ isIncluded }) => !isIncluded);
  return Promise.all(found.map(({ config, why }) => include(config, why === undefined, dts, root)));
}

async function include(config: string, isReadable: boolean, dts: string, root: string): Promise<Part> {
  const way = relative(workspaceFolder(root), config);
  // What a tsconfig references may belong to another project.
  const isOwn = !way.startsWith("..") && !isAbsolute(way);
  const before = isReadable && isOwn ? await readTextIfThere(config) : undefined;
  const path = relative(dirname(config), dts).replaceAll("\\", "/");
  const after = before === undefined ? undefined : includeFile(before, path);
  if (after !== undefined)
    return { change: { file: config, why: "the types, for the compiler and the editor", before, after } };
  const name = relative(root, config).replaceAll("\\", "/");
  return { manual: { what: `Make sure that ${name} includes the types`, code: `"include": ["${path}", …]` } };
}

/**
 * Adds a file or a folder to what a tsconfig includes, and keeps its comments. Undefined if the tsconfig inherits its
 * rules: its own rule would replace all of these.
 */
function includeFile(text: string, path: string): string | undefined {
  const root = jsonObject(text);
  const [include, files] = [valueUnder(root, "include"), valueUnder(root, "files")];
  if (Node.isArrayLiteralExpression(include))
    return edited(text, [insertLast(include, JSON.stringify(path))]);
  // A list of files can't have a folder, nor a file that isn't there yet.
  if (root === undefined || include !== undefined || files === undefined) return undefined;
  return edited(text, [insertFirst(root, `"include": [${JSON.stringify(path)}]`)]);
}

const ENV_FILES = [".env.local", ".env.*.local"];
const COVERS = new Set([".env.local", ".env*.local", ".env.*", ".env*", "*.local"]);

/** What git must ignore, and what a review doesn't need to show. */
export async function planGitFiles(options: ResolvedOptions): Promise<readonly Part[]> {
  const { root } = options;
  const ignored = await isIgnored(join(root, ".env.local"));
  return [await gitIgnore(root, ignored), await gitAttributes(options, ignored)];
}

async function gitIgnore(root: string, ignored: boolean | undefined): Promise<Part> {
  const file = join(root, ".gitignore");
  const before = await readTextIfThere(file);
  // If there's no repository, an ignore file shows that there will be one.
  if (ignored === true || (ignored === undefined && before === undefined)) return {};
  const isCovered =
    before?.split(/\r?\n/).some((line) => COVERS.has(line.trim().replace(/^\//, ""))) === true;
  if (ignored === undefined && isCovered) return {};
  const after = addLines(before, "Credentials", ENV_FILES);
  return { change: { file, why: "files with credentials, which nobody should commit", before, after } };
}

/** The snapshot is what a review is for: only the types are collapsed. */
async function gitAttributes(
  { root, dts, snapshotDir }: ResolvedOptions,
  ignored: boolean | undefined,
): Promise<Part> {
  const file = join(root, ".gitattributes");
  const before = await readTextIfThere(file);
  if (ignored === undefined && before === undefined) return {};
  const path = (target: string) => `/${relative(root, target).replaceAll("\\", "/")}`;
  const types = dts === false ? [] : [isOneFile(dts) ? path(dts) : `${path(dts)}/*.d.ts`];
  const after = addLines(before, "Generated by scope-gen", [
    ...types.map((one) => `${one} linguist-generated text eol=lf`),
    `${path(snapshotDir)}/** text eol=lf`,
  ]);
  const why = "line endings of generated files, and types, which a review can collapse";
  return { change: { file, why, before, after } };
}

/** Adds lines to an ignore file, under a heading. Returns the text unchanged when all of them are there. */
function addLines(text = "", heading: string, lines: readonly string[]): string {
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const added = lines.filter((line) => !present.has(line));
  return added.length === 0 ? text : append(text, [`# ${heading}`, ...added]);
}

/** Adds lines after an empty one, with the line endings of the text. */
function append(text: string, lines: readonly string[]): string {
  const eol = eolOf(text);
  const gap = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
  return `${text}${gap}${lines.join(eol)}${eol}`;
}

/** The page for coding agents, in the installed package. */
const SKILL = "node_modules/unplugin-scope/skills/unplugin-scope/SKILL.md";

const PARAGRAPH = [
  "## Prompts",
  "",
  `Prompts are imported as \`scope:<name>\` and fetched with \`scope-gen\`. Before you add, change or roll back one, read`,
  `\`${SKILL}\`.`,
  "Don't edit the snapshot or the generated types by hand, and never print credentials.",
];

/** A paragraph for coding agents at the end of the project's `AGENTS.md`, or of the repository's. Creates no such file. */
export async function planAgents({ root }: ResolvedOptions): Promise<Part> {
  for (const folder of new Set([root, workspaceFolder(root)])) {
    const file = join(folder, "AGENTS.md");
    const before = await readTextIfThere(file);
    if (before === undefined) continue;
    // A file that already mentions it doesn't need our words.
    if (before.includes("unplugin-scope")) return {};
    const why = "where coding agents read how prompts work here";
    return { change: { file, why, before, after: append(before, PARAGRAPH) } };
  }
  return {};
}
