import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { cleanEnv, ROOT } from "./run.ts";
import { waitFor } from "./wait-for.ts";

/** A program that runs until it is told to stop. */
export class ServerProcess {
  output = "";
  readonly #ended: Promise<unknown>;
  protected readonly child: ChildProcess;

  constructor(args: readonly string[], cwd: string, env: Readonly<Record<string, string | undefined>>) {
    this.child = spawn(process.execPath, args, { cwd, env: cleanEnv(env) });
    const listen = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on("data", listen);
    this.child.stderr?.on("data", listen);
    this.#ended = new Promise((done) => this.child.on("close", done));
  }

  /** The first match of a pattern in what the program printed; it may still be to come. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const find = () => {
      const match = pattern.exec(this.output);
      if (match === null && this.child.exitCode !== null) {
        throw new Error(`The program ended before it said ${pattern}.\n${this.output}`);
      }
      return match ?? undefined;
    };
    return waitFor(`${pattern} in the output`, find, { timeoutMs: 40_000, describe: () => this.output });
  }

  count(pattern: RegExp): number {
    return [...this.output.matchAll(new RegExp(pattern, "g"))].length;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends its standard input, which it takes for the end; kills it when it does not. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    const kill = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(kill);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** A server that renders an app with Vite's dev server: see `test/run/dev/ssr-server.js`. */
export class RenderingServer extends ServerProcess {
  /** @param options of the plugin. Default none, or those of the app's own vite.config.js */
  constructor(
    root: string,
    env: Readonly<Record<string, string | undefined>>,
    options: object = {},
    way: "runner" | "ssrLoadModule" | "edge" = "runner",
  ) {
    super([join(ROOT, "test", "run", "dev", "ssr-server.js"), root, way], root, {
      ...env,
      TEST_PLUGIN_OPTIONS: JSON.stringify(options),
    });
  }

  async ask(path = ""): Promise<string> {
    const [, url] = await this.said(/ready (\S+)/);
    return (await fetch(`${url}${path}`)).text();
  }

  /** Waits until the server renders a text that ends like this. */
  async gives(text: string): Promise<void> {
    await waitFor(`"${text}"`, async () => (await this.ask()).endsWith(text), {
      describe: async () => `${await this.ask()}\n${this.output}`,
    });
  }
}
