import { relative, resolve } from "node:path";
import { shownGrade, type Verdict } from "../../commands/check/verdict.ts";
import { readRegularFile } from "../../files/read-file.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import type { CallSite, CallSites } from "../api.ts";
import { type FoundCall, findCalls } from "./find-calls.ts";

interface Place {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where some imports are called; an import that isn't called by name is there itself. Makes no request. */
export async function callsOf(project: Project, uses: readonly ScopeUse[]): Promise<CallSites["uses"]> {
  const files = new Map<string, ScopeUse[]>();
  for (const use of uses) files.set(use.file, [...(files.get(use.file) ?? []), use]);
  const sites = await Promise.all(
    [...files].map(async ([file, imports]) => {
      const source = await SourceFile.read(file);
      const calls = source.calls(imports);
      const called = new Set(calls.map(({ use }) => use));
      const places = [
        ...calls.map((call) => ({ ...source.site(project, call.start, call.end), isCall: true })),
        ...imports.flatMap((one, at) =>
          called.has(at) ? [] : [{ ...source.siteAt(project, one, []), isCall: false }],
        ),
      ];
      return places.sort((a, b) => a.line - b.line || a.column - b.column);
    }),
  );
  return sites.flat();
}

/** The same with the calls that the compared version would break. */
export async function brokenCallsOf(
  project: Project,
  ref: PromptRef,
  { platform, prompts }: Verdict,
  uses: readonly ScopeUse[],
): Promise<Omit<CallSites, "uses" | "problem"> | undefined> {
  const checked = prompts.find((one) => refKey(one.ref) === refKey(ref));
  if (checked === undefined || platform === "skipped") return undefined;
  const { calls, unseen, from, to, changes } = checked;
  const broken = calls.map(async ({ message, ...place }) => {
    const source = await SourceFile.read(place.file);
    const imports = uses.filter(({ file }) => file === place.file);
    return { ...source.siteAt(project, place, source.calls(imports)), message };
  });
  return {
    broken: await Promise.all(broken),
    unseen: unseen.map((file) => pathOf(project, file)),
    grade: shownGrade(checked),
    from,
    to,
    changes,
  };
}

/** The path of a place in {@link CallSites}; undefined for a file that isn't a source of the project. */
export async function fileOf(project: Project, file: string): Promise<string | undefined> {
  const { listSources } = await import("../../project/discovery/list-sources.ts");
  const path = resolve(project.options.root, file);
  const sources = (await listSources(project.options)).map((one) => resolve(one));
  return sources.includes(path) ? path : undefined;
}

/** The longest piece of code that is shown. */
const MAX_LENGTH = 2000;

function pathOf({ options }: Project, file: string): string {
  return relative(options.root, file).replaceAll("\\", "/");
}

class SourceFile {
  readonly #file: string;
  readonly #text: string;
  /** Offsets. */
  readonly #lines: readonly number[];

  private constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#lines = [0, ...[...text.matchAll(/\r\n|[\n\r]/g)].map(({ index, 0: end }) => index + end.length)];
  }

  /** A file that was removed since the search has no text. */
  static async read(file: string): Promise<SourceFile> {
    return new SourceFile(file, await readRegularFile(file).catch(() => ""));
  }

  calls(imports: readonly Place[]): readonly FoundCall[] {
    return findCalls(
      this.#text,
      this.#file,
      imports.map((one) => this.#offset(one)),
    );
  }

  /** A place with the call around it, otherwise with its line. */
  siteAt(project: Project, place: Place, calls: readonly FoundCall[]): CallSite {
    const at = this.#offset(place);
    const { start, end } = calls.findLast((call) => call.start <= at && at < call.end) ?? {
      start: at,
      end: at,
    };
    return { ...this.site(project, start, end), line: place.line, column: place.column };
  }

  /** With the whole lines, without what they are indented by. */
  site(project: Project, start: number, end: number): CallSite {
    const line = this.#lines.findLastIndex((one) => one <= start);
    const last = this.#lines.findLastIndex((one) => one < Math.max(end, start + 1));
    const lines = this.#text
      .slice(this.#lines[line], this.#lines[last + 1])
      .trimEnd()
      .split(/\r\n|[\n\r]/);
    const indent = Math.min(...lines.filter((one) => one.trim() !== "").map((one) => one.search(/\S/)));
    const code = lines.map((one) => one.slice(indent)).join("\n");
    const column = start - (this.#lines[line] ?? 0) + 1;
    return { file: pathOf(project, this.#file), line: line + 1, column, code: code.slice(0, MAX_LENGTH) };
  }

  #offset({ line, column }: Omit<Place, "file">): number {
    return (this.#lines[line - 1] ?? this.#text.length) + column - 1;
  }
}
