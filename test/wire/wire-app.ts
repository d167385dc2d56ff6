import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { buildApp, makeApp, outputFile } from "../support/app.ts";
import { linkPackage, node, type Ran, scopeGen } from "../support/run.ts";
import { RenderingServer, type ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import type { ReferencePlatform } from "./reference-platform.ts";
import { type Shown, VALUES } from "./wire-forms.ts";

/** By what follows `scope:`. */
export type AllShown = Readonly<Record<string, Shown>>;

const SHOW = `
const values = ${JSON.stringify(VALUES)};
export const show = (all) => Object.fromEntries(all.map(([specifier, { render, versionId, versionNumber, metadata }]) =>
  [specifier, { rendered: render(values), versionId, versionNumber, metadata }]));
`;

/** Renders the live prompts until each is of the version that is waited for, or has met a problem. */
const LIVE = `
import { configureLive } from "unplugin-scope/runtime";
const problems = {};
configureLive({ onError: (error, { name }) => { problems[name] = error.message; } });
export async function live() {
  const until = Date.now() + 20_000;
  const isDone = ([specifier, { versionNumber }]) =>
    versionNumber === Number(process.env.WIRE_LIVE) || problems[specifier.replace("?live", "")] !== undefined;
  while (Date.now() < until) {
    show(all);
    if (all.every(isDone)) break;
    await new Promise((done) => setTimeout(done, 20));
  }
  return { shown: show(all), problems };
}
`;

function imports(specifiers: readonly string[]): string {
  const lines = specifiers.map((one, i) => `import * as p${i} from ${JSON.stringify(`scope:${one}`)};`);
  const all = specifiers.map((one, i) => `[${JSON.stringify(one)}, p${i}]`);
  return `${lines.join("\n")}\nimport { show } from "./show.js";\nconst all = [${all.join(", ")}];\n`;
}

/** An application whose modules are those prompts, and every way that this package has to them. */
export class WireApp {
  readonly root: string;
  readonly #platform: Pick<ReferencePlatform, "env">;
  #dev: { readonly server: ServerProcess; readonly url: string } | undefined;

  private constructor(root: string, platform: Pick<ReferencePlatform, "env">) {
    this.root = root;
    this.#platform = platform;
  }

  /** @param live the prompts that are imported with `?live` too */
  static async make(
    platform: Pick<ReferencePlatform, "env">,
    specifiers: readonly string[],
    live: readonly string[],
  ): Promise<WireApp> {
    const root = await makeApp({
      "package.json": '{ "type": "module" }',
      "scope.config.json": JSON.stringify({
        retryBaseDelay: 0.01,
        dev: { interval: 0.2, maxRequestsPerSecond: 500 },
        live: { interval: 0.1, maxRequestsPerSecond: 500 },
      }),
      "src/show.js": SHOW,
      "src/render.js": `${imports(specifiers)}export const render = () => JSON.stringify(show(all));\n`,
      "src/live.js": imports(live.map((name) => `${name}?live`)) + LIVE,
      "src/main.js":
        'import { render } from "./render.js";\nimport { live } from "./live.js";\n' +
        "console.log(process.env.WIRE_LIVE ? JSON.stringify(await live()) : render());\n",
      "src/main.ts": 'import "./main.js";\n',
      "app.js": 'import { render } from "./src/render.js";\nconsole.log(render());\n',
    });
    await linkPackage(root);
    return new WireApp(root, platform);
  }

  /** A command, in a process of its own: the platform, which is in this one, has to answer it. */
  cli(...argv: readonly string[]): Promise<Ran> {
    return scopeGen(argv, { cwd: this.root, env: this.#platform.env });
  }

  /** The committed snapshot, by name and pin. */
  async committed(): Promise<Readonly<Record<string, Record<string, unknown>>>> {
    const dir = join(this.root, "scope");
    const files = (await readdir(dir)).filter((name) => name.endsWith(".json"));
    const read = files.map(async (name) => JSON.parse(await readFile(join(dir, name), "utf8")));
    return Object.fromEntries(
      (await Promise.all(read)).map((file) => [`${file.name}@${file.label ?? file.version}`, file]),
    );
  }

  /** @param bundler esbuild is quick; Vite shows every error, where esbuild shows the first six */
  build(bundler: "esbuild" | "vite" = "esbuild", env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return buildApp(bundler, this.root, { ...this.#platform.env, ...env });
  }

  /** Runs what {@link build} made. `live`: the version that live prompts are waited for. */
  runBuilt(live?: number, bundler: "esbuild" | "vite" = "esbuild"): Promise<Ran> {
    const env = live === undefined ? {} : { WIRE_LIVE: String(live) };
    return node([outputFile(bundler, this.root)], {
      cwd: this.root,
      env: { ...this.#platform.env, ...env },
    });
  }

  register(): Promise<Ran> {
    return node(["--import", "unplugin-scope/register", "app.js"], {
      cwd: this.root,
      env: { ...this.#platform.env, SCOPE_FETCH: "auto" },
    });
  }

  async startDev(): Promise<ServerProcess> {
    const server = new RenderingServer(this.root, this.#platform.env);
    const [, url = ""] = await server.said(/ready (\S+)/);
    this.#dev = { server, url };
    return server;
  }

  /** What the running dev server renders, as soon as `isMeant` finds it in there. */
  async dev(isMeant: (shown: AllShown) => boolean = () => true): Promise<AllShown> {
    const find = async () => {
      const text = await (await fetch(this.#dev?.url ?? "", { headers: { connection: "close" } })).text();
      const json = text.slice(text.indexOf("{"));
      if (!text.includes("{")) throw new Error(text);
      const found = JSON.parse(json) as AllShown;
      return isMeant(found) && found;
    };
    return waitFor("what dev renders", find, { describe: () => this.#dev?.server.output });
  }

  async close(): Promise<void> {
    await this.#dev?.server.stop();
  }
}

/** What a program printed that had to end well. */
export function printedBy({ code, stdout, stderr }: Ran): string {
  expect(code, stderr).toBe(0);
  return stdout;
}
