import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** What a folder (or top-level file) of `src` may import, beside itself. STYLE: one direction, no way back. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "prompt.ts": [],
  errors: ["prompt.ts"],
  contract: ["errors", "prompt.ts"],
  template: ["errors", "prompt.ts"],
  files: ["errors", "prompt.ts"],
  config: ["files", "errors", "prompt.ts"],
  discovery: ["config", "files", "errors", "prompt.ts"],
  // The protocol, which the live client uses too: no Node module, and nothing of the client's cache or surface.
  "client/http": ["config", "errors", "prompt.ts"],
  "client/api": ["client/http", "config", "errors", "prompt.ts"],
  "client/cache": ["client", "client/api", "client/http", "config", "errors", "prompt.ts"],
  client: ["client/cache", "client/api", "client/http", "config", "template", "errors", "prompt.ts"],
  snapshot: ["config", "files", "errors", "prompt.ts"],
  compiler: ["config", "contract", "template", "errors", "prompt.ts"],
  build: [
    "client",
    "client/api",
    "client/http",
    "compiler",
    "snapshot",
    "discovery",
    "config",
    "files",
    "contract",
    "template",
    "errors",
    "prompt.ts",
  ],
  dev: [
    "build",
    "client",
    "client/api",
    "client/http",
    "compiler",
    "snapshot",
    "discovery",
    "config",
    "files",
    "contract",
    "errors",
    "prompt.ts",
  ],
  tasks: [
    "build",
    "client",
    "client/api",
    "client/http",
    "compiler",
    "snapshot",
    "discovery",
    "config",
    "files",
    "contract",
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
  // What a page loads in development is bundled apart as well.
  "runtime/hot": ["runtime", "errors"],
  plugin: ["dev", "build", "config", "files", "errors", "prompt.ts"],
  register: ["build", "discovery", "snapshot", "config", "files", "errors", "prompt.ts"],
  next: ["plugin", "dev", "build", "discovery", "config", "files", "errors", "prompt.ts"],
  nuxt: ["plugin", "config", "errors", "prompt.ts"],
  // No command loads what development needs.
  cli: [
    "tasks",
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
    "files",
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
  const apart = /^(?:runtime\/(?:live|hot)|client\/(?:http|api|cache))(?=\/)/.exec(file);
  if (apart !== null) return apart[0];
  return file.includes("/") ? (file.split("/")[0] as string) : file;
}

describe("imports", () => {
  it("are found at all", () => {
    const found = (from: string, to: string) => imports.some((one) => one.from === from && one.to === to);
    expect(found("index.ts", "config/define-config.ts")).toBe(true);
    // A dynamic import, and one that is for types alone.
    expect(found("dev/start-run.ts", "dev/start-dev.ts")).toBe(true);
    expect(found("dev/start-run.ts", "build/project.ts")).toBe(true);
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

  it("are of a framework in the hot updates of that framework alone, so that no page has to have it", async () => {
    const hot = files.filter((file) => file.startsWith("runtime/hot/"));
    const found = await Promise.all(
      hot.map(async (file) => {
        const text = await readFile(join(SRC, file), "utf8");
        return [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*"([^."][^"]*)"/g)].map(
          ([, name]) => `${file}: ${name}`,
        );
      }),
    );
    expect(found.flat().sort()).toEqual([
      "runtime/hot/svelte.ts: svelte",
      "runtime/hot/svelte.ts: svelte/reactivity",
      "runtime/hot/vue.ts: vue",
    ]);
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
