import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** What everything may import. */
const BASE = ["errors", "prompt.ts", "environment.ts", "debug.ts"];
const PROTOCOL = ["client/connection", "client/http", "client/api"];
const CLIENT = ["client", ...PROTOCOL];
const CORE = [...CLIENT, "compiler", "contract", "template", "files", ...BASE];

/** What a folder (or top-level file) of `src` may import, apart from itself. STYLE: one direction, no way back. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "prompt.ts": [],
  "environment.ts": [],
  "debug.ts": ["errors"],
  // Entries that run everywhere.
  "messages.ts": ["template"],
  "opentelemetry.ts": ["environment.ts"],
  // Of prompts the types, to say where in a text something is.
  errors: ["prompt.ts"],
  files: ["errors", "prompt.ts", "environment.ts"],
  template: ["errors"],
  contract: ["template", "errors", "prompt.ts"],
  compiler: ["contract", "template", "errors", "prompt.ts"],
  "client/connection": ["errors", "prompt.ts", "environment.ts"],
  // The protocol, which the live client uses too: no Node module, and nothing of the client's cache or surface.
  "client/http": ["client/connection", ...BASE],
  "client/api": ["client/http", "client/connection", ...BASE],
  "client/cache": [...CLIENT, ...BASE],
  client: ["client/cache", ...CLIENT, "template", ...BASE],
  // Of the connection what options have to be, so that the same is refused at run time.
  runtime: ["client/connection", "template", ...BASE],
  // The live client is the one part of the runtime that talks to the platform; it is bundled apart from the rest.
  "runtime/live": ["runtime", ...PROTOCOL, "contract", "template", ...BASE],
  // What a page loads in development is bundled apart as well.
  project: CORE,
  run: ["project", ...CORE],
  "run/dev": ["run", "project", ...CORE],
  bundlers: ["run/dev", "run", "project", "inspector", ...CORE],
  // Neither a command nor /register loads what development needs.
  "bundlers/register": ["run", "project", ...BASE],
  "commands/errors": [...BASE],
  // Flags and the terminal.
  "commands/cli": ["commands/errors", "project", ...CORE],
  "commands/report": ["commands/cli", "commands/errors", "project", ...CORE],
  platform: ["errors", "prompt.ts"],
  "platform/testing": ["platform", "errors", "prompt.ts"],
  // Of `run/dev` the one rate limiter of a process, of `platform` what keeps a server on this machine.
  inspector: ["run/dev", "run", "project", "platform", ...CORE],
  // The page runs in a browser: it takes the shapes of its data, and nothing else.
  "inspector/page": ["inspector", "contract", "prompt.ts"],
  "index.ts": ["bundlers", "project", "client/connection", ...BASE],
};

/** What the work of one command may import, apart from its own folder: no other command. */
const OF_WORK = ["commands/report", "commands/errors", "run", "project", ...CORE];

/** The same of its flags, which also print. */
const OF_FLAGS: Record<string, readonly string[]> = {
  // The table of all commands, which a run loads one of.
  "commands/main/flags": ["commands/errors", "commands/cli", ...CORE],
  "commands/promote/flags": ["commands/cli", "platform", ...OF_WORK],
  "commands/serve/flags": ["commands/cli", "platform", ...OF_WORK],
  "commands/ui/flags": ["commands/cli", "inspector", ...OF_WORK],
};

function mayImport(from: string, to: string): boolean {
  if (from === "commands/main/flags" && /^commands\/\w+\/flags$/.test(to)) return true;
  if (from === `${to}/flags`) return true;
  if (from.endsWith("/flags")) return (OF_FLAGS[from] ?? ["commands/cli", ...OF_WORK]).includes(to);
  return (MAY_IMPORT[from] ?? OF_WORK).includes(to);
}

/** What begins outside of src and is named in tsdown.config.ts by no whole path, and what is types alone. */
const BEGINNINGS = [
  "modules.d.ts",
  "inspector/page/main.ts",
  "runtime/hot-vite.ts",
  "runtime/live/live-client.ts",
];

/** The files that import what they are told to. */
const COMPUTED = ["project/render-prompt.ts", "runtime/hot-vite.ts"];

