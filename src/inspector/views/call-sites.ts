import { resolve } from "node:path";
import type { FoundCall } from "../../commands/analysis/find-calls.ts";
import type { Verdict } from "../../commands/check/verdict.ts";
import { shortPath } from "../../errors/format-error.ts";
import { readRegularFile } from "../../files/read-file.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { listSources } from "../../project/discovery/list-sources.ts";
import type { Project } from "../../project/project.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import type { CallSite, CallSites } from "../api.ts";

type Place = Pick<ScopeUse, "file" | "line" | "column">;

/** Where some imports are called; an import that isn't called by name is there itself. Makes no request. */
export async function callsOf(project: Project, uses: readonly ScopeUse[]): Promise<CallSites["uses"]> {
  const files = [...new Set(uses.map(({ file }) => file))];
  const sources = await Promise.all(files.map((file) => SourceFile.read(project, file, uses)));
  return sources.flatMap((source) => source.sites());
}

/** The same with the calls that the compared version would break, if it was compared. */
export async function callSitesOf(
  project: Project,
  ref: PromptRef,
  uses: readonly ScopeUse[],
  verdict: Verdict | undefined,
): Promise<Omit<CallSites, "problem">> {
  const prompts = verdict?.platform === "compared" ? verdict.prompts : [];
  const checked = prompts.find((one) => refKey(one.ref) === refKey(ref));
  const { calls = [], unseen = [], from, to, changes = [] } = checked ?? {};
  const broken = calls.map(async (call) => {
    const source = await SourceFile.read(project, call.file, uses);
    return { ...source.siteAt(call), message: call.message };
  });
  return {
    uses: await callsOf(project, uses),
    broken: await Promise.all(broken),
    unseen: unseen.map((file) => shortPath(file, project.options.root)),
    grade: checked?.change,
    from,
    to,
    changes,
  };
}

/** The path of a place in {@link CallSites}; undefined for a file that isn't a source of the project. */
export async function fileOf(project: Project, file: string): Promise<string | undefined> {
  const path = resolve(project.options.root, file);
  const sources = (await listSources(project.options)).map((one) => resolve(one));
  return sources.includes(path) ? path : undefined;
}

/** The longest piece of code that is shown. */
const MAX_LENGTH = 2000;

/** A file that imports prompts, and its calls of them. */
class SourceFile {
  readonly #path: string;
  readonly #text: string;
  /** Offsets. */
  readonly #lines: readonly number[];
  readonly #imports: readonly Place[];
  readonly #calls: readonly FoundCall[];

  private constructor(path: string, text: string, imports: readonly Place[], calls: readonly FoundCall[]) {
    this.#path = path;
    this.#text = text;
    this.#lines = [0, ...[...text.matchAll(/\r\n|[\n\r]/g)].map(({ index, 0: end }) => index + end.length)];
    this.#imports = imports;
    this.#calls = calls;
  }

  /** A file that was removed since the search has no text. */
  static async read({ options }: Project, file: string, uses: readonly Place[]): Promise<SourceFile> {
    const text = await readRegularFile(file).catch(() => "");
    const imports = uses.filter((use) => use.file === file);
    // The parser is large: it's only loaded when somebody looks.
    const { findCalls, parseCode } = await import("../../commands/analysis/find-calls.ts");
    const script = parseCode(file, text);
    const calls = script === undefined ? [] : findCalls(script, imports);
    return new SourceFile(shortPath(file, options.root), text, imports, calls);
  }

  /** Its calls, and the imports that aren't called. */
  sites(): CallSites["uses"] {
    const called = new Set(this.#calls.map(({ use }) => use));
    const calls = this.#calls.map(({ start, end }) => ({ ...this.#site(start, end), isCall: true }));
    const others = this.#imports
      .filter((_, at) => !called.has(at))
      .map((one) => ({ ...this.siteAt(one), isCall: false }));
    return [...calls, ...others].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** A place with the call around it, otherwise with its line. */
  siteAt(place: Place): CallSite {
    const at = this.#offset(place);
    const around = this.#calls.findLast(({ start, end }) => start <= at && at < end);
    const { line, column } = place;
    return { ...this.#site(around?.start ?? at, around?.end ?? at), line, column };
  }

  /** With the whole lines, without what they are indented by. */
  #site(start: number, end: number): CallSite {
    const line = this.#lines.findLastIndex((one) => one <= start);
    const last = this.#lines.findLastIndex((one) => one < Math.max(end, start + 1));
    const lines = this.#text
      .slice(this.#lines[line], this.#lines[last + 1])
      .trimEnd()
      .split(/\r\n|[\n\r]/);
    const indent = Math.min(...lines.filter((one) => one.trim() !== "").map((one) => one.search(/\S/)));
    const code = lines.map((one) => one.slice(indent)).join("\n");
    const column = start - (this.#lines[line] ?? 0) + 1;
    return { file: this.#path, line: line + 1, column, code: code.slice(0, MAX_LENGTH) };
  }

  #offset({ line, column }: Place): number {
    return (this.#lines[line - 1] ?? this.#text.length) + column - 1;
  }
}
