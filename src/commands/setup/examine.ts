import manifestText from "../../../package.json?raw";
import { processEnv } from "../../environment.ts";
import { flatten, shortPath } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { LoadOptionsInput } from "../../project/config/load-options.ts";
import { refuseWorkspaceRoot } from "../../project/config/package-manager.ts";
import { inclusions } from "../../project/config/tsconfig.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { openProject, type Project } from "../../project/project.ts";
import { typesProblem } from "../../project/reports/report.ts";
import { type Finding, problem, setupProblems, warning } from "../../project/setup-problems.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { typesState } from "../../project/types/types-file.ts";
import { typesPlace } from "../../project/types/types-place.ts";
import { resolvePrompts } from "../../project/versions/resolve.ts";
import { byNameThenPin, distinctRefs, findImports } from "../../project/versions/select-imports.ts";
import { howToCommit } from "../../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refText } from "../../prompt.ts";
import { examineCredentials, examinePlatform, ok, problemsOf } from "./examine-connection.ts";
import { packageFolders, readableImports } from "./packages.ts";

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
  if (project === undefined) return findings;
  const { options } = project;
  const { imports, uses } = await readableImports(options);
  await add("config", examineConfig(options, cwd));
  const refs = distinctRefs(imports).map(({ request }) => request.ref);
  await add("credentials", examineCredentials(options, loading.env ?? processEnv()));
  await add("platform", examinePlatform(options, refs, cwd));
  await add("snapshot", examineSnapshot(project, cwd), "See: scope-gen check");
  const folders = packageFolders(options.root, cwd, uses);
  await add("tsconfig", examineTsconfig(options, folders, uses, cwd));
  await add("setup", setupProblems(options, uses, cwd, folders));
  return findings;
}

const LOOK = "Check that what it names is there and can be read.";

async function* examineConfig({ configFile, root }: ResolvedOptions, cwd: string): AsyncGenerator<Finding> {
  yield ok("config", configFile === undefined ? "none: the defaults apply" : shortPath(configFile, cwd));
  if (configFile === undefined) await refuseWorkspaceRoot(root);
}

export function examineNode(version: string): Finding {
  return inRange(version, JSON.parse(manifestText).engines.node)
    ? ok("Node", version)
    : problem("Node", `${version} isn't supported.`, "Use Node 20.19 or newer, or 22.12 or newer.");
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
