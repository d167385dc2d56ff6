import { once } from "node:events";
import { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import { ConfigurationError } from "../errors/classes.ts";
import { shortPath } from "../errors/format-error.ts";
import { readOrEmpty } from "../files/read-file.ts";
import type { CallPlace } from "../project/calls/broken-calls.ts";
import type { BrokenCallsInput, CheckedCalls } from "../project/calls/find-broken-calls.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import type { Project } from "../project/project.ts";
import { builtFile } from "../run/modules/write-module.ts";

/** A place in the code. */
export interface CallSite {
  /** `import`: one that is passed on instead of called by name. `broken`: a call that another version breaks. */
  readonly kind: "call" | "import" | "broken";
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The whole call, or the line; empty if it can't be read. */
  readonly code: string;
  /** Why it breaks. */
  readonly message?: string;
}

/** The longest piece of code that is shown. */
const MAX_LENGTH = 2000;

/** As the type checker counts lines. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** The calls of imports, the imports that aren't called, and the places that break, each by place. Makes no request. */
export async function callSites(
  { options }: Project,
  uses: readonly ScopeUse[],
  broken: readonly CallPlace[] = [],
): Promise<readonly CallSite[]> {
  // The parser is large: it's only loaded when somebody looks.
  const { findCalls } = await import("./find-calls.ts");
  const sitesIn = async (file: string): Promise<readonly CallSite[]> => {
    // A removed file has no text.
    const text = readOrEmpty(file);
    const lines = text.split(LINE_END);
    const starts = [0, ...Array.from(text.matchAll(LINE_END), ({ index, 0: end }) => index + end.length)];
    const lineAt = (at: number) => starts.findLastIndex((start) => start <= at) + 1;
    const imports = uses.filter((use) => use.file === file);
    const calls = findCalls(file, text, imports).map(({ use, start, end }) => {
      const line = lineAt(start);
      return { use, line, column: start - (starts[line - 1] as number) + 1, last: lineAt(end) };
    });
    /** With the whole lines of the call around it, otherwise its own, without what they are indented by. */
    const site = (kind: CallSite["kind"], { line, column }: Pick<CallPlace, "line" | "column">): CallSite => {
      const around = calls.findLast((one) => one.line <= line && line <= one.last);
      const shown = lines.slice((around?.line ?? line) - 1, around?.last ?? line);
      const indent = Math.min(...shown.filter((one) => one.trim() !== "").map((one) => one.search(/\S/)));
      const code = shown.map((one) => one.slice(indent)).join("\n");
      const place = { file: shortPath(file, options.root), line, column };
      return { kind, ...place, code: code.trimEnd().slice(0, MAX_LENGTH) };
    };
    const isCalled = (at: number) => calls.some(({ use }) => use === at);
    return [
      ...calls.map((one) => site("call", one)),
      ...imports.filter((_, at) => !isCalled(at)).map((one) => site("import", one)),
      ...broken
        .filter((one) => one.file === file)
        .map((one) => ({ ...site("broken", one), message: one.message })),
    ].sort((a, b) => a.line - b.line || a.column - b.column);
  };
  const files = [...new Set([...uses, ...broken].map(({ file }) => file))];
  return (await Promise.all(files.map(sitesIn))).flat();
}

/**
 * `findBrokenCalls` in a thread, one after the other: the type checker would keep a dev server from responding. After
 * `close` a check under way fails, and so does a later one.
 */
export function startTypeChecker() {
  const closed = new AbortController();
  const line = pLimit(1);
  return {
    findBrokenCalls: (input: BrokenCallsInput) => line(() => check(input, closed.signal)),
    close: () => closed.abort(new Error("The type checker's thread has ended.")),
  };
}

async function check(input: BrokenCallsInput, signal: AbortSignal): Promise<CheckedCalls> {
  signal.throwIfAborted();
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret.
  const worker = new Worker(builtFile("type-checker-thread.js"), {
    env: {},
    execArgv: [],
    workerData: input,
  });
  worker.unref();
  try {
    return (await once(worker, "message", { signal }))[0];
  } catch (error) {
    signal.throwIfAborted();
    // An error loses its class on its way out of a thread.
    const { message, code, hint, where } = error as ConfigurationError;
    throw code === "tsconfig_invalid" ? new ConfigurationError(message, { code, hint, where }) : error;
  } finally {
    void worker.terminate();
  }
}
