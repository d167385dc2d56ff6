import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";
import type { OptionalTool } from "../support/optional-tool.ts";
import { cleanEnv, ROOT } from "../support/run.ts";

const COLUMNS = 80;
const ROWS = 24;
const SCOPE_GEN = join(ROOT, "bin", "scope-gen.js");
/** For a busy machine. */
const PATIENCE_MS = 40_000;

export const SCRIPT: OptionalTool = {
  name: "program `script`",
  install: "apt-get install bsdutils",
  isThere: () => spawnSync("script", ["--version"]).error === undefined,
};

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What Node runs. Default: the packaged command. */
  readonly script?: string;
}

/** A program in a real pseudo-terminal of 80 columns, and what a person would see there. */
export class Terminal {
  readonly #screen = new xterm.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: 5000,
    allowProposedApi: true,
  });
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<number>;
  #raw = "";

  constructor(args: readonly string[], { cwd, env, script = SCOPE_GEN }: TerminalOptions) {
    const words = [process.execPath, script, ...args];
    const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const line = `stty cols ${COLUMNS} rows ${ROWS}; exec ${command}`;
    // `script` comes with nearly every Linux and with macOS, where its flags are others.
    const flags =
      process.platform === "darwin" ? ["-q", "/dev/null", "sh", "-c", line] : ["-qefc", line, "/dev/null"];
    this.#child = spawn("script", flags, {
      cwd,
      env: { ...cleanEnv({ NO_COLOR: undefined, TERM: "xterm-256color", ...env }), SHELL: "/bin/sh" },
    });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#raw += chunk.toString("utf8");
      this.#screen.write(chunk);
    });
    this.#child.stdin.on("error", () => {});
    this.#exit = once(this.#child, "close").then(([code]) => code as number);
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** All that was written, escape sequences included. */
  get raw(): string {
    return this.#raw;
  }

  /** What stands on the screen and above it, line by line, without the empty end. */
  async lines(): Promise<string[]> {
    await new Promise<void>((done) => this.#screen.write("", done));
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: active.length }, (_, index) => {
      const line = active.getLine(index);
      // A line that the terminal had to break is marked, so that a test sees it.
      return `${line?.isWrapped === true ? "↩" : ""}${line?.translateToString(true) ?? ""}`;
    });
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  async text(): Promise<string> {
    return (await this.lines()).join("\n");
  }

  /** Waits until the screen shows something; gives the screen. */
  async until(expected: string | RegExp, patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const text = await this.text();
      if (typeof expected === "string" ? text.includes(expected) : expected.test(text)) return text;
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`The screen never showed ${expected}:\n${text}`);
      }
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits for the end of the command; its exit code. */
  async ended(): Promise<number> {
    return this.#exit;
  }
}
