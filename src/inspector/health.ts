import { execFile } from "node:child_process";
import { tracingChannel } from "node:diagnostics_channel";
import { join } from "node:path";
import type { Env } from "../config/environment.ts";
import { oneLine } from "../errors/one-line.ts";
import type { Health, RequestLine } from "./api.ts";

/** So many requests are shown. */
const KEPT = 20;

interface Traced {
  readonly method: string;
  readonly url: string;
  readonly statusCode?: number;
  readonly error?: unknown;
}

/** What this process asks of the platform, and when that failed last. Listens until it is closed. */
export class RequestLog {
  readonly requests: RequestLine[] = [];
  lastOutage: Health["lastOutage"];
  readonly #channel = tracingChannel<Traced, Traced>("unplugin-scope:request");
  readonly #startedAt = new WeakMap<object, number>();
  readonly #listeners = {
    start: (traced: Traced) => void this.#startedAt.set(traced, performance.now()),
    end: () => {},
    asyncStart: () => {},
    asyncEnd: (traced: Traced) => this.#add(traced),
    error: () => {},
  };

  constructor() {
    this.#channel.subscribe(this.#listeners);
  }

  close(): void {
    this.#channel.unsubscribe(this.#listeners);
  }

  #add(traced: Traced): void {
    const { method, url, statusCode, error } = traced;
    const at = new Date().toISOString();
    const elapsedMs = Math.round(performance.now() - (this.#startedAt.get(traced) ?? performance.now()));
    this.requests.unshift({ at, method, path: new URL(url).pathname, status: statusCode, elapsedMs });
    this.requests.splice(KEPT);
    if (statusCode === undefined) this.lastOutage = { at, message: messageOf(error) };
    else if (statusCode >= 500 || statusCode === 429)
      this.lastOutage = { at, message: `The platform responded with ${statusCode}.` };
  }
}

function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

export interface DoctorInput {
  /** The folder that is examined. */
  readonly cwd: string;
  readonly mode: string;
  readonly configFile: string | undefined;
  /** The platform may not be asked. */
  readonly isOffline: boolean;
  readonly env: Env;
}

/** What `scope-gen doctor` says. A process of its own: what it examines includes how a process is started here. */
export async function doctorOf({
  cwd,
  mode,
  configFile,
  isOffline,
  env,
}: DoctorInput): Promise<Health["checks"]> {
  // This code runs bundled, in `dist`, or as source during this package's tests.
  const isBundled = !import.meta.dirname.endsWith(join("src", "inspector"));
  const bin = join(import.meta.dirname, isBundled ? ".." : "../..", "bin", "scope-gen.js");
  const config = configFile === undefined ? [] : ["--config", configFile];
  const fetch = isOffline ? ["--fetch", "never"] : [];
  const args = [bin, "doctor", "--json", "--cwd", cwd, "--mode", mode, ...config, ...fetch];
  const output = await new Promise<string>((done) => {
    // It ends with 1 where something is wrong; what is wrong is in its document.
    execFile(
      process.execPath,
      args,
      { env: { ...env } as NodeJS.ProcessEnv, timeout: 60_000 },
      (error, stdout) =>
        done(stdout === "" ? JSON.stringify({ checks: [failed(String(error?.message))] }) : stdout),
    );
  });
  return JSON.parse(output).checks ?? [failed(JSON.parse(output).error?.message ?? output)];
}

function failed(message: string): Health["checks"][number] {
  return { check: "doctor", status: "problem", message: oneLine(message), fix: "Run: scope-gen doctor" };
}
