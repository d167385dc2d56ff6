import { relative, resolve } from "node:path";
import { shownGrade, type Verdict } from "../commands/check/verdict.ts";
import { listPrompts } from "../commands/list-prompts.ts";
import { readRegularFile } from "../files/read-file.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { refKey } from "../prompt.ts";
import type { CallSite, CallSites } from "./api.ts";

interface Place {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where a prompt is imported, without a request. */
export async function importsOf(project: Project, request: ResolvedImport): Promise<CallSites> {
  const { prompts } = await listPrompts(project);
  const uses = prompts
    .filter((one) => refKey(one.request.ref) === refKey(request.ref))
    .flatMap((one) => one.uses);
  return {
    uses: await withCode(project, uses),
    broken: [],
    unseen: [],
    grade: undefined,
    from: undefined,
    to: undefined,
    changes: [],
    problem: undefined,
  };
}

/** The same, with the calls that the compared version would break. */
export async function callSitesOf(
  project: Project,
  request: ResolvedImport,
  { platform, prompts }: Verdict,
): Promise<CallSites> {
  const imports = await importsOf(project, request);
  const checked = prompts.find(({ ref }) => refKey(ref) === refKey(request.ref));
  if (checked === undefined || platform === "skipped") return imports;
  const { calls, unseen, from, to, changes } = checked;
  return {
    ...imports,
    broken: (await withCode(project, calls)).map((site, at) => ({
      ...site,
      message: calls[at]?.message ?? "",
    })),
    unseen: unseen.map((file) => pathOf(project, file)),
    grade: shownGrade(checked),
    from,
    to,
    changes: changes.map(({ message, breaks }) => ({ message, breaks })),
  };
}

/** The path of a place in {@link CallSites}; undefined for a file that isn't a source of the project. */
export async function fileOf(project: Project, file: string): Promise<string | undefined> {
  const { listSources } = await import("../project/discovery/list-sources.ts");
  const path = resolve(project.options.root, file);
  const sources = (await listSources(project.options)).map((one) => resolve(one));
  return sources.includes(path) ? path : undefined;
}

/** The longest source line that is shown. */
const MAX_LENGTH = 300;

function pathOf({ options }: Project, file: string): string {
  return relative(options.root, file).replaceAll("\\", "/");
}

async function withCode(project: Project, places: readonly Place[]): Promise<readonly CallSite[]> {
  const texts = new Map<string, Promise<readonly string[]>>();
  const linesOf = (file: string) => {
    const lines = texts.get(file) ?? readLines(file);
    texts.set(file, lines);
    return lines;
  };
  return Promise.all(
    places.map(async ({ file, line, column }) => ({
      file: pathOf(project, file),
      line,
      column,
      code: ((await linesOf(file))[line - 1] ?? "").trim().slice(0, MAX_LENGTH),
    })),
  );
}

/** A file that was removed since the search has no lines. */
async function readLines(file: string): Promise<readonly string[]> {
  const text = await readRegularFile(file).catch(() => "");
  return text.split(/\r\n|[\n\r]/);
}
