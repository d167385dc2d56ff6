import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { formatSnapshot, parseSnapshot } from "../../src/project/snapshot/format.ts";
import { cli } from "../commands/cli-helpers.ts";
import { replaceFile, temporaryFolder, writeTree } from "../support/app.ts";
import { cleanEnv, ROOT } from "../support/run.ts";
import { seededRandom } from "./kill.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const BUILD = join(ROOT, "test", "bundlers", "build.js");
const FALSE_TIMES = join(ROOT, "test", "support", "false-times.js");
/** One includes the other; all texts are of one size. */
const PROMPTS = ["hi", "bye", "mail"];
const KINDS = ["", "image", "seconds", "behind"];
const STEPS = 8;

const HISTORIES = { short: 4, long: 500 };

export function drillRecord(size: DrillSize): void {
  it("builds contain what the snapshot or the platform had while they ran, whatever earlier builds left", {
    timeout: 2_400_000,
  }, async () => {
    const seen = await runHistories(HISTORIES[size], seededRandom());
    expect(seen.builds).toBeGreaterThan(seen.histories);
    recordDrill(
      "record",
      `${seen.histories} histories of commits and of builds that overlap, with ${seen.stopped} builds stopped for a while, ${seen.killed} killed, ${seen.refused} that met a snapshot file half written, and projects whose generated files were lost or restored and that were copied and moved, under the times of images, of whole seconds and of a clock that is behind: ${seen.builds} bundles, 0 with other text than the snapshot or the platform had`,
    );
  });
}

/** What became of a number of histories. */
interface Histories {
  histories: number;
  /** Builds that made a bundle. */
  builds: number;
  stopped: number;
  killed: number;
  /** Found a snapshot file half written. */
  refused: number;
}

/** A project that builds are made of, and all that was ever committed in it and served to it. */
interface Origin {
  readonly template: string;
  readonly platform: Readonly<Record<string, string>>;
  /** Gives a prompt another text on the platform. */
  serve(name: string): Promise<void>;
  /** By prompt, the numbers that the platform has served, the last one now. */
  readonly served: ReadonlyMap<string, string[]>;
}

/**
 * Random histories of one project: commits, and builds that overlap, are stopped, go on, and are killed, while the folder of
 * generated files is lost and restored and the project is copied and moved, on file systems whose times say little. Every
 * bundle holds texts that the snapshot, or the platform where it is asked, had while the build ran.
 */
async function runHistories(count: number, random: () => number): Promise<Histories> {
  const seen: Histories = { histories: 0, builds: 0, stopped: 0, killed: 0, refused: 0 };
  const origin = await makeOrigin();
  const next = async (): Promise<void> => {
    while (seen.histories < count) {
      seen.histories += 1;
      await new History(origin, random, seen).run();
    }
  };
  await Promise.all([next(), next()]);
  return seen;
}

class History {
  readonly #origin: Origin;
  readonly #random: () => number;
  readonly #seen: Histories;
  readonly #times: string;
  /** By prompt, the numbers that were committed, the last one now. */
  readonly #committed = new Map(PROMPTS.map((name) => [name, [numberOf(0)]]));
  #running: Promise<void>[] = [];
  #root = "";
  #saved: string | undefined;
  #outputs = 0;

  constructor(origin: Origin, random: () => number, seen: Histories) {
    this.#origin = origin;
    this.#random = random;
    this.#seen = seen;
    this.#times = this.#oneOf(KINDS);
  }

