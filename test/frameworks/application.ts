import { type ChildProcess, spawn } from "node:child_process";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../support/app.ts";
import { freePort } from "../support/listen.ts";
import { cleanEnv, type Ran, ROOT, run } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** What no tool may do in a test: call home, ask, or open a browser. */
const QUIET: Env = {
  ASTRO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NUXT_TELEMETRY_DISABLED: "1",
  STORYBOOK_DISABLE_TELEMETRY: "1",
  WRANGLER_SEND_METRICS: "false",
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_prefer_offline: "true",
  npm_config_update_notifier: "false",
};

/** The folder of a fixture that holds the files as the framework's starter made them, before `init`. */
export const STARTER = "_starter";

/** Packs this package as a release would; gives the tarball's path. `dist` is built before the tests run. */
export async function packTarball(): Promise<string> {
  const folder = await temporaryFolder();
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const made = await run("npm", ["run", "pack:files"], { cwd: ROOT });
  expect(made, made.stderr).toMatchObject({ code: 0 });
  const packed = await run("npm", args, { cwd: ROOT });
  expect(packed, packed.stderr).toMatchObject({ code: 0 });
  const [{ filename }] = JSON.parse(packed.stdout);
  return join(folder, filename);
}

/** An application outside of the repository, with this package installed from its tarball. */
export class Application {
  readonly root: string;
  /** The fixture that it is a copy of. */
  readonly fixture: string;
  env: Env = {};
  readonly #servers: RunningServer[] = [];

  private constructor(root: string, fixture: string) {
    this.root = root;
    this.fixture = fixture;
  }

  /** Copies `fixtures/frameworks/<name>` without its starter files, and installs it. */
  static async install(name: string): Promise<Application> {
    const fixture = join(ROOT, "fixtures", "frameworks", name);
    const root = await temporaryFolder();
    await cp(fixture, root, { recursive: true, filter: (source) => source !== join(fixture, STARTER) });
    const app = new Application(root, fixture);
    // Beside the packages: the path of a tarball belongs into no committed package.json.
    await app.succeed("npm", ["install", "--no-save", await packTarball()]);
    return app;
  }

  run(command: string, args: readonly string[], env: Env = {}): Promise<Ran> {
    return run(command, args, { cwd: this.root, env: { ...QUIET, ...this.env, ...env } });
  }

  /** Runs a program that has to end well; shows what it printed when it does not. */
  async succeed(command: string, args: readonly string[], env: Env = {}): Promise<Ran> {
    const ran = await this.run(command, args, env);
    expect(ran, `${command} ${args.join(" ")}\n${ran.stdout}\n${ran.stderr}`).toMatchObject({ code: 0 });
    return ran;
  }

  /** A program of the application's own packages, with its arguments: "vite build". */
  bin(line: string, env: Env = {}): Promise<Ran> {
    return this.run("npx", ["--no-install", ...line.split(" ")], env);
  }

  async succeedBin(line: string, env: Env = {}): Promise<Ran> {
    return this.succeed("npx", ["--no-install", ...line.split(" ")], env);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), "utf8");
  }

  write(path: string, text: string): Promise<void> {
    return writeFile(join(this.root, path), text);
  }

  /** Replaces a text that must be in a file; gives the way back. */
  async replace(path: string, from: string, to: string): Promise<() => Promise<void>> {
    const before = await this.read(path);
    expect(before, path).toContain(from);
    await this.write(path, before.replace(from, to));
    return () => this.write(path, before);
  }

  /** The version of an installed package. */
  async version(name: string): Promise<string> {
    return JSON.parse(await this.read(`node_modules/${name}/package.json`)).version;
  }

  /** Every prompt of the manifest, each once, sorted. */
  async manifestNames(): Promise<readonly string[]> {
    const folder = ".scope/manifest";
    const files = await readdir(join(this.root, folder));
    const names = await Promise.all(
      files.map(async (file) => {
        const { prompts } = JSON.parse(await this.read(`${folder}/${file}`)) as {
          prompts: { name: string }[];
        };
        return prompts.map(({ name }) => name);
      }),
    );
    return [...new Set(names.flat())].sort();
  }

  /** Starts a server and waits until it answers; "PORT" in the line becomes a free port. */
  async serve(line: string, env: Env = {}): Promise<RunningServer> {
    const server = await RunningServer.start(this.root, line, { ...QUIET, ...this.env, ...env });
    this.#servers.push(server);
    return server;
  }

  async stopServers(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.stop()));
  }

  async remove(): Promise<void> {
    await this.stopServers();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A server of an application, with all the processes that it starts. */
export class RunningServer {
  readonly url: string;
  output = "";
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
  }

  static async start(cwd: string, line: string, env: Env): Promise<RunningServer> {
    const port = String(await freePort());
    const [command = "", ...args] = line.replaceAll("PORT", port).split(" ");
    const child = spawn(command, args, {
      cwd,
      env: cleanEnv({ PORT: port, HOST: "127.0.0.1", ...env }),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const server = new RunningServer(child, `http://127.0.0.1:${port}`);
    try {
      await waitFor(line, () => server.#answers(), { timeoutMs: 120_000, describe: () => server.output });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The text of a page or route, whatever its status. */
  async text(path: string, timeoutMs = 60_000): Promise<string> {
    const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(timeoutMs) });
    return answer.text();
  }

  /** Asks until a text is in the answer. */
  async shows(path: string, text: string): Promise<string> {
    let last = "";
    const ask = async () => {
      // A request that is under way when a server takes its next build may never be answered.
      last = await this.text(path, 10_000).catch(String);
      return last.includes(text) && last;
    };
    return waitFor(`"${text}" at ${path}`, ask, {
      timeoutMs: 60_000,
      describe: () => `${last.slice(0, 2000)}\n${this.output.slice(0, 4000)}`,
    });
  }

  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const closed = new Promise((done) => this.#child.once("close", done));
    const kill = (signal: NodeJS.Signals) => {
      try {
        process.kill(-pid, signal);
      } catch (error) {
        // It has ended by itself meanwhile.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    };
    kill("SIGTERM");
    const late = setTimeout(() => kill("SIGKILL"), 5_000);
    await closed;
    clearTimeout(late);
  }

  async #answers(): Promise<boolean> {
    if (this.#child.exitCode !== null) throw new Error(`The server ended.\n${this.output}`);
    try {
      await fetch(this.url, { signal: AbortSignal.timeout(20_000) });
      return true;
    } catch {
      // Not listening yet.
      await new Promise((done) => setTimeout(done, 200));
      return false;
    }
  }
}
