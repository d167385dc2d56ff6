import { join } from "node:path";
import { expect } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { cli } from "../commands/cli-helpers.ts";
import { buildApp, makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, node, type Ran, succeed } from "../support/run.ts";
import { RenderingServer } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import type { Edit } from "./edits.ts";

export interface Judged {
  readonly grade: string;
  readonly changes: readonly string[];
}

/** An app that imports a prompt for each edit: the version before it is committed, the one after it on the platform. */
export async function editedApp(edits: readonly Edit[]) {
  const names = edits.map((_, at) => `p_${at}`);
  const editOf = (name: string) => edits[Number(name.slice(2))] as Edit;
  const dir = await temporaryFolder();
  const file = (number: number, content: Edit["from"]) =>
    typeof content === "string"
      ? { [`${number}.md`]: content }
      : { [`${number}.json`]: JSON.stringify(content) };
  const settings = (name: string, production: number) => {
    const [before, after] = editOf(name).metadata ?? [{}, {}];
    return JSON.stringify({ production, versions: { 1: { metadata: before }, 2: { metadata: after } } });
  };
  for (const name of names) {
    const { from, to } = editOf(name);
    await writeTree(join(dir, name), { ...file(1, from), ...file(2, to), "prompt.json": settings(name, 1) });
  }
  const platform = await startPlatform({ dir });
  const { env } = platform;
  const imports = (some: readonly string[], query = "") =>
    `${some.map((name) => `import * as ${name} from "scope:${name}${query}";`).join("\n")}\nexport const all = { ${some.join(", ")} };\n`;
  const live = names.filter((name) => editOf(name).entry?.syntax !== "mustache");
  const config = (entryOf: (edit: Edit) => Edit["entry"]) =>
    JSON.stringify({
      prompts: Object.fromEntries(names.map((name) => [name, entryOf(editOf(name)) ?? {}])),
      include: ["src/**"],
      dts: false,
      dev: { interval: 0.2, maxRequestsPerSecond: 1000, label: "latest" },
      concurrency: 64,
    });
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": config(({ entry }) => entry),
    "src/render.js": `${imports(names)}export const render = () => String(Object.keys(all).length);\n`,
    "live/app.js": `${imports(live, "?live")}
      import { configureLive, liveStatus, refreshLive } from "unplugin-scope/runtime";
      const refused = {};
      configureLive({ maxRequestsPerSecond: 1000, onIncompatible: ({ name, changes }) => (refused[name] = changes) });
      for (let at = 0; at < 40 && liveStatus().some(({ lastConfirmed }) => !lastConfirmed); at += 1) await refreshLive();
      const served = Object.fromEntries(liveStatus().map(({ name, versionNumber }) => [name, versionNumber]));
      process.stdout.write(JSON.stringify({ refused, served }), () => process.exit());`,
  });
  await linkPackage(root);
  await succeed(cli(["pull"], { cwd: root, env }));
  await writeTree(root, {
    "scope.config.json": config(({ entry, ruleAfter }) =>
      ruleAfter === undefined ? entry : { ...entry, metadata: ruleAfter },
    ),
  });
  return {
    names,
    live,
    close: () => platform.close(),
    async promote(): Promise<void> {
      for (const name of names) await writeTree(join(dir, name), { "prompt.json": settings(name, 2) });
    },
    async check(): Promise<ReadonlyMap<string, Judged>> {
      const { code, stdout, stderr } = await cli(["check", "--json"], { cwd: root, env });
      expect(code, stderr).toBe(3);
      const all: { name: string; change: string; changes: { message: string }[] }[] =
        JSON.parse(stdout).prompts;
      const judged = ({ change, changes }: (typeof all)[0]): Judged => {
        return { grade: change, changes: changes.map(({ message }) => message) };
      };
      return new Map(all.map((one) => [one.name, judged(one)]));
    },
    /** Builds what imports some of them. */
    async build(bundler: "vite" | "esbuild", some: readonly string[]): Promise<Ran> {
      await writeTree(root, { "entry.js": imports(some) });
      return buildApp(bundler, root, env, "entry.js");
    },
    /** What development says of the drafts, once it has refused some. */
    async previews(refused: number): Promise<string> {
      await using server = new RenderingServer(root, env);
      await server.gives(String(names.length));
      const isAll = () => server.count(/preview_contract_changed/) >= refused;
      await waitFor("every preview", isAll, {
        timeoutMs: 60_000,
        describe: () => server.output.slice(-3000),
      });
      return server.output;
    },
    /** What a production server does: by name, the versions that it serves, and why it refuses the others. */
    async serve() {
      const flags = ["--disable-warning=ExperimentalWarning", "--import", "unplugin-scope/register"];
      const ran = await succeed(
        node([...flags, "live/app.js"], { cwd: root, env: { ...env, NODE_ENV: "production" } }),
      );
      return JSON.parse(ran.stdout) as {
        refused: Record<string, readonly string[]>;
        served: Record<string, number>;
      };
    },
  };
}

/** The part of an output that is about one prompt, from an error's code on. */
export function blockOf(output: string, code: string, name: string): string | undefined {
  return output.split(code).find((one) => one.includes(`"${name}@production"`));
}