  async run(): Promise<void> {
    const folder = await temporaryFolder();
    this.#root = join(folder, "app");
    await cp(this.#origin.template, this.#root, { recursive: true });
    for (let step = 0; step < STEPS; step++) {
      const what = this.#random();
      if (what < 0.35) await this.#commit(this.#oneOf(PROMPTS));
      else if (what < 0.42) await this.#origin.serve(this.#oneOf(PROMPTS));
      else if (what < 0.72) this.#running.push(this.#build());
      else if (what < 0.82) await this.#end();
      else await this.#replace(folder, step);
      if (this.#random() < 0.5) await sleep(this.#random() * 150);
    }
    await this.#end();
    // What all of them left: a build that nothing disturbs.
    await this.#build(true);
    await rm(folder, { recursive: true });
  }

  async #end(): Promise<void> {
    await Promise.all(this.#running);
    this.#running = [];
  }

  /** Another text of the same size, in the same file or in a new one. */
  async #commit(name: string): Promise<void> {
    const numbers = this.#committed.get(name) ?? [];
    const number = numberOf(this.#random() < 0.2 ? 0 : numbers.length);
    numbers.push(number);
    const file = join(this.#root, "scope", `${name}@production.json`);
    const entry = parseSnapshot(await readFile(file, "utf8"), file);
    const content = textOf(name, number);
    const text = formatSnapshot({ ...entry, version: { ...entry.version, content } });
    if (this.#random() < 0.5) writeFileSync(file, text);
    else await replaceFile(file, text);
  }

  /** The folder of generated files is kept, restored or lost, so that the next builds are cold; the project is copied or moved. */
  async #replace(folder: string, step: number): Promise<void> {
    await this.#end();
    const generated = join(this.#root, ".scope");
    const place = this.#oneOf(["keep", "restore", "lose", "lose", "copy", "move", "move back"]);
    if (place === "keep") {
      this.#saved = join(folder, `saved-${step}`);
      await mkdir(generated, { recursive: true });
      await cp(generated, this.#saved, { recursive: true, preserveTimestamps: true });
    } else if (place === "restore" && this.#saved !== undefined) {
      await cp(this.#saved, generated, { recursive: true, preserveTimestamps: true });
    } else if (place === "lose") {
      await rm(generated, { recursive: true, force: true });
    } else if (place === "copy" || place === "move") {
      const other = join(folder, `app-${step}`);
      if (place === "move") await rename(this.#root, other);
      else await cp(this.#root, other, { recursive: true, preserveTimestamps: true });
      this.#root = other;
    } else if (place === "move back" && this.#root !== join(folder, "app")) {
      // In the place of another, whose generated files are of this path.
      await rm(join(folder, "app"), { recursive: true, force: true });
      await rename(this.#root, join(folder, "app"));
      this.#root = join(folder, "app");
    }
  }

  async #build(isLast = false): Promise<void> {
    this.#outputs += 1;
    const output = String(this.#outputs);
    const file = join(this.#root, "out", output, "main.mjs");
    const asks = !isLast && this.#random() < 0.25;
    const sources = [this.#committed, ...(asks ? [this.#origin.served] : [])];
    const begins = sources.map((source) => new Map([...source].map(([name, all]) => [name, all.length - 1])));
    const bundler = this.#random() < 0.8 ? "esbuild" : "rollup";
    const preload = this.#times === "" ? [] : ["--import", FALSE_TIMES];
    const child = spawn(process.execPath, [...preload, BUILD, bundler, this.#root, "main.js"], {
      env: cleanEnv({
        ...this.#origin.platform,
        ...(asks ? {} : { SCOPE_FETCH: "never" }),
        FALSE_TIMES: this.#times,
        TEST_OUT: output,
      }),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const ended = once(child, "close");
    if (!isLast) await this.#disturb(child, ended);
    const [code] = await ended;
    if (code === null) return;
    if (code !== 0) {
      expect(stderr).toMatch(/snapshot_(?:damaged|integrity|missing)|Unexpected end of JSON/);
      expect(isLast, stderr).toBe(false);
      this.#seen.refused += 1;
      return;
    }
    this.#seen.builds += 1;
    const bundle = await readFile(file, "utf8");
    for (const name of PROMPTS) {
      const allowed = sources.flatMap((source, at) => source.get(name)?.slice(begins[at]?.get(name)) ?? []);
      const found = [...bundle.matchAll(new RegExp(`\\b${name} (\\d{4});`, "g"))].map(([, number]) => number);
      expect(new Set(found).size, `${name} once: ${found}`).toBe(1);
      expect(allowed, `${name} as it was while the build ran`).toContain(found[0]);
    }
  }

  async #disturb(child: ReturnType<typeof spawn>, ended: Promise<unknown>): Promise<void> {
    const what = this.#random();
    if (what > 0.55) return;
    await Promise.race([sleep(this.#random() * 400), ended]);
    if (what < 0.15) {
      if (child.kill("SIGKILL")) this.#seen.killed += 1;
      return;
    }
    if (child.exitCode !== null || !child.kill("SIGSTOP")) return;
    this.#seen.stopped += 1;
    await sleep(this.#random() * 500);
    child.kill("SIGCONT");
  }

  #oneOf<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)] as T;
  }
}

async function makeOrigin(): Promise<Origin> {
  const dir = await temporaryFolder();
  const template = await temporaryFolder();
  await writeTree(
    dir,
    Object.fromEntries(PROMPTS.map((name) => [`${name}/1.md`, textOf(name, numberOf(0))])),
  );
  await writeTree(template, {
    "package-lock.json": "{}",
    "scope.config.json": JSON.stringify({
      dts: false,
      clientBundle: "allow",
      prompts: { mail: { syntax: "mustache" }, bye: {} },
    }),
    "main.js":
      'import hi from "scope:hi";\nimport bye from "scope:bye";\nimport mail from "scope:mail";\nconsole.log(hi(), bye(), mail());\n',
  });
  const platform = await startPlatform({ dir });
  const pulled = await cli(["pull"], { cwd: template, env: platform.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  const served = new Map(PROMPTS.map((name) => [name, [numberOf(0)]]));
  return {
    template,
    platform: platform.env,
    served,
    async serve(name) {
      const numbers = served.get(name) ?? [];
      // Far from those that are committed.
      numbers.push(numberOf(5000 + numbers.length));
      await replaceFile(join(dir, name, "1.md"), textOf(name, numbers.at(-1) ?? ""));
    },
  };
}

function numberOf(count: number): string {
  return String(count).padStart(4, "0");
}

function textOf(name: string, number: string): string {
  return `${name} ${number};`;
}
