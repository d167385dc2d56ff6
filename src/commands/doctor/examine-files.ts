import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { someTypesFile } from "../../project/types/types-place.ts";
import { refText } from "../../prompt.ts";
import { checkProject } from "../check/check-project.ts";
import { typesProblem } from "../check/verdict.ts";
import { withoutPlatform } from "../find-version.ts";
import { inclusions } from "../project-files/tsconfig.ts";
import { type Finding, ok, problem, problemsOf, warning } from "./finding.ts";

/** The snapshot: is every file sound, is every import in it, and are the types made from it? Makes no request. */
export async function examineSnapshot(project: Project, cwd: string): Promise<readonly Finding[]> {
  const { options } = project;
  const { entries, damaged } = await listSnapshot(options.snapshotDir);
  const folder = shortPath(options.snapshotDir, cwd);
  const findings = damaged.flatMap(({ error }) => problemsOf("snapshot", error, cwd, "See: scope-gen check"));
  if (damaged.length > 0) return findings;
  try {
    const verdict = await checkProject(withoutPlatform(project), { warn: () => {} });
    const { prompts, types, typesFile } = verdict;
    const missing = prompts.filter(({ change }) => change === "missing");
    findings.push(
      missing.length === 0
        ? ok(
            "snapshot",
            `${entries.length} prompt${entries.length === 1 ? "" : "s"} in ${folder}, all intact`,
          )
        : problem(
            "snapshot",
            `Imported and not committed: ${missing.map(({ ref }) => refText(ref)).join(", ")}`,
            "Run: scope-gen pull",
          ),
    );
    const wrong = typesProblem(verdict, (file) => shortPath(file, cwd));
    if (wrong !== undefined) findings.push(problem("types", wrong.what, `Run: ${wrong.command}`));
    if (types === "current") findings.push(ok("types", `${shortPath(typesFile, cwd)} matches the snapshot`));
  } catch (error) {
    findings.push(...problemsOf("snapshot", error, cwd, "See: scope-gen check"));
  }
  return findings;
}

/**
 * Does a package's TypeScript see the generated types wherever it sees an import of a prompt?
 *
 * @param users absolute paths of the files with imports
 */
export async function examineTsconfig(
  { dts }: ResolvedOptions,
  folder: string,
  users: readonly string[],
  cwd: string,
): Promise<readonly Finding[]> {
  if (dts === false) return [];
  const tsconfig = join(folder, "tsconfig.json");
  if (!existsSync(tsconfig)) return [];
  const file = shortPath(dts, cwd);
  return (await inclusions(tsconfig, someTypesFile(dts), users)).map((found) => {
    const config = shortPath(found.config, cwd);
    if (found.isIncluded) return ok("tsconfig", `${config} includes ${file}`);
    if (found.why !== undefined) {
      const what = `We don't know whether ${file} is included.`;
      return warning("tsconfig", what, `${config} ${found.why}.`);
    }
    const path = relative(dirname(found.config), dts).replaceAll("\\", "/");
    return problem(
      "tsconfig",
      `${config} doesn't include ${file}.`,
      `Add "${path}" to "include" in ${config}.`,
    );
  });
}
