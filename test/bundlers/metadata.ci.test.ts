import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bundler, buildApp, makeApp, outputFile, SOME_BUNDLERS, writeTree } from "../support/app.ts";
import { type ServedPrompts, servePrompts } from "../support/dev-platform.ts";
import { node, scopeGen, succeed } from "../support/run.ts";

const READS = [
  'import hi, { metadata } from "scope:hi";',
  "console.log(hi(), metadata.model, metadata.temperature);",
].join("\n");
const READS_NOT = 'import hi from "scope:hi";\nconsole.log(hi());\n';

let platform: ServedPrompts;
beforeEach(async () => {
  platform = await servePrompts({});
  await save({ 1: { model: "gpt-4o-mini", temperature: 0.3 } });
});
afterEach(() => platform.close());

/** Versions with the same text and these metadata. */
async function save(metadata: Readonly<Record<number, object>>): Promise<void> {
  const versions = Object.entries(metadata).map(([number, one]) => [number, { metadata: one }]);
  await writeTree(platform.dir, {
    ...Object.fromEntries(versions.map(([number]) => [`hi/${number}.md`, "Hi."])),
    "hi/prompt.json": JSON.stringify({ versions: Object.fromEntries(versions) }),
  });
}

const pull = (root: string) => succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));

/** An app whose snapshot is version 1; version 2 has this metadata. */
async function app(
  main: string,
  second: object,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = await makeApp({ "src/main.ts": main, ...files });
  await pull(root);
  await save({ 1: { model: "gpt-4o-mini", temperature: 0.3 }, 2: second });
  return root;
}

async function built(bundler: Bundler, root: string, options: object = {}) {
  const ran = await buildApp(bundler, root, {
    ...platform.env,
    TEST_PLUGIN_OPTIONS: JSON.stringify(options),
  });
  // Farm prints an error as a quoted string.
  return { code: ran.code, printed: (ran.stdout + ran.stderr).replaceAll('\\"', '"') };
}

async function output(bundler: Bundler, root: string): Promise<string> {
  return (await node([outputFile(bundler, root)], { cwd: root })).stdout.trim();
}

const BROKEN = { temperature: "0.9" };
const WHAT = 'metadata "model" is gone, metadata "temperature" changed from number to string';

describe.each(SOME_BUNDLERS)("%s", (bundler) => {
  it("refuses a build if metadata that code reads is gone, and names the files", async () => {
    const { code, printed } = await built(bundler, await app(READS, BROKEN));
    expect(code).not.toBe(0);
    expect(printed).toContain("build_contract_changed");
    expect(printed).toContain(WHAT);
    expect(printed).toContain("Its metadata is read in src/main.ts.");
    expect(printed).toContain("SCOPE_FETCH=never");
  });

  it("warns once about metadata that no code reads, however often the prompt is imported", async () => {
    // Farm drops a module that is only imported for its side effects.
    const two = 'import hi from "scope:hi";\nexport const two = hi();\n';
    const main = `import { two } from "./two.ts";\n${READS_NOT}console.log(two);\n`;
    const root = await app(main, BROKEN, { "src/two.ts": two });
    const { code, printed } = await built(bundler, root);
    expect(code, printed).toBe(0);
    const warning = `(${WHAT}), and no import reads its metadata. Run: npx scope-gen pull`;
    expect(printed.split(warning), printed).toHaveLength(2);
    expect(await output(bundler, root)).toBe("Hi.\nHi.");
  });
});

/** A model that a project's rule refuses. */
const rule = { "model?": ["gpt-4o-mini", "gpt-4o-large"] };
const WRONG = { model: "gpt-4o-lrage", temperature: 0.3 };
const REFUSED = 'metadata.model is "gpt-4o-lrage"; this project accepts "gpt-4o-mini", "gpt-4o-large"';
const chosen = { "scope.config.json": JSON.stringify({ metadata: rule }) };
const [WARN, KEEP] = [{ onContractChange: "warn" }, { onContractChange: "keep" }];

// biome-ignore format: one row a line
it.each<[what: string, main: string, second: object, options: object, words: string[], text: string, files?: typeof chosen]>([
  ["committed version if code reads its metadata", READS, BROKEN, KEEP, ["version 1 is built."], "Hi. gpt-4o-mini 0.3"],
  ["new version if none does", READS_NOT, BROKEN, KEEP, ["no import reads its metadata"], "Hi."],
  ["new version if a rule refuses it, whoever reads it", READS_NOT, WRONG, WARN, ["changes the contract", REFUSED], "Hi.", chosen],
  ["committed version if a rule refuses it, whoever reads it", READS_NOT, WRONG, KEEP, ["version 1 is built.", REFUSED], "Hi.", chosen],
])("builds the %s", async (_, main, second, options, words, text, files) => {
  const root = await app(main, second, files);
  const { code, printed } = await built("esbuild", root, options);
  expect(code, printed).toBe(0);
  for (const one of words) expect(printed).toContain(one);
  expect(await output("esbuild", root)).toBe(text);
});

