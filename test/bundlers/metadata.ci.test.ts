import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import {
  type Bundler,
  buildApp,
  makeApp,
  outputFile,
  SOME_BUNDLERS,
  temporaryFolder,
  writeTree,
} from "../support/app.ts";
import { node, scopeGen, succeed } from "../support/run.ts";

const READS = [
  'import hi, { metadata } from "scope:hi";',
  "console.log(hi(), metadata.model, metadata.temperature);",
].join("\n");
const READS_NOT = 'import hi from "scope:hi";\nconsole.log(hi());\n';

let dir: string;
let platform: Platform;
beforeEach(async () => {
  dir = await temporaryFolder();
  platform = await startPlatform({ dir });
  await save({ 1: { model: "gpt-4o-mini", temperature: 0.3 } });
});
afterEach(() => platform.close());

/** Versions with the same text and these metadata. */
async function save(metadata: Readonly<Record<number, object>>): Promise<void> {
  const versions = Object.entries(metadata).map(([number, one]) => [number, { metadata: one }]);
  await writeTree(dir, {
    ...Object.fromEntries(versions.map(([number]) => [`hi/${number}.md`, "Hi."])),
    "hi/prompt.json": JSON.stringify({ versions: Object.fromEntries(versions) }),
  });
}

/** An app whose snapshot is version 1; version 2 has this metadata. */
async function app(
  main: string,
  second: object,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = await makeApp({ "src/main.ts": main, ...files });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
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
  it("ships another model, and a line says which", async () => {
    const root = await app(READS, { model: "gpt-5", temperature: 0.9 });
    const { code, printed } = await built(bundler, root);
    expect(code, printed).toBe(0);
    expect(printed).toContain(
      'hi@production: version 1 → 2 (model: "gpt-4o-mini" → "gpt-5", temperature: 0.3 → 0.9)',
    );
    expect(await output(bundler, root)).toBe("Hi. gpt-5 0.9");
  });

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

it('contract: { metadata: "warn" } ships it anyway', async () => {
  const root = await app(READS, BROKEN);
  const { code, printed } = await built("esbuild", root, { contract: { metadata: "warn" } });
  expect(code, printed).toBe(0);
  expect(printed).toContain(`changes the contract (${WHAT}). Run: npx scope-gen pull`);
  expect(await output("esbuild", root)).toBe("Hi. undefined 0.9");
});

it.each([
  ["committed version if code reads its metadata", READS, "version 1 is built.", "Hi. gpt-4o-mini 0.3"],
  ["new version if none does", READS_NOT, "no import reads its metadata", "Hi."],
])('onContractChange: "keep" builds the %s', async (_, main, words, text) => {
  const root = await app(main, BROKEN);
  const { code, printed } = await built("esbuild", root, { onContractChange: "keep" });
  expect(code, printed).toBe(0);
  expect(printed).toContain(words);
  expect(await output("esbuild", root)).toBe(text);
});

it("a break of the variables as well is refused, whatever reads the metadata", async () => {
  const root = await app(READS_NOT, BROKEN);
  await writeTree(dir, { "hi/2.md": "Hi {{name}}." });
  const { code, printed } = await built("esbuild", root, { contract: { metadata: "warn" } });
  expect(code).toBe(1);
  expect(printed).toContain('new variable "name", metadata "model" is gone');
});
