import { relative, resolve } from "node:path";
import type { Project } from "../build/project.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import { readRegularFile } from "../files/read-file.ts";
import { type Label, refKey } from "../prompt.ts";
import { checkProject } from "../tasks/check/check-project.ts";
import { shownGrade } from "../tasks/check/verdict.ts";
import { mayAsk } from "../tasks/find-version.ts";
import { listPrompts } from "../tasks/list-prompts.ts";
import type { CallSite, CallSites } from "./api.ts";

interface Place {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where a prompt is imported, and which calls another version would break: what the label points at, or without one
 * what the prompt's own pin serves now.
 */
export async function callSitesOf(
  project: Project,
  request: ResolvedImport,
  label: Label | undefined,
): Promise<CallSites> {
  const { prompts } = await listPrompts(project);
  const uses = prompts
    .filter((one) => refKey(one.request.ref) === refKey(request.ref))
    .flatMap((one) => one.uses);
  const shown = await withCode(project, uses);
  if (!mayAsk(project)) return { uses: shown, broken: [], grade: undefined, to: undefined };
  const verdict = await checkProject(project, { label, warn: () => {} });
  const checked = verdict.prompts.find(({ ref }) => refKey(ref) === refKey(request.ref));
  const calls = checked?.calls ?? [];
  return {
    uses: shown,
    broken: (await withCode(project, calls)).map((site, at) => ({
      ...site,
      message: calls[at]?.message ?? "",
    })),
    grade: checked && shownGrade(checked),
    to: checked?.to,
  };
}

/** The path of a place of {@link CallSites}; undefined for a file that is no source of the project. */
export async function fileOf(project: Project, file: string): Promise<string | undefined> {
  const { listSources } = await import("../discovery/list-sources.ts");
  const path = resolve(project.options.root, file);
  const sources = (await listSources(project.options)).map((one) => resolve(one));
  return sources.includes(path) ? path : undefined;
}

/** The longest line that is shown of a source. */
const LONGEST = 300;

async function withCode({ options }: Project, places: readonly Place[]): Promise<readonly CallSite[]> {
  const texts = new Map<string, Promise<readonly string[]>>();
  const linesOf = (file: string) => {
    const lines = texts.get(file) ?? readLines(file);
    texts.set(file, lines);
    return lines;
  };
  return Promise.all(
    places.map(async ({ file, line, column }) => ({
      file: relative(options.root, file).replaceAll("\\", "/"),
      line,
      column,
      code: ((await linesOf(file))[line - 1] ?? "").trim().slice(0, LONGEST),
    })),
  );
}

/** A file that went away since it was searched has no lines. */
async function readLines(file: string): Promise<readonly string[]> {
  const text = await readRegularFile(file).catch(() => "");
  return text.split(/\r\n|[\n\r]/);
}