it("a break of the variables as well is refused, whatever reads the metadata", async () => {
  const root = await app(READS_NOT, BROKEN);
  await writeTree(platform.dir, { "hi/2.md": "Hi {{name}}." });
  const { code, printed } = await built("esbuild", root);
  expect(code).toBe(1);
  expect(printed).toContain('new variable "name", metadata "model" is gone');
});

// Code that reads metadata has nothing to do with it.
describe("what the rule for metadata refuses", () => {
  it("stops a build that doesn't read it", async () => {
    const root = await app(READS_NOT, WRONG, chosen);
    const { code, printed } = await built("esbuild", root);
    expect(code).toBe(1);
    expect(printed).toContain("build_contract_changed");
    expect(printed).toContain(REFUSED);
    // Pulled, it would be refused all the same.
    expect(printed).not.toContain("scope-gen pull");
    const check = await scopeGen(["check"], { cwd: root, env: platform.env });
    expect(check.stdout).toContain("no call breaks, but builds refuse it");
    const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
    expect([pulled.code, pulled.stderr]).toEqual([1, expect.stringContaining("metadata_invalid")]);
    expect(await readFile(join(root, "scope/hi@production.json"), "utf8")).toContain("gpt-4o-mini");
  });

  it("is said of what is committed, although the platform has a good one", async () => {
    await save({ 1: WRONG });
    const root = await makeApp({ "src/main.ts": READS_NOT });
    await pull(root);
    await save({ 1: WRONG, 2: { model: "gpt-4o-large", temperature: 0.3 } });
    await writeTree(root, { "scope.config.json": JSON.stringify({ metadata: rule, fetch: "never" }) });
    const check = await scopeGen(["check"], { cwd: root, env: platform.env });
    expect([check.code, check.stdout]).toEqual([3, expect.stringContaining(`is refused: ${REFUSED}`)]);
    expect((await built("esbuild", root)).printed).toContain("metadata_invalid");
  });

  it("has its reason in check without an import, and can lack a key of any name", async () => {
    await save({ 1: WRONG });
    const metadata = { ...rule, constructor: "string", valueOf: "string" };
    const root = await makeApp({ "scope.config.json": '{ "prompts": ["hi"] }' });
    await pull(root);
    await writeTree(root, { "scope.config.json": JSON.stringify({ prompts: ["hi"], metadata }) });
    const check = await scopeGen(["check", "--json"], { cwd: root, env: platform.env });
    const [prompt] = JSON.parse(check.stdout).prompts;
    expect(prompt).toMatchObject({ stopsBuild: true, problem: { code: "metadata_invalid" } });
    for (const words of [REFUSED, "metadata.constructor is missing"])
      expect(prompt.problem.message).toContain(words);
  });

  it.each(["production", "version"])(
    "is metadata_invalid once it's committed (%s), with the nearest right one, offline too",
    async (pin) => {
      await save({ 1: WRONG });
      const root = await makeApp({ "src/main.ts": READS_NOT });
      await pull(root);
      const snapshot = await readFile(join(root, "scope/hi@production.json"), "utf8");
      const [version] = /version_\w+/.exec(snapshot) ?? [];
      const prompts = pin === "version" ? { hi: { version } } : {};
      await writeTree(root, { "scope.config.json": JSON.stringify({ prompts }) });
      await pull(root);
      await writeTree(root, { "scope.config.json": JSON.stringify({ prompts, metadata: rule }) });
      await succeed(scopeGen(["types"], { cwd: root }));
      const offline = { cwd: root, env: { SCOPE_FETCH: "never" } };
      const check = await scopeGen(["check"], offline);
      expect(check.code).toBe(3);
      for (const words of [REFUSED, 'Did you mean "gpt-4o-large"?'])
        expect(check.stdout + check.stderr).toContain(words);
      const { code, printed } = await built("esbuild", root, { fetch: "never" });
      expect(code).toBe(1);
      for (const words of ["metadata_invalid", REFUSED, 'Did you mean "gpt-4o-large"?'])
        expect(printed).toContain(words);
    },
  );
});
