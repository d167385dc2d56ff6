import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { Node } from "ts-morph";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { isScopeError } from "../../errors/scope-error.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { searchedFolders } from "../../project/config/config-files.ts";
import { installCommand, manifestAt, packagesOf } from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { readRuns } from "../../project/runs.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { findStaleTypes } from "../../project/types/types-file.ts";
import { isOneFile, someTypesFile } from "../../project/types/types-place.ts";
import {
  addPlugin,
  edited,
  eolOf,
  insertFirst,
  insertLast,
  jsonObject,
  newConfig,
  valueUnder,
} from "../project-files/edit-config.ts";
import {
  type FoundTool,
  findPackages,
  isIgnored,
  type ProjectPackage,
  readableImports,
  workspaceFolder,
} from "../project-files/packages.ts";
import { EMIT, UNKNOWN_LINES } from "../project-files/tools.ts";
import { inclusions } from "../project-files/tsconfig.ts";
import type { SelectedImport } from "../select-imports.ts";
import { type FileChange, placeOf } from "./change.ts";

/** How a project gets new versions: by a pull and a review, or whatever the label points at when a build runs. */
export type Mode = "reviewed" | "fresh";

/** Something that only a person can do reliably. */
interface ManualStep {
  readonly what: string;
  /** What to add or run, ready to copy. */
  readonly code: string;
}

/**
 * Reads a project and says what has to be added so that prompts work in it. Writes nothing.
 *
 * @param mode for a new config
 * @returns the changes in the order in which they're proposed; `found` for the first line; what the code imports
 * @throws ConfigurationError as {@link placeOf}, for any of the files to change
 */
export async function planSetup(loaded: ResolvedOptions, cwd: string, mode: Mode) {
  const { root, configFile, connection } = loaded;
  const { imports, users } = await readableImports(loaded);
  const packages = await findPackages(root, cwd, users);
  const ran = new Set((await readRuns(root)).map(({ tool }) => tool));
  // An existing config says where the types go.
  const isNew = configFile === undefined;
  const options = isNew && packages.some(usesNuxt) ? { ...loaded, dts: join(root, NUXT_TYPES) } : loaded;
  const steps: (FileChange | ManualStep)[] = [
    ...(isNew ? [newScopeConfig(options, options === loaded, packages, mode)] : []),
    ...packages.flatMap((one) => planTools(one, ran)),
    ...(await Promise.all(packages.map((one) => planTsconfig(options, one, users)))).flat(),
    ...(await planGitFiles(options)),
    ...(await planAgents(root)),
  ];
  // A package of a workspace finds what the root has installed.
  const isInstalled = (folder: string) => packagesOf(manifestAt(folder)).has("unplugin-scope");
  const [first] = packages;
  if (first !== undefined && !searchedFolders(root).some(isInstalled))
    steps.push({
      what: "Install the package",
      code: installCommand(first.packageManager, first.isWorkspace),
    });
  if (connection.credentials === undefined)
    steps.push({
      what: "Set the platform's address and the credentials, for example in .env.local",
      code: "SCOPE_API_URL=https://your-scope-url\nSCOPE_ORG_ID=…\nSCOPE_API_KEY=…\nSCOPE_API_SECRET=…",
    });
  const changes = steps.filter((one) => "file" in one);
  for (const { file } of changes) await placeOf(file, root);
  const names = new Set(packages.flatMap(({ tools }) => tools.map(({ name }) => name)));
  const found = [
    ...(names.size === 0 ? ["plain Node"] : names),
    ...(packages.some(({ usesTypeScript }) => usesTypeScript) ? ["TypeScript"] : []),
    ...new Set(packages.map(({ packageManager }) => packageManager)),
  ].join(", ");
  return { changes, manual: steps.filter((one) => "what" in one), found, imports };
}

