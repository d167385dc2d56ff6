import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** What a folder (or top-level file) of `src` may import, beside itself. STYLE: one direction, no way back. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "prompt.ts": [],
  errors: ["prompt.ts"],
  config: ["errors", "prompt.ts"],
  contract: ["errors", "prompt.ts"],
  template: ["errors", "prompt.ts"],
  discovery: ["config", "errors", "prompt.ts"],
  // The protocol, which the live client uses too: no Node module, and nothing of the client's cache or surface.
  "client/http": ["config", "errors", "prompt.ts"],
  "client/api": ["client/http", "config", "errors", "prompt.ts"],
  "client/cache": ["client", "client/api", "client/http", "config", "errors", "prompt.ts"],
  client: ["client/cache", "client/api", "client/http", "config", "template", "errors", "prompt.ts"],
  snapshot: ["config", "template", "errors", "prompt.ts"],
  compiler: ["config", "contract", "template", "errors", "prompt.ts"],
  build: [
    "client",
    "client/api",
    "client/http",
    "compiler",
    "snapshot",
    "discovery",
    "config",
    "contract",
    "template",
    "errors",
    "prompt.ts",
  ],
  analysis: ["errors", "prompt.ts"],
  platform: ["errors", "prompt.ts"],
  // Of the config what options have to be, so that the same is refused at run time.
  runtime: ["config", "template", "errors", "prompt.ts"],
  // The live client is the one part of the runtime that talks to the platform; it is bundled apart from the rest.
  "runtime/live": [
    "runtime",
    "client/http",
    "client/api",
    "config",
    "contract",
    "template",
    "errors",
    "prompt.ts",
  ],
  plugin: ["build", "config", "errors", "prompt.ts"],
  register: ["build", "discovery", "snapshot", "config", "errors", "prompt.ts"],
  next: ["plugin", "build", "discovery", "snapshot", "config", "errors", "prompt.ts"],
  nuxt: ["plugin", "config", "errors", "prompt.ts"],
  cli: [
    "build",
    "analysis",
    "platform",
    "client",
    "client/api",
    "client/http",
    "compiler",
    "snapshot",
    "discovery",
    "config",
    "contract",
    "template",
    "errors",
    "prompt.ts",
  ],
  "index.ts": ["plugin", "config", "errors", "prompt.ts"],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** `import()`, of a type or when it is needed. */
  readonly isLazy: boolean;
}

const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith(".ts"));
const imports = (await Promise.all(files.map(importsOf))).flat();

async function importsOf(file: string): Promise<Import[]> {
  const text = await readFile(join(SRC, file), "utf8");
  const lazy = text.matchAll(/\bimport\("(\.{1,2}\/[^"?]+)[^"]*"\)/g);
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^;"]*?(?:from\s+)?"(\.{1,2}\/[^"?]+)[^"]*"/gms);
  const importOf = (specifier: string, typeOnly: boolean, isLazy = false): Import => ({
    from: file,
    to: relative(SRC, join(SRC, dirname(file), specifier)),
    typeOnly,
    isLazy,
  });
  return [
    ...[...found].map(([, type, specifier]) => importOf(specifier as string, type !== undefined)),
    ...[...lazy].map(([, specifier]) => importOf(specifier as string, false, true)),
  ];
}

/** The folder a file belongs to, or the file itself at the top. */
function stage(file: string): string {
  const room = /^(?:runtime\/live|client\/(?:http|api|cache))(?=\/)/.exec(file);
  if (room !== null) return room[0];
  return file.includes("/") ? (file.split("/")[0] as string) : file;
}

describe("imports", () => {
  it("are found at all", () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it("go one way, from stage to stage", () => {
    const wrong = imports
      .filter(({ to }) => !to.startsWith(".."))
      .filter(({ from, to }) => stage(from) !== stage(to) && !MAY_IMPORT[stage(from)]?.includes(stage(to)));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it("of a Node module are in no room of the client's protocol, but in the transport for Node", async () => {
    const rooms = files.filter((file) => /^client\/(?:http|api)\//.test(file));
    const texts = await Promise.all(rooms.map((file) => readFile(join(SRC, file), "utf8")));
    expect(rooms.filter((_, i) => /from "(?:node:|[a-z@])|import\("[a-z@]/.test(texts[i] as string))).toEqual(
      ["client/http/undici-transport.ts"],
    );
  });

  it("reach outside of src for templates and the package's own facts alone", () => {
    const allowed = ({ to }: { to: string }) => to.startsWith("../templates/") || to === "../package.json";
    const outside = imports.filter((one) => one.to.startsWith("..") && !allowed(one));
    expect(outside.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it("have no cycle", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly, isLazy } of imports) {
      if (!typeOnly && !isLazy) graph.set(from, [...(graph.get(from) ?? []), to]);
    }
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