/** The one file that reads the process's environment, and the one that sets a variable for processes that Next starts. */
const ENVIRONMENT = ["bundlers/next/prompt-build.ts", "environment.ts"];

interface Import {
  readonly from: string;
  /** As written; undefined where it is computed. */
  readonly specifier: string | undefined;
  readonly typeOnly: boolean;
  /** `import()`, of a type or when it is needed. */
  readonly isLazy: boolean;
}

/** An import of a file. */
interface FileImport extends Import {
  readonly to: string;
}

const files = (await readdir(SRC, { recursive: true }))
  .filter((file) => /\.(?:ts|svelte)$/.test(file))
  .sort();
const everyImport = (
  await Promise.all(files.map(async (file) => importsIn(file, await readFile(join(SRC, file), "utf8"))))
).flat();
const imports = everyImport.flatMap(fileImport);

function importsIn(from: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, isLazy = false) => {
    const isLiteral = specifier !== undefined && ts.isStringLiteralLike(specifier);
    found.push({ from, specifier: isLiteral ? specifier.text : undefined, typeOnly, isLazy });
  };
  const walk = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false, true);
    }
    ts.forEachChild(node, walk);
  };
  // A component's imports are in its script.
  const script = from.endsWith(".svelte") ? text.replace(/^<script[^>]*>|<\/script>[\s\S]*/g, "") : text;
  walk(ts.createSourceFile(from, script, ts.ScriptTarget.Latest, true));
  return found;
}

function fileImport(one: Import): FileImport[] {
  if (!one.specifier?.startsWith(".")) return [];
  const path = one.specifier.replace(/\?.*/, "");
  return [{ ...one, to: relative(SRC, join(SRC, dirname(one.from), path)).replaceAll("\\", "/") }];
}

/** `file: specifier` of each import that is of no file of this package. */
function outsideImports(isMeant: (file: string) => boolean): string[] {
  return everyImport
    .filter(({ from, specifier }) => isMeant(from) && specifier?.startsWith(".") === false)
    .map(({ from, specifier }) => `${from}: ${specifier}`);
}

/** The folder a file belongs to, or the file itself at the top. */
function stage(file: string): string {
  if (/^commands\/(?:main|run-cli)\./.test(file)) return "commands/main/flags";
  if (/^commands\/cli\/errors\./.test(file)) return "commands/errors";
  const [, folder] = /^(commands\/\w+)\//.exec(file) ?? [];
  if (folder) return /\/(?:command|run-pin|init|doctor)\.ts$/.test(file) ? `${folder}/flags` : folder;
  const apart =
    /^(?:runtime\/live|inspector\/page|client\/(?:connection|http|api|cache)|run\/dev|platform\/testing|bundlers\/register)(?=\/)/.exec(
      file,
    );
  if (apart !== null) return apart[0];
  return file.includes("/") ? (file.split("/")[0] as string) : file;
}

