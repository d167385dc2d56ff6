import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cleanEnv } from "../support/run.ts";

const PROGRAM = join(import.meta.dirname, "sandbox-child.js");
const PERMISSION = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

export interface SandboxJob {
  readonly code: string;
  readonly helper: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What became of a module. */
export interface SandboxResult {
  readonly content?: unknown;
  readonly metadata?: unknown;
  readonly rendered?: unknown;
  /** What `render` threw: the code of an error of ours, the stack of any other. */
  readonly thrown?: string;
  /** The module could not be loaded. */
  readonly error?: string;
  /** A prompt's text ran as code, or a global is there that was not. */
  readonly isTouched: boolean;
}

/** A process that runs emitted modules where they can reach nothing. */
export class Sandbox implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting: ((result: SandboxResult) => void)[] = [];
  readonly #failed: Promise<never>;
  #stderr = "";

  constructor() {
    this.#child = spawn(
      process.execPath,
      [
        "--no-warnings",
        "--experimental-vm-modules",
        PERMISSION,
        `--allow-fs-read=${PROGRAM}`,
        "--max-old-space-size=512",
        PROGRAM,
      ],
      { env: cleanEnv(), stdio: "pipe" },
    );
    this.#child.stderr?.on("data", (chunk) => {
      this.#stderr += chunk;
    });
    const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    lines.on("line", (line) => this.#waiting.shift()?.(JSON.parse(line)));
    this.#failed = once(this.#child, "close").then(([code]) => {
      throw new Error(`The sandbox ended with ${code}.\n${this.#stderr}`);
    });
    this.#failed.catch(() => {});
  }

  run(job: SandboxJob): Promise<SandboxResult> {
    const result = new Promise<SandboxResult>((done) => this.#waiting.push(done));
    this.#child.stdin?.write(`${JSON.stringify(job)}\n`);
    return Promise.race([result, this.#failed]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#failed.catch(() => {});
  }
}
