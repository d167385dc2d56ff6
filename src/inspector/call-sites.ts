import { once } from "node:events";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { BrokenCallsInput, CheckedCalls } from "../commands/analysis/find-broken-calls.ts";
import type { CallPlace } from "../commands/check/broken-calls.ts";
import type { checkJson } from "../commands/check/report.ts";
import { ConfigurationError } from "../errors/classes.ts";
import { shortPath } from "../errors/format-error.ts";
import type { ScopeErrorOptions } from "../errors/scope-error.ts";
import { readRegularFile } from "../files/read-file.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import { listSources } from "../project/discovery/list-sources.ts";
import type { Project } from "../project/project.ts";
import { builtFile } from "../run/modules/write-module.ts";

type Place = Pick<CallPlace, "file" | "line" | "column">;

/** A place in the code. */
export interface CallSite {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The whole call, or the line; empty if it can't be read. */
  readonly code: string;
}

export interface CallSites {
  /** The calls, and the imports that are passed on instead of called. */
  readonly uses: readonly (CallSite & { readonly isCall: boolean })[];
  /** With the requested version of this prompt; undefined if the platform wasn't asked. */
  readonly check?: ReturnType<typeof checkJson>;
  /** Of the calls in {@link check} that break, in their order. */
  readonly broken: readonly CallSite[];
  /** The files whose calls no compiler checked, in the words of `check`; empty if there are none. */
  readonly unchecked: string;
  /** Why there is nothing to compare with. */
  readonly problem?: string;
}

/** Where some imports are called; an import that isn't called by name is there itself. Makes no request. */
export async function callsOf(project: Project, uses: readonly ScopeUse[]) {
  const files = [...new Set(uses.map(({ file }) => file))];
  const sites = files.map(async (file) => {
    const imports = uses.filter((use) => use.file === file);
    const { calls, site, siteOf } = await readSource(project, file, imports);
    const called = new Set(calls.map(({ use }) => use));
    const others = imports.filter((_, at) => !called.has(at));
    return [
      ...calls.map(({ start, end }) => ({ ...site(start, end), isCall: true })),
      ...others.map((one) => ({ ...siteOf(one), isCall: false })),
    ].sort((a, b) => a.line - b.line || a.column - b.column);
  });
  return (await Promise.all(sites)).flat();
}

/** A place with the call around it, otherwise with its line. */
export async function siteAt(project: Project, place: Place, uses: readonly ScopeUse[]): Promise<CallSite> {
  const imports = uses.filter((use) => use.file === place.file);
  return (await readSource(project, place.file, imports)).siteOf(place);
}

/** The path of a place in {@link CallSite}; undefined for a file that isn't a source of the project. */
export async function fileOf(project: Project, file: string): Promise<string | undefined> {
  const path = resolve(project.options.root, file);
  const sources = (await listSources(project.options)).map((one) => resolve(one));
  return sources.includes(path) ? path : undefined;
}

/** The longest piece of code that is shown. */
const MAX_LENGTH = 2000;

/** The calls in a file that imports prompts, and what is shown of a place in it. A removed file has no text. */
async function readSource({ options }: Project, file: string, imports: readonly Place[]) {
  const text = await readRegularFile(file).catch(() => "");
  // The parser is large: it's only loaded when somebody looks.
  const { findCalls, parseCode } = await import("../commands/analysis/find-calls.ts");
  const script = parseCode(file, text);
  const calls = script === undefined ? [] : findCalls(script, imports);
  const starts = [0, ...[...text.matchAll(/\r\n|[\n\r]/g)].map(({ index, 0: end }) => index + end.length)];
  /** With the whole lines, without what they are indented by. */
  const site = (start: number, end: number): CallSite => {
    const line = starts.findLastIndex((one) => one <= start);
    const last = starts.findLastIndex((one) => one < Math.max(end, start + 1));
    const lines = text
      .slice(starts[line], starts[last + 1])
      .trimEnd()
      .split(/\r\n|[\n\r]/);
    const indent = Math.min(...lines.filter((one) => one.trim() !== "").map((one) => one.search(/\S/)));
    const code = lines.map((one) => one.slice(indent)).join("\n");
    const column = start - (starts[line] ?? 0) + 1;
    return { file: shortPath(file, options.root), line: line + 1, column, code: code.slice(0, MAX_LENGTH) };
  };
  /** With the call around it, otherwise with its line. */
  const siteOf = ({ line, column }: Place): CallSite => {
    const at = (starts[line - 1] ?? text.length) + column - 1;
    const around = calls.findLast(({ start, end }) => start <= at && at < end);
    return { ...site(around?.start ?? at, around?.end ?? at), line, column };
  };
  return { calls, site, siteOf };
}

/** What a thread sends back. */
export type CheckResult =
  | CheckedCalls
  | { readonly message: string; readonly problem: Pick<ScopeErrorOptions, "code" | "hint" | "where"> };

/**
 * `findBrokenCalls` in a thread for each check, one after the other: the type checker would keep a dev server from
 * responding. After `close` a check under way fails, and so does a later one.
 */
export function startTypeChecker() {
  const closed = new AbortController();
  let line: Promise<unknown> = Promise.resolve();
  return {
    findBrokenCalls: (input: BrokenCallsInput): Promise<CheckedCalls> => {
      const calls = line.then(() => check(input, closed.signal));
      line = calls.catch(() => {});
      return calls;
    },
    close: () => closed.abort(new Error("The type checker's thread has ended.")),
  };
}

async function check({ warn: _, ...input }: BrokenCallsInput, signal: AbortSignal): Promise<CheckedCalls> {
  signal.throwIfAborted();
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret. Under Yarn's
  // Plug'n'Play both say where packages are.
  const own = process.versions.pnp === undefined ? { env: {}, execArgv: [] } : {};
  const worker = new Worker(builtFile("type-checker-thread.js"), { ...own, workerData: input });
  worker.unref();
  try {
    const [result] = (await once(worker, "message", { signal })) as [CheckResult];
    if ("calls" in result) return result;
    throw new ConfigurationError(result.message, result.problem);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    void worker.terminate();
  }
}