describe("imports", () => {
  it("are found in every form", () => {
    const text = `
      import "./effect.ts";
      import a, {
        b,
      } from "./value.ts?raw";
      import type { C } from "./type.ts";
      import { type D } from "./mixed.ts";
      import * as e from "./all.ts"; import f from './quoted.ts';
      import g = require("./require.ts");
      export { h } from "../up.ts";
      export type { I } from "./export-type.ts";
      export * from "./export-all.ts";
      export { a };
      type J = import("./of-a-type.ts").J;
      const k = async () => [await import("./lazy.ts"), await import(\`./template.ts\`), import(computed)];
      // import "./comment.ts";
      const l = 'import "./text.ts"';`;
    const found = importsIn("room/file.ts", text);
    const kind = ({ typeOnly, isLazy }: Import) => `${typeOnly ? " type" : ""}${isLazy ? " lazy" : ""}`;
    expect(found.map((one) => `${fileImport(one)[0]?.to}${kind(one)}`)).toEqual([
      "room/effect.ts",
      "room/value.ts",
      "room/type.ts type",
      "room/mixed.ts",
      "room/all.ts",
      "room/quoted.ts",
      "room/require.ts",
      "up.ts",
      "room/export-type.ts type",
      "room/export-all.ts",
      "room/of-a-type.ts type lazy",
      "room/lazy.ts lazy",
      "room/template.ts lazy",
      "undefined lazy",
    ]);
  });

  it("point to files that exist, and every file except the entries is imported", async () => {
    const inSrc = imports.filter(({ to }) => !to.startsWith(".."));
    expect(inSrc.filter(({ to }) => !files.includes(to))).toEqual([]);
    const built = await readFile(join(SRC, "../tsdown.config.ts"), "utf8");
    const entries = [...built.matchAll(/"src\/([^"]+\.ts)"/g)].map(([, file]) => file);
    expect(entries).toContain("index.ts");
    const reached = new Set([...inSrc.map(({ to }) => to), ...entries, ...BEGINNINGS]);
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
    expect(BEGINNINGS.filter((file) => !files.includes(file))).toEqual([]);
  });

  it("are computed only if the module is the user's own", () => {
    const computed = everyImport.filter(({ specifier }) => specifier === undefined);
    expect(computed.map(({ from }) => from)).toEqual(COMPUTED);
  });

  it("go one way, from stage to stage", () => {
    const wrong = imports
      .filter(({ to }) => !to.startsWith(".."))
      .filter(({ from, to }) => stage(from) !== stage(to) && !mayImport(stage(from), stage(to)));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
    // What lies beside the folders of the commands belongs to none, so nothing would hold it.
    const loose = files.filter((file) => /^commands\/[^/]+$/.test(file));
    expect(loose).toEqual(["commands/main.ts", "commands/run-cli.ts"]);
  });

  it("of Node modules and packages aren't in the client's protocol, except in the transport for Node", () => {
    expect(outsideImports((file) => /^client\/(?:http|api)\//.test(file))).toEqual([
      "client/http/undici-transport.ts: undici",
      "client/http/undici-transport.ts: undici/index.js",
    ]);
  });

  it("only reach outside src for templates and the package's own facts", () => {
    const allowed = ({ to }: { to: string }) => to.startsWith("../templates/") || to === "../package.json";
    const outside = imports.filter((one) => one.to.startsWith("..") && !allowed(one));
    expect(outside.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it("of the page's hot updates are none", () => {
    expect(outsideImports((file) => file === "runtime/hot-vite.ts")).toEqual([]);
  });

  it("have no cycles", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly, isLazy } of imports) {
      // A component that shows itself, further in, names itself.
      if (!typeOnly && !isLazy && from !== to) graph.set(from, [...(graph.get(from) ?? []), to]);
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

  it("read the environment in one file", async () => {
    const readers: string[] = [];
    for (const file of files) {
      const code = (await readFile(join(SRC, file), "utf8")).replace(/^ *(?:\/\/|\*).*$/gm, "");
      if (/\bprocess\??\.env\b/.test(code)) readers.push(file);
    }
    expect(readers).toEqual(ENVIRONMENT);
  });
});

/** The files in which each name is found. */
async function filesByName(pattern: RegExp): Promise<ReadonlyMap<string, readonly string[]>> {
  const places = new Map<string, Set<string>>();
  for (const file of files)
    for (const [, name = ""] of (await readFile(join(SRC, file), "utf8")).matchAll(pattern))
      places.set(name, (places.get(name) ?? new Set()).add(file));
  return new Map([...places].map(([name, found]) => [name, [...found]]));
}

it("the name of an exported type means one thing", async () => {
  const types = await filesByName(/^export (?:abstract class|class|interface|type) (\w+)/gm);
  expect([...types].filter(([, all]) => all.length > 1)).toEqual([]);
});

it("the name of an exported function means one thing, also where it isn't exported", async () => {
  const exported = await filesByName(/^export (?:async )?function\*? (\w+)/gm);
  const all = await filesByName(/^(?:export )?(?:async )?function\*? (\w+)/gm);
  const twice = [...exported.keys()].filter((name) => (all.get(name) ?? []).length > 1);
  expect(twice.map((name) => [name, all.get(name)])).toEqual([]);
});
