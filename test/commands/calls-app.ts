import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { writeTree } from "../support/app.ts";
import { ROOT } from "../support/run.ts";
import { cli } from "./cli-helpers.ts";

/** Content of a new version: a text, or the messages of a chat. */
export type Content = string | readonly { readonly role: string; readonly content: string }[];

export const chat = (...messages: [role: string, content: string][]) =>
  messages.map(([role, content]) => ({ role, content }));

/** The application of `fixtures/apps/calls`, pulled, over a platform of its own whose prompts can be edited. */
export interface CallsApp {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** File and line of a mark in the sources: `#12` → `src/welcome.ts:21`. */
  place(mark: string): string;
  /** Adds a version to a prompt; the metadata of version 1 unless given. */
  addVersion(name: string, content: Content, metadata?: unknown): Promise<void>;
  /** Writes any file among the platform's prompts. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the prompts as they were. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function startCallsApp(): Promise<CallsApp> {
  const fixture = join(ROOT, "fixtures", "apps", "calls");
  const root = await realpath(await mkdtemp(join(tmpdir(), "scope-calls-")));
  await cp(fixture, root, { recursive: true });
  await writeFile(join(root, "package-lock.json"), "{}");
  const dir = join(root, "prompts");
  const platform = await startPlatform({ dir });
  const pulled = await cli(["pull"], { cwd: root, env: platform.env });
  if (pulled.code !== 0) throw new Error(pulled.stderr);
  const marks = await readMarks(join(root, "src"));
  return {
    root,
    env: platform.env,
    platform,
    place(mark) {
      const place = marks.get(mark);
      if (place === undefined) throw new Error(`No mark ${mark} in the sources.`);
      return place;
    },
    async addVersion(name, content, metadata) {
      const settings = await readFile(join(dir, name, "prompt.json"), "utf8").catch(() => "{}");
      const versions = JSON.parse(settings).versions ?? {};
      versions["2"] = { metadata: metadata === undefined ? versions["1"]?.metadata : metadata };
      // First what describes it: between the two, a poll still sees version 1.
      await writeTree(dir, { [`${name}/prompt.json`]: JSON.stringify({ versions }) });
      const isText = typeof content === "string";
      await writeTree(dir, {
        [`${name}/2.${isText ? "md" : "json"}`]: isText ? content : JSON.stringify(content),
      });
    },
    write: (path, text) => writeTree(dir, { [path]: text }),
    remove: (path) => rm(join(dir, path), { recursive: true }),
    async restore() {
      await rm(dir, { recursive: true });
      await cp(join(fixture, "prompts"), dir, { recursive: true });
    },
    async close() {
      await platform.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function readMarks(folder: string): Promise<Map<string, string>> {
  const marks = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.\w+$/.test(name)) continue;
    const lines = (await readFile(join(folder, name), "utf8")).split("\n");
    for (const [index, line] of lines.entries()) {
      const mark = /(?:\/\*|\/\/) (#[\w-]+)/.exec(line)?.[1];
      if (mark !== undefined) marks.set(mark, `src/${name}:${index + 1}`);
    }
  }
  return marks;
}
