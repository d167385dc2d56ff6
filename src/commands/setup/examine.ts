import { basename, join, relative, sep } from "node:path";
import manifestText from "../../../package.json?raw";
import { VERSION } from "../../client/http/user-agent.ts";
import { processEnv } from "../../environment.ts";
import { flatten, shortPath } from "../../errors/format-error.ts";
import { printableLine, toPosix } from "../../errors/printable.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { searchedFolders } from "../../project/config/config-files.ts";
import type { LoadOptionsInput } from "../../project/config/load-options.ts";
import {
  howToKeepInstalled,
  installCommand,
  installedVersion,
  manifestAt,
  packagesOf,
  refuseWorkspaceRoot,
  runnerOf,
} from "../../project/config/package-manager.ts";
import { inclusions } from "../../project/config/tsconfig.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { currentRuns, pluginConfigs } from "../../project/plugin-configs.ts";
import { openProject, type Project } from "../../project/project.ts";
import { type Finding, problem, setupProblems, warning } from "../../project/setup-problems.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { hasTaken, type ToolRun } from "../../project/tool-runs.ts";
import { refuseTwoPlaces } from "../../project/types/refuse-types.ts";
import { typesState } from "../../project/types/types-file.ts";
import { typesPlace } from "../../project/types/types-place.ts";
import { resolvePrompts } from "../../project/versions/resolve.ts";
import { byNameThenPin, distinctRefs, findImports } from "../../project/versions/select-imports.ts";
import { howToCommit } from "../../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refText } from "../../prompt.ts";
import { typesProblem } from "../report/report.ts";
import { examineCredentials, examinePlatform, ok, problemsOf } from "./examine-connection.ts";
import { findPackages, type ProjectPackage, readableImports } from "./packages.ts";

/** Examines everything that has to be right, and carries on when something isn't. Writes nothing. */
export async function examine(loading: LoadOptionsInput): Promise<readonly Finding[]> {
  const { cwd } = loading;
  const findings: Finding[] = [examineNode(process.versions.node)];
  /** If one thing can't be examined, that's its finding, and no reason to skip the others. */
  const add = async (check: string, found: Iterable<Finding> | AsyncIterable<Finding>, fix = LOOK) => {
    try {
      for await (const one of found) findings.push(one);
    } catch (error) {
      findings.push(...problemsOf(check, error, cwd, fix));
    }
  };
  await using project = await openProject(loading).catch((error: unknown) => {
    for (const one of flatten(error)) {
      const check = isScopeError(one, "credentials_missing") ? "credentials" : "config";
      findings.push(...problemsOf(check, one, cwd));
    }
    return undefined;
  });
  const root = project?.options.root ?? cwd;
  const { imports, uses } = project ? await readableImports(project.options) : { imports: [], uses: [] };
  const packages = await findPackages(root, cwd, uses).catch((error) => {
    findings.push(...problemsOf("project", error, cwd, LOOK));
    return [];
  });
  if (project !== undefined) await add("config", examineConfig(project.options, cwd));
  const [own = { folder: cwd, packageManager: "npm", isWorkspace: false } as const] = packages;
  await add("package", examineVersions(own));
  if (project === undefined) return findings;
  const { options } = project;
  const refs = distinctRefs(imports).map(({ request }) => request.ref);
  await add("credentials", examineCredentials(options, loading.env ?? processEnv()));
  await add("platform", examinePlatform(options, refs, cwd));
  await add("snapshot", examineSnapshot(project, cwd), "See: scope-gen check");
  // If a bundler's config can't be read, there's still this folder's tsconfig.
  const folders = packages.length > 0 ? packages.map(({ folder }) => folder) : [root];
  await add("tsconfig", examineTsconfig(options, folders, uses, cwd));
  await add("setup", setupProblems(options, uses, cwd, folders));
  await add("runs", examineRuns(root, uses, packages, cwd));
  return findings;
}

const LOOK = "Check that what it names is there and can be read.";

async function* examineConfig({ configFile, root }: ResolvedOptions, cwd: string): AsyncGenerator<Finding> {
  yield ok("config", configFile === undefined ? "none: the defaults apply" : shortPath(configFile, cwd));
  if (configFile === undefined) await refuseWorkspaceRoot(root);
}

/** What this package works with. package.json accepts any: otherwise npm would refuse to install because of an old one. */
export const SUPPORTED_VERSIONS: Readonly<Record<string, string>> = {
  "@farmfe/core": "^1.7.0",
  "@opentelemetry/api": "^1.9.0",
  "@rspack/core": "^1.0.0 || ^2.0.0",
  esbuild: ">=0.25.0",
  next: "^15.0.0 || ^16.0.0",
  nuxt: "^3.0.0 || ^4.0.0",
  rolldown: "^1.0.0",
  rollup: "^4.0.0",
  typescript: ">=5.6.0",
  vite: "^6.0.0 || ^7.0.0 || ^8.0.0",
  webpack: "^5.90.0",
};

