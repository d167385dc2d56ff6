import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { emitHelper, emitModule } from "../compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { type PromptContent, type PromptVersionData, refKey } from "../prompt.ts";
import { compileRequest } from "./compile-request.ts";
import { formatSpecifier, parseSpecifier, resolveSpecifier } from "./config/specifier.ts";
import type { Project } from "./project.ts";
import type { Reporter } from "./reporter.ts";
import { findVersion, isVersionNumber } from "./versions/find-version.ts";
import { PolicySource, type ResolvedVersion } from "./versions/source.ts";

/** The version of a prompt that the fetch policy gives, compiled. A version number is looked up, wherever it is. */
export async function promptToRender(project: Project, specifier: string, reporter: Reporter) {
  const { options } = project;
  const { key, pin } = parseSpecifier(specifier);
  const policy = new PolicySource(project, reporter);
  let request = resolveSpecifier(specifier, options);
  let version: PromptVersionData;
  let source: ResolvedVersion["source"];
  if (pin?.kind === "version" && isVersionNumber(pin.versionId)) {
    const found = await findVersion(project, request.ref.name, pin.versionId);
    version = found.version;
    source = found.source === "git" ? "snapshot" : found.source;
    const byId = formatSpecifier(key, { kind: "version", versionId: version.id }, false);
    request = resolveSpecifier(byId, options);
  } else ({ version, source } = await policy.get(request.ref));
  const compiled = await compileRequest(request, options, async (ref) =>
    refKey(ref) === refKey(request.ref) ? version : (await policy.get(ref)).version,
  );
  return { request, version, source, compiled };
}

/** Renders with the module that a build emits: it is written, imported and removed, and stays in the process for good. */
export async function renderPrompt(
  compiled: CompiledPrompt,
  values: Readonly<Record<string, unknown>>,
): Promise<PromptContent> {
  const { url, remove } = await writeRenderModule(renderCode(compiled));
  try {
    const module: { render(values: object): PromptContent } = await import(/* @vite-ignore */ url);
    return module.render(values);
  } finally {
    await remove();
  }
}

export function renderCode(compiled: CompiledPrompt): string {
  return emitModule(compiled, { development: false, helper: "./helper.js" });
}

/** Writes the code of a module where it can be imported, until it's removed again. */
async function writeRenderModule(code: string): Promise<{ readonly url: string; remove(): Promise<void> }> {
  // A separate folder that only this user can enter: its files are about to be run.
  const folder = await mkdtemp(join(tmpdir(), "scope-render-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "helper.js"), emitHelper({ development: false }));
    const file = join(folder, "prompt.js");
    await writeFile(file, code);
    return { url: pathToFileURL(file).href, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What came out of one call, or why nothing did. */
export type Rendered =
  | { readonly output: PromptContent; readonly problem?: undefined }
  | { readonly output?: undefined; readonly problem: string };

/** As text, so that it doesn't need a separate file next to every bundle. */
const THREAD = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", async ({ url, values }) => {
  let result;
  try {
    result = { output: (await import(url)).render(values) };
  } catch (error) {
    result = { problem: error instanceof Error ? error.message : String(error) };
  }
  parentPort.postMessage(result);
});
`;

/** Characters of code after which another thread is started, and the additional cost of each module. */
const MAX_LOADED = 5_000_000;
const PER_MODULE = 50_000;

type Result = { readonly output?: unknown; readonly problem?: string };

/**
 * Runs the modules that a build would emit, in a thread that starts with the first call: a template can take forever, and a
 * thread can be ended.
 */
export class RenderThread {
  #worker: Worker | undefined;
  /** By code, the modules that the thread has loaded. */
  readonly #urls = new Map<string, string>();
  /** One call runs at a time, so that a slow one doesn't use up the time of others. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #maxMs: number;
  /** Characters that this thread has loaded. A process keeps everything that it has imported. */
  #loaded = 0;

  /** @param maxMs a call is given up after this. Default: longer than anybody waits */
  constructor(maxMs = 10_000) {
    this.#maxMs = maxMs;
  }

  /** What a module's `render` gives. After `signal` nobody waits for it: it leaves the line, unless it has begun. */
  async render(code: string, values: unknown, signal?: AbortSignal): Promise<Rendered> {
    const result = this.#last.then(() =>
      signal?.aborted ? { problem: "Nobody waits for this rendering." } : this.#run(code, values),
    );
    this.#last = result.catch(() => {});
    return (await result) as Rendered;
  }

  /** Ends the thread when its work is done. */
  [Symbol.dispose](): void {
    void this.#last.then(() => this.#stop());
  }

  /** @param code of a module, which is loaded once */
  async #run(code: string, values: unknown): Promise<Result> {
    const isLoaded = this.#urls.has(code);
    if (!isLoaded && this.#loaded > MAX_LOADED) this.#stop();
    const written = isLoaded ? undefined : await writeRenderModule(code);
    if (written) this.#urls.set(code, written.url);
    if (!isLoaded) this.#loaded += code.length + PER_MODULE;
    this.#worker ??= start();
    const worker = this.#worker;
    const signal = AbortSignal.timeout(this.#maxMs);
    try {
      worker.ref();
      worker.postMessage({ url: this.#urls.get(code), values });
      const [result] = (await once(worker, "message", { signal })) as [Result];
      worker.unref();
      return result;
    } catch (error) {
      // The next call starts another thread.
      this.#stop();
      if (signal.aborted) return { problem: `The rendering took longer than ${this.#maxMs / 1000} seconds.` };
      return { problem: error instanceof Error ? error.message : String(error) };
    } finally {
      await written?.remove();
    }
  }

  #stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#urls.clear();
    this.#loaded = 0;
  }
}

function start(): Worker {
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret.
  const worker = new Worker(THREAD, { eval: true, env: {}, execArgv: [] });
  // What waits for a message gets the error too.
  return worker.on("error", () => {});
}