/** What comes after `init`: a pull, the types of what has been pulled, or nothing if all of that exists. */
export async function nextCommand(
  options: ResolvedOptions,
  imports: readonly SelectedImport[],
): Promise<string | undefined> {
  try {
    const committed = await Promise.all(
      imports.map(({ request: { ref } }) => loadIfSound(options.snapshotDir, ref)),
    );
    if (imports.length === 0 || committed.includes(undefined)) return "scope-gen pull";
    const specifiers = imports.map(({ specifier }) => specifier);
    return (await findStaleTypes(options, specifiers)) && "scope-gen types";
  } catch (error) {
    // The command itself says what it does.
    if (isScopeError(error)) return "scope-gen pull";
    throw error;
  }
}

/** Both of Nuxt's own tsconfigs, for the application and for its server, see this folder. */
const NUXT_TYPES = "shared/scope-types";

function usesNuxt({ tools }: ProjectPackage): boolean {
  return tools.some(({ name }) => name === "Nuxt");
}

function newScopeConfig(
  { root }: ResolvedOptions,
  hasDefaultTypes: boolean,
  packages: readonly ProjectPackage[],
  mode: Mode,
): FileChange {
  const name = packages.some(({ usesTypeScript }) => usesTypeScript) ? "scope.config.ts" : "scope.config.mjs";
  // Fresh mode's fetch policy is the default, so it's left out: if written down, it would apply in test runs too.
  const policy = mode === "reviewed" ? '  fetch: "never",\n' : "";
  const types = hasDefaultTypes ? "" : `  dts: "${NUXT_TYPES}",\n`;
  const after = scopeConfig.replace("\n});", `\n${policy}${types}});`);
  return { file: join(root, name), why: "the config", before: undefined, after };
}

/**
 * The plugin in the config of each tool that `init` edits, and the lines for the others.
 *
 * @param ran the tools that have run with the plugin: they need nothing more
 */
function planTools(project: ProjectPackage, ran: ReadonlySet<string>): readonly (FileChange | ManualStep)[] {
  const { tools } = project;
  const hasRun = ({ entry, edit, lines }: FoundTool) =>
    edit === undefined &&
    (entry === undefined ? lines.startsWith(EMIT) && ran.has("emit") : ran.has(basename(entry)));
  // Storybook takes the plugin from Vite's config.
  const isAnothers = (tool: FoundTool) =>
    tool.file !== undefined && tools.find(({ file }) => file === tool.file) !== tool;
  const missing = tools.filter(
    (tool) => !/unplugin-scope|scope-types/.test(tool.text) && !hasRun(tool) && !isAnothers(tool),
  );
  const isUnknown = tools.every(({ buildsNothing }) => buildsNothing) && ran.size === 0;
  const what = "No bundler was found. Do what fits your project";
  return [
    ...missing.flatMap((tool) => planTool(tool, project)),
    ...(isUnknown ? [{ what, code: UNKNOWN_LINES }] : []),
  ];
}