export function examineNode(version: string): Finding {
  return inRange(version, JSON.parse(manifestText).engines.node)
    ? ok("Node", version)
    : problem("Node", `${version} isn't supported.`, "Use Node 20.19 or newer, or 22.12 or newer.");
}

function* examineVersions(project: Pick<ProjectPackage, "folder" | "packageManager" | "isWorkspace">) {
  const { folder, packageManager, isWorkspace } = project;
  const installed = installedVersion(folder, "unplugin-scope");
  if (installed === VERSION) yield ok("package", `unplugin-scope ${installed}`);
  else if (installed === undefined) {
    const fix = `Run: ${installCommand(packageManager, isWorkspace)}`;
    yield warning("package", "unplugin-scope isn't installed in this project.", fix);
  } else {
    const what = `The project has unplugin-scope ${installed}, and this scope-gen is ${VERSION}.`;
    yield problem("package", what, `Run the project's own: ${runnerOf(packageManager)} scope-gen doctor`);
  }
  const fix = howToKeepInstalled(folder);
  if (fix !== undefined && /unplugin-scope\/register/.test(Object(manifestAt(folder).scripts).start))
    yield warning("package", `The script "start" needs unplugin-scope.`, fix);
  const found: string[] = [];
  // What another package brings is its own matter: it may not load the plugin at all.
  const named = new Set(searchedFolders(folder).flatMap((one) => [...packagesOf(manifestAt(one))]));
  for (const [name, range] of Object.entries(SUPPORTED_VERSIONS)) {
    const version = named.has(name) ? installedVersion(folder, name) : undefined;
    if (version === undefined) continue;
    if (inRange(version, range)) found.push(`${name} ${version}`);
    else if (name === "typescript") {
      // Builds and `check` don't need it, but it may still be what reads the types.
      const what = `typescript ${version} is older than what the types are tested with.`;
      yield warning("versions", what, `Update to typescript ${range}.`);
    } else {
      const what = `${name} ${version} isn't supported by unplugin-scope ${VERSION}.`;
      yield problem("versions", what, `It needs ${name} ${range}.`);
    }
  }
  if (found.length > 0) yield ok("versions", found.join(", "));
}

/** Is a version in a range such as `^20.19.0 || >=22.12.0`? A prerelease counts as its release. */
export function inRange(version: string, range: string): boolean {
  const [release = ""] = version.split("-");
  return range.split("||").some((part) => {
    const [, sign, lowest = ""] = /^\s*(\^|>=)(\S+)\s*$/.exec(part) ?? [];
    if (release.localeCompare(lowest, "en", { numeric: true }) < 0) return false;
    return sign === ">=" || release.split(".")[0] === lowest.split(".")[0];
  });
}

/** The snapshot: is every file sound, is every import in it, and are the types made from it? Makes no request. */
async function* examineSnapshot(project: Project, cwd: string): AsyncGenerator<Finding> {
  const { snapshotDir } = project.options;
  const listing = await listSnapshot(snapshotDir);
  const { entries, damaged } = listing;
  for (const { error } of damaged) yield* problemsOf("snapshot", error, cwd, "See: scope-gen check");
  if (damaged.length > 0) return;
  const { options, fetchVersion } = project;
  await refuseTwoPlaces(options);
  const { imports } = await findImports(options);
  const { prompts, find } = await resolvePrompts(project, imports, { to: "snapshot" });
  const needed: { ref: PromptRef; from: PromptVersionData | undefined }[] = [];
  for (const { ref } of prompts.toSorted((a, b) => byNameThenPin(a.ref, b.ref)))
    needed.push({ ref, from: await find.to(ref) });
  const names = needed.flatMap(({ ref, from }) => (from ? [] : [refText(ref)])).join(", ");
  const what = `${entries.length} prompt${entries.length === 1 ? "" : "s"} in ${shortPath(snapshotDir, cwd)}`;
  const fix = fetchVersion ? "Run: scope-gen pull" : await howToCommit(options, "auto", listing);
  yield names === ""
    ? ok("snapshot", `${what}, all intact`)
    : problem("snapshot", `Imported and not committed: ${names}`, fix);
  // What is to be committed has its types then.
  if (entries.length === 0) return;
  const specifiers = imports.map(({ specifier }) => specifier);
  const state = await typesState(options, specifiers);
  const wrong = typesProblem(state.types, needed);
  const typesFile = shortPath(state.typesFile, cwd);
  if (wrong !== undefined) yield problem("types", `${wrong.what} (${typesFile}).`, `Run: ${wrong.command}`);
  if (state.types === "current") yield ok("types", `${typesFile} matches the snapshot`);
}

