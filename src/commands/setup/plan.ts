import { existsSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { Node, SyntaxKind } from "ts-morph";
import { toPosix } from "../../errors/printable.ts";
import { readIfThere } from "../../files/read-file.ts";
import { ignoredBy } from "../../files/run-git.ts";
import { searchedFolders } from "../../project/config/config-files.ts";
import {
  installCommand,
  manifestAt,
  packagesOf,
  workspaceFolder,
} from "../../project/config/package-manager.ts";
import { inclusions } from "../../project/config/tsconfig.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { changedPlace, type FileChange } from "../../project/edit/change.ts";
import {
  bareExpression,
  configExport,
  edited,
  eolOf,
  importEdit,
  insertFirst,
  jsonObject,
  newConfig,
  parseScript,
  valueUnder,
} from "../../project/edit/edit-script.ts";
import { setupProblems } from "../../project/setup-problems.ts";
import { type ProjectPackage, packageFolders, readableImports, readPackage } from "./packages.ts";
import { WITHOUT_BUNDLER } from "./tools.ts";

/** How a project gets new versions: by a pull and a review, or whatever the label points at when a build runs. */
export type Mode = "reviewed" | "fresh";

/** A change that `init` can make, or what's left for you. */
type Step = FileChange | { readonly what: string; readonly code: string };

/** Reads a project and says what has to be added. Writes nothing. Throws as {@link changedPlace}. */
export async function planSetup(loaded: ResolvedOptions, cwd: string, mode: Mode) {
  const { root, configFile, connection } = loaded;
  const { uses, isEmitted } = await readableImports(loaded);
  const packages = packageFolders(root, cwd, uses).map(readPackage);
  const usesTypeScript = packages.some((one) => one.usesTypeScript);
  const steps: Step[] = [];
  let options = loaded;
  const needsPlugin = !isEmitted && packages.some(({ isBuilt }) => isBuilt);
  const isAlone = packages.every((one) => one.folder === workspaceFolder(root) && !one.isWorkspace);
  // A plugin has drafts in development, a mode isn't the default, and packages look for the folder that they share.
  const isBare = configFile === undefined && !needsPlugin && mode === "fresh" && isAlone;
  // An existing config says where the types go.
  if (configFile === undefined && !isBare) {
    // Fresh mode's fetch policy is the default, so it's left out: if written down, it would apply in test runs too.
    const settings: Record<string, string> = mode === "reviewed" ? { fetch: "never" } : {};
    if (packages.some(usesNuxt)) {
      options = { ...loaded, dts: join(root, NUXT_TYPES) };
      settings.dts = NUXT_TYPES;
    }
    const { file, text: after } = newConfig(root, usesTypeScript, settings);
    steps.push({ file, why: "the config", before: undefined, after });
  }
  const folders = packages.map(({ folder }) => folder);
  steps.push(
    ...(isEmitted ? [] : packages.flatMap(planTools)),
    ...planTsconfig(options, packages, uses),
    ...(await planGitFiles(options)),
    ...planAgents(root),
  );
  for await (const { message, fix } of setupProblems(options, uses, cwd, folders))
    steps.push({ what: message.replace(/\.$/, ""), code: fix ?? "" });
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
  for (const { file } of changes) await changedPlace(file, root);
  const names = new Set(packages.flatMap(({ tools }) => tools.map(({ name }) => name)));
  const found = [
    [
      ...(names.size === 0 ? ["no bundler's config"] : names),
      ...(usesTypeScript ? ["TypeScript"] : []),
      ...new Set(packages.map(({ packageManager }) => packageManager)),
    ].join(", "),
    isEmitted && "emit was found and is enough: no plugin is needed",
    isBare &&
      "No config is needed while the code imports prompts by name: every option has a default (unplugin-scope/docs/config.md)",
  ];
  return { changes, manual: steps.filter((one) => "what" in one), found: found.filter(Boolean).join(". ") };
}

/** Both of Nuxt's own tsconfigs, for the application and for its server, see this folder. */
const NUXT_TYPES = "shared/scope-types";

function usesNuxt({ tools }: ProjectPackage): boolean {
  return tools.some(({ name }) => name === "Nuxt");
}

/** The plugin in the config of each tool that `init` edits, and the lines for the others. */
function planTools({ folder, isWorkspace, usesTypeScript, tools, isBuilt }: ProjectPackage): readonly Step[] {
  const steps = tools.flatMap((tool): Step[] => {
    const { name, entry, edit, file, text, lines, page, creates, config } = tool;
    if (/unplugin-scope|scope-types/.test(text)) return [];
    const why = `the plugin for ${name}`;
    const after = edit && entry && addPlugin(text, entry);
    if (file && after) return [{ file, why, before: text, after }];
    // A config made from Vite's has its plugins.
    if (/["'](?:\.\/)?vite\.config/.test(text) && tools.some((one) => one.name === "Vite")) return [];
    // The packages of a workspace have configs of their own.
    if (file === undefined && !isWorkspace && creates !== undefined) {
      const created = join(folder, `${config}.${usesTypeScript ? "ts" : "mjs"}`);
      const head = `import { defineConfig } from "${creates}";\nimport scope from "${entry}";\n`;
      const after = `${head}\nexport default defineConfig({\n  plugins: [scope()],\n});\n`;
      return [{ file: created, why, before: undefined, after }];
    }
    const place = file === undefined ? "" : ` to ${basename(file)}`;
    const what = entry === undefined ? `Make the prompts known to ${name}` : `Add ${why}${place}`;
    return [{ what: `${what} (unplugin-scope/${page})`, code: lines }];
  });
  return isBuilt
    ? steps
    : [
        ...steps,
        { what: "No config of a bundler was found. Do what fits your project", code: WITHOUT_BUNDLER },
      ];
}

/** The text of a config that exports an object, or a call around one, with the plugin first in its `plugins: [`. */
export function addPlugin(text: string, entry: string): string | undefined {
  const file = text.includes("unplugin-scope") ? undefined : parseScript(text);
  const { isEsm, node } = (file && configExport(file)) ?? {};
  const value = bareExpression(node);
  const object = Node.isCallExpression(value) ? bareExpression(value.getArguments()[0]) : value;
  const list = valueUnder(object, "plugins");
  if (file === undefined || !Node.isObjectLiteralExpression(object) || !Node.isArrayLiteralExpression(list))
    return undefined;
  const isTaken = file.getDescendantsOfKind(SyntaxKind.Identifier).some((one) => one.getText() === "scope");
  // Vitest's projects don't inherit plugins: the lines to add say so.
  const hasProjects = /\bprojects\s*:/.test(text);
  // A spread may replace the list.
  if (isTaken || hasProjects || object.getProperties().some(Node.isSpreadAssignment)) return undefined;
  return edited(text, [insertFirst(list, "scope()"), importEdit(file, entry, "scope", isEsm)]);
}

/** Adds the types to what the tsconfigs include that have to see them. */
function planTsconfig(
  options: ResolvedOptions,
  packages: readonly ProjectPackage[],
  uses: readonly ScopeUse[],
): readonly Step[] {
  const { root } = options;
  // The module adds them to the tsconfigs that Nuxt generates.
  const folders = packages.filter((one) => !usesNuxt(one)).map(({ folder }) => folder);
  const users = uses.map(({ file }) => file);
  const found = inclusions(folders, options, users).filter((one) => !one.isIncluded && !one.excludedBy);
  return found.map(({ config, path, why }) => {
    const way = relative(workspaceFolder(root), config);
    // What a tsconfig references may belong to another project.
    const isOwn = !way.startsWith("..") && !isAbsolute(way);
    const before = why === undefined && isOwn ? readIfThere(config)?.toString() : undefined;
    const include = before && valueUnder(jsonObject(before), "include");
    // If the tsconfig inherits what it includes, its own rule would replace all of that.
    const after =
      before && include && Node.isArrayLiteralExpression(include)
        ? edited(before, [insertFirst(include, JSON.stringify(path))])
        : undefined;
    if (after) return { file: config, why: "the types, for the compiler and the editor", before, after };
    const name = toPosix(relative(root, config));
    return { what: `Make sure that ${name} includes the types`, code: `"include": ["${path}", …]` };
  });
}

/** A line of an ignore file that covers `.env.local`. */
const COVERING = /^[ \t]*\/?(?:\.env\.local|\.env\*\.local|\.env\.\*|\.env\*|\*\.local)[ \t\r]*$/m;

/** What git must ignore, and what a review doesn't need to show: of what is generated, only the types are collapsed. */
async function planGitFiles({ root, dts, snapshotDir }: ResolvedOptions): Promise<readonly FileChange[]> {
  const credentials = join(root, ".env.local");
  const ignored = await ignoredBy(credentials, root);
  const path = (target: string) => `/${toPosix(relative(root, target))}`;
  const types = dts === false ? [] : [`${path(dts)}/*.d.ts`];
  const changes: FileChange[] = [];
  const add = (file: string, why: string, wanted: readonly string[]) => {
    const before = readIfThere(file)?.toString();
    const lines = before?.split(/\r?\n/).map((line) => line.trim()) ?? [];
    const missing = wanted.filter((line) => !lines.includes(line));
    if (missing.some((line) => !line.startsWith("#")))
      changes.push({ file, why, before, after: append(before, missing) });
  };
  // If there's no repository, an ignore file shows that there will be one.
  const ignoreFile = join(root, ".gitignore");
  const lines = readIfThere(ignoreFile)?.toString();
  const isOpen = ignored === undefined ? lines !== undefined && !COVERING.test(lines) : !ignored;
  const wanted = isOpen ? ["# Credentials", ".env.local", ".env.*.local"] : [];
  add(ignoreFile, "credentials, which nobody should commit", wanted);
  const attributesFile = join(root, ".gitattributes");
  if (ignored === undefined && !existsSync(attributesFile)) return changes;
  const why = "line endings of generated files, and types, which a review can collapse";
  add(attributesFile, why, [
    "# Generated by scope-gen",
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

const PARAGRAPH = [
  "## Prompts",
  "",
  "Prompts are imported as `scope:<name>` and fetched with `scope-gen`. Before you add, change or roll back one, read",
  "`node_modules/unplugin-scope/skills/unplugin-scope/SKILL.md`.",
  "Don't edit the snapshot or the generated types by hand, and never print credentials.",
];

/** A paragraph for coding agents at the end of the project's `AGENTS.md`, or of the repository's. Creates no such file. */
function planAgents(root: string): readonly FileChange[] {
  const file = [root, workspaceFolder(root)].map((folder) => join(folder, "AGENTS.md")).find(existsSync);
  const before = file && readIfThere(file)?.toString();
  // A file that already mentions it doesn't need our words.
  if (file === undefined || before === undefined || before.includes("unplugin-scope")) return [];
  const why = "where coding agents read how prompts work here";
  return [{ file, why, before, after: append(before, PARAGRAPH) }];
}
