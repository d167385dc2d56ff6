import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { node, ROOT, succeed } from "../support/run.ts";
import { SOME_TYPESCRIPTS, STRICTEST, TYPESCRIPTS } from "../types/project.ts";
import { packedApp } from "./packed-app.ts";

/** What the declarations of the plugins refer to, and an app with that bundler has. */
const PEERS = [
  "@farmfe/core",
  "@rspack/core",
  "@types/node",
  "esbuild",
  "rolldown",
  "rollup",
  "vite",
  "webpack",
];

/** The ways to resolve a package's types, each with the module format that goes with it. */
const RESOLUTIONS = { bundler: "esnext", node16: "node16", nodenext: "nodenext" };

/** What one entry of the package gives, by name. */
interface Entry {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** Every public name of every entry, as declarations.test.ts has recorded it: a name that is lost is seen there. */
const ENTRIES: Record<string, Entry> = {};
const RECORDED = join(import.meta.dirname, "declarations");
for (const file of await readdir(RECORDED)) {
  const text = await readFile(join(RECORDED, file), "utf8");
  const names = (kind: string) =>
    (new RegExp(`^${kind} \\{ (.*) \\};$`, "m").exec(text)?.[1] ?? "").match(/[\w."]+(?=,|$)/g) ?? [];
  const entry = file === "index.d.ts" ? "unplugin-scope" : `unplugin-scope/${file.replace(".d.ts", "")}`;
  const values = names("export").map((name) => name.replaceAll('"', ""));
  ENTRIES[entry] = { values, types: names("export type") };
}
/** `require` gives the factory itself, as is documented for the plugins and for Next. */
const isRequired = ({ values }: Entry) => values.includes("module.exports");

let app: string;
/** Installs a package that the repository has. */
async function install(name: string): Promise<void> {
  const link = join(app, "node_modules", name);
  await mkdir(dirname(link), { recursive: true });
  await symlink(join(ROOT, "node_modules", name), link, "junction");
}

beforeAll(async () => {
  ({ app } = await packedApp());
  // What uses its entry has it.
  await install("@opentelemetry/api");
}, 180_000);

/** Code that takes each name of an entry and hands it on: an error if one is missing or isn't a value. */
function takesAll(name: string, { values, types }: Entry): string {
  const names = values
    .filter((value) => value !== "module.exports")
    .map((value) => (value === "default" ? "default as it" : value));
  return [
    `export { ${names.join(", ")} } from "${name}";`,
    ...types.map((type) => `export type { ${type} } from "${name}";`),
  ].join("\n");
}

/** Code that gives a plugin a right option and a wrong one: types that are `any` would take both. */
function callsFactory(name: string, importing: string): string {
  const first = name.endsWith("/next") ? "{}, " : "";
  // Nuxt gives its modules itself behind their options.
  const last = name.endsWith("/nuxt") ? ", {}" : "";
  return [
    importing,
    `export const right = factory(${first}{ target: "server" }${last});`,
    "// @ts-expect-error: a misspelt option",
    `export const wrong = factory(${first}{ lable: "latest" }${last});`,
  ].join("\n");
}

/** The README's own config, as a reader copies it. */
async function readmeConfig(): Promise<string> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const block = /add `scope\.config\.ts`:\n\n```ts\n(.*?)```/s.exec(readme)?.[1];
  if (block === undefined) throw new Error("The README has no block for scope.config.ts any more");
  return block;
}

/** The errors of this app, of this package's declarations and of no file; the bundlers' declarations have their own. */
function ownErrors(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => /^(?:(?:src|node_modules\/unplugin-scope)\/|scope\.config|error )/.test(line));
}

describe("at run time", () => {
  it("each entry imports without any bundler installed, and exports exactly its values", async () => {
    await writeTree(app, {
      "import.js": `const report = {};
        for (const name of ${JSON.stringify(Object.keys(ENTRIES))}) report[name] = Object.keys(await import(name));
        console.log(JSON.stringify(report));`,
    });
    const ran = await succeed(node(["import.js"], { cwd: app }));
    const report: Record<string, string[]> = JSON.parse(ran.stdout);
    for (const [name, { values }] of Object.entries(ENTRIES))
      expect([name, report[name]?.sort()]).toEqual([name, [...values].sort()]);
  });

  it("the plugins and withScope can be required too, as the factory itself", async () => {
    const names = Object.keys(ENTRIES).filter((name) => isRequired(ENTRIES[name] as Entry));
    await writeTree(app, {
      "require.cjs": names.map((name) => `console.log("${name}", typeof require("${name}"));`).join("\n"),
    });
    const ran = await succeed(node(["--disable-warning=ExperimentalWarning", "require.cjs"], { cwd: app }));
    expect(ran.stdout.trim().split("\n")).toEqual(names.map((name) => `${name} function`));
  });
});

describe("for the type checker, with libraries checked", () => {
  beforeAll(async () => {
    for (const name of PEERS) await install(name);
    const files = Object.entries(ENTRIES).flatMap(([name, entry]) => {
      const file = name.replace("/", "-");
      const taken = [[`src/${file}.ts`, takesAll(name, entry)]];
      if (!isRequired(entry)) return taken;
      return [
        ...taken,
        [`src/${file}.call.ts`, callsFactory(name, `import factory from "${name}";`)],
        [`required/${file}.cts`, callsFactory(name, `import factory = require("${name}");`)],
      ];
    });
    await writeTree(app, { ...Object.fromEntries(files), "scope.config.ts": await readmeConfig() });
  });

  it.each(SOME_TYPESCRIPTS)(
    "TypeScript %s finds every name, and accepts the README's config",
    async (version) => {
      const projects = Object.entries(RESOLUTIONS).map(([moduleResolution, module]) => ({
        file: `tsconfig.${version}.${moduleResolution}.json`,
        options: { ...STRICTEST, types: ["node"], module, moduleResolution },
      }));
      for (const { file, options } of projects) {
        // TypeScript 5.6 knows no require of an ES module, and the older resolutions never will.
        const requires = options.moduleResolution === "nodenext" && version !== "5.6";
        const include = ["src", "scope.config.ts", ...(requires ? ["required"] : [])];
        await writeTree(app, { [file]: JSON.stringify({ compilerOptions: options, include }) });
      }
      const tsc = join(ROOT, "node_modules", TYPESCRIPTS[version], "bin", "tsc");
      const args = ["--build", "--verbose", "--pretty", "false", ...projects.map(({ file }) => file)];
      const { stdout, stderr } = await node([tsc, ...args], { cwd: app });
      expect(ownErrors(stdout)).toEqual([]);
      expect(stderr).toBe("");
      const built = [...stdout.matchAll(/Building project '(.*?)'/g)].map(([, file = ""]) => basename(file));
      expect(built).toEqual(projects.map(({ file }) => file));
    },
    300_000,
  );
});