function planTool(
  tool: FoundTool,
  { folder, isWorkspace, usesTypeScript, tools }: ProjectPackage,
): readonly (FileChange | ManualStep)[] {
  const { name, entry, file, text, lines, page } = tool;
  const why = `the plugin for ${name}`;
  const withPlugin = file && addPlugin(tool, text);
  if (file !== undefined && withPlugin) return [{ file, why, before: text, after: withPlugin }];
  // A config made from Vite's has its plugins.
  if (/["'](?:\.\/)?vite\.config/.test(text) && tools.some((one) => one.name === "Vite")) return [];
  // The packages of a workspace have configs of their own.
  const after = file === undefined && !isWorkspace ? newConfig(tool) : undefined;
  if (after !== undefined) {
    const created = join(folder, `${tool.configs[0]}.${usesTypeScript ? "ts" : "mjs"}`);
    return [{ file: created, why, before: undefined, after }];
  }
  const place = file === undefined ? "" : ` to ${basename(file)}`;
  const what = entry === undefined ? `Make the prompts known to ${name}` : `Add ${why}${place}`;
  return [{ what: `${what} (unplugin-scope/${page})`, code: lines }];
}

/**
 * Adds the types to what a package's tsconfig includes, or to each tsconfig that it references and that sees an import.
 *
 * @param users absolute paths of the files with imports
 */
async function planTsconfig(
  { root, dts }: ResolvedOptions,
  project: ProjectPackage,
  users: readonly string[],
): Promise<readonly (FileChange | ManualStep)[]> {
  const file = join(project.folder, "tsconfig.json");
  // The module adds them to the tsconfigs that Nuxt generates.
  if (dts === false || !existsSync(file) || usesNuxt(project)) return [];
  const found = (await inclusions(file, someTypesFile(dts), users)).filter(({ isIncluded }) => !isIncluded);
  return Promise.all(
    found.map(async ({ config, why }) => {
      const way = relative(workspaceFolder(root), config);
      // What a tsconfig references may belong to another project.
      const isOwn = !way.startsWith("..") && !isAbsolute(way);
      const before = why === undefined && isOwn ? await readTextIfThere(config) : undefined;
      const path = relative(dirname(config), dts).replaceAll("\\", "/");
      const after = before && includeFile(before, path);
      if (after) return { file: config, why: "the types, for the compiler and the editor", before, after };
      const name = relative(root, config).replaceAll("\\", "/");
      return { what: `Make sure that ${name} includes the types`, code: `"include": ["${path}", …]` };
    }),
  );
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

/** What git must ignore, and what a review doesn't need to show: of what is generated, only the types are collapsed. */
async function planGitFiles({ root, dts, snapshotDir }: ResolvedOptions): Promise<readonly FileChange[]> {
  const isCovered = await isIgnored(join(root, ".env.local"));
  const changes: FileChange[] = [];
  const add = (file: string, before: string | undefined, why: string, heading: string, lines: string[]) => {
    const present = new Set(before?.split(/\r?\n/).map((line) => line.trim()));
    const missing = lines.filter((line) => !present.has(line));
    if (missing.length > 0)
      changes.push({ file, why, before, after: append(before, [`# ${heading}`, ...missing]) });
  };
  // If there's no repository, an ignore file shows that there will be one.
  const ignoreFile = join(root, ".gitignore");
  const ignored = await readTextIfThere(ignoreFile);
  const isListed = ignored?.split(/\r?\n/).some((line) => COVERS.has(line.trim().replace(/^\//, "")));
  if (isCovered === false || (isCovered === undefined && isListed === false))
    add(ignoreFile, ignored, "files with credentials, which nobody should commit", "Credentials", ENV_FILES);
  const attributesFile = join(root, ".gitattributes");
  const attributes = await readTextIfThere(attributesFile);
  if (isCovered === undefined && attributes === undefined) return changes;
  const path = (target: string) => `/${relative(root, target).replaceAll("\\", "/")}`;
  const types = dts === false ? [] : [isOneFile(dts) ? path(dts) : `${path(dts)}/*.d.ts`];
  const why = "line endings of generated files, and types, which a review can collapse";
  add(attributesFile, attributes, why, "Generated by scope-gen", [
    ...types.map((one) => `${one} linguist-generated text eol=lf`),
    `${path(snapshotDir)}/** text eol=lf`,
  ]);
  return changes;
}

/** Adds lines after an empty one, with the line endings of the text. */
function append(text = "", lines: readonly string[]): string {
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
async function planAgents(root: string): Promise<readonly FileChange[]> {
  for (const folder of new Set([root, workspaceFolder(root)])) {
    const file = join(folder, "AGENTS.md");
    const before = await readTextIfThere(file);
    if (before === undefined) continue;
    // A file that already mentions it doesn't need our words.
    if (before.includes("unplugin-scope")) return [];
    const why = "where coding agents read how prompts work here";
    return [{ file, why, before, after: append(before, PARAGRAPH) }];
  }
  return [];
}