/** Does TypeScript see the generated types wherever it sees an import of a prompt? */
function* examineTsconfig(
  options: ResolvedOptions,
  folders: readonly string[],
  uses: readonly ScopeUse[],
  cwd: string,
): Generator<Finding> {
  const types = shortPath(typesPlace(options), cwd);
  const users = uses.map(({ file }) => file);
  for (const { path, isIncluded, why, excludedBy, ...found } of inclusions(folders, options, users)) {
    if (excludedBy !== undefined) continue;
    const config = shortPath(found.config, cwd);
    const what = `${config} doesn't include ${types}.`;
    if (isIncluded) yield ok("tsconfig", `${config} includes ${types}`);
    else if (why === undefined) yield problem("tsconfig", what, `Add "${path}" to "include" in ${config}.`);
    else yield warning("tsconfig", `We don't know whether ${types} is included.`, `${config} ${why}.`);
  }
}

/**
 * Which tools have run with the plugin as it is set up now, and which files import prompts that none of them has built, but
 * for emitted ones. A config that names the plugin is trusted until its tool has run.
 */
async function* examineRuns(
  root: string,
  all: readonly ScopeUse[],
  packages: readonly ProjectPackage[],
  cwd: string,
): AsyncGenerator<Finding> {
  const uses = all.filter(({ isEmitted }) => !isEmitted);
  if (uses.length < all.length) yield ok("runs", "emit was found and is enough where its files are imported");
  const runs = await currentRuns(root);
  for (const { tool, folder, files } of uses.length === 0 ? [] : runs) {
    const isPrompt = (name: string) => name.startsWith("scope:");
    const left = Object.values(files)
      .flat()
      .find((name) => !isPrompt(name));
    const fix = left && howToKeepInstalled(join(root, folder));
    if (fix) yield warning("package", printableLine(`What ${tool} built imports ${left} when it runs.`), fix);
    const number = Object.values(files).filter((one) => one.some(isPrompt)).length;
    const what = `${tool} built ${number} ${number === 1 ? "file" : "files"} with prompts`;
    yield ok("runs", printableLine(folder === "" ? what : `${what} in ${folder}`));
  }
  const pathOf = ({ file }: ScopeUse) => toPosix(relative(root, file));
  const sources = new Map(uses.map((use): [string, string[]] => [pathOf(use), []]));
  for (const use of uses) sources.get(pathOf(use))?.push(use.specifier);
  const hasRun = (entry: string) => runs.some(({ tool }) => tool === entry || entry === "nuxt");
  const unbuilt = new Map<string, string[]>();
  for (const path of sources.keys()) {
    const isTest = path.split("/").includes("__tests__") || /\.(?:test|spec)\./.test(basename(path));
    // Not each prompt of it: a test replaces some, and a new import is built with the next run.
    const isBuilt = (run: ToolRun) => (isTest || run.tool !== "vitest") && hasTaken(run, path, sources);
    if (runs.some(isBuilt)) continue;
    const owner = packages.findLast(({ folder }) => join(root, path).startsWith(join(folder, sep)));
    const users = owner?.isShared ? packages : packages.filter((one) => one === owner);
    const configs = users.flatMap(({ folder }) => [...pluginConfigs(folder)]);
    const builds = configs.filter(([file]) => isTest || !/^(?:vitest|playwright)/.test(basename(file)));
    const entries = builds.flatMap(([, text]) => [...text.matchAll(/["']unplugin-scope\/(\w+)/g)]);
    if (entries.some(([, entry = ""]) => !hasRun(entry))) continue;
    const tools = users.flatMap((one) => one.tools).filter(({ buildsNothing }) => isTest || !buildsNothing);
    const names = [...new Set(tools.map(({ name }) => name))].join(", ");
    const fix =
      entries.length > 0
        ? "Add the plugin to what builds this file (unplugin-scope/docs/recipes/bundlers.md), and run that once."
        : `No config names the plugin. Run: scope-gen init (${names ? `it adds or prints what ${names} needs` : "it prints what to add"})`;
    unbuilt.set(fix, [...(unbuilt.get(fix) ?? []), path]);
  }
  for (const [fix, [first = "", ...others]] of unbuilt) {
    const specifiers = new Set(sources.get(first));
    const more = others.length === 0 ? "" : ` (${others.length} more like it)`;
    const what = `${shortPath(join(root, first), cwd)} imports ${[...specifiers].join(", ")}${more}; no run has built it.`;
    yield warning("runs", printableLine(what), fix);
  }
}
