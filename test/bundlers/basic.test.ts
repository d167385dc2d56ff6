import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { BUNDLERS, buildApp, copyApp, outputFile, temporaryFolder, writeTree } from "../support/app.ts";
import { node, ROOT, scopeGen, tsc } from "../support/run.ts";

let platform: Awaited<ReturnType<typeof startPlatform>>;
let root: string;
beforeAll(async () => {
  platform = await startPlatform({ dir: join(ROOT, "fixtures", "prompts") });
  root = await copyApp("basic");
  const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
});
afterAll(() => platform.close());

/** What the app must print, made from the fixture files by hand. */
async function expectedOutput() {
  const text = (path: string) => readFile(join(ROOT, "fixtures", "prompts", path), "utf8");
  const fill = (template: string, values: Record<string, string>) =>
    template.replace(/\{\{(\w+)\}\}/g, (tag, name) => values[name] ?? tag);
  const greeting = await text("greeting-template/2.md");
  const who = { name: "Ada", product: "Looms" };
  return {
    greeting: fill(greeting, who),
    again: fill(greeting, who),
    latest: fill(await text("greeting-template/3.md"), { ...who, tone: "dry" }),
    content: greeting,
    review: fill(await text("code-review/1.md"), { file: "a.ts", language: "TypeScript", diff: "- a\n+ b" }),
    legal: await text("legal/disclaimer/1.md"),
  };
}

describe.each(BUNDLERS)("%s", (bundler) => {
  it("builds the app; the bundle runs in an empty folder and prints the prompts", async () => {
    const before = platform.requests.length;
    const built = await buildApp(bundler, root, platform.env);
    expect(built, built.stderr).toMatchObject({ code: 0 });

    const versions = platform.requests.slice(before).filter(({ method }) => method === "GET");
    expect(versions.map(({ path }) => path).sort()).toEqual(
      [...new Set(versions.map(({ path }) => path))].sort(),
    );

    const empty = await temporaryFolder();
    await copyFile(outputFile(bundler, root), join(empty, "main.mjs"));
    const ran = await node(["main.mjs"], { cwd: empty });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
    const printed = JSON.parse(ran.stdout);
    const { content, ...texts } = await expectedOutput();
    expect(printed).toMatchObject(texts);
    expect(printed.triage).toEqual([
      { role: "system", content: expect.stringContaining("support tickets for Looms") },
      { role: "user", content: "Ticket from a free customer:\n\n{{product}} ate my card" },
      { role: "assistant", content: "Category:" },
    ]);
    expect(printed.translate).toContain("ins Deutsch. Namen wie {{名前}} bleiben");
    expect(printed.facts).toMatchObject({
      content,
      label: "production",
      name: "greeting-template",
      promptId: "prompt_01JQ8Z6X4T7M2R9V5K3D1C0B8A",
      variables: ["name", "product"],
      versionNumber: 2,
      type: "chat",
      metadata: { model: "small-writer", temperature: 0.4 },
    });
    expect([printed.model, printed.absent]).toEqual(["small-writer", "fallback"]);
  });

  it("names what the bundle holds in the manifest", async () => {
    const manifest = JSON.parse(await readFile(join(root, ".scope", "manifest.json"), "utf8"));
    const { prompts } = manifest.outputs.find((one: { bundler: string }) => one.bundler === bundler);
    const held = prompts.map(
      (p: Record<string, unknown>) => `${p.name}@${p.label} ${p.versionNumber} ${p.source}`,
    );
    expect(held).toEqual([
      "code-review@production 1 platform",
      "greeting-template@latest 3 platform",
      "greeting-template@production 2 platform",
      "legal/disclaimer@production 1 platform",
      "support/triage@production 2 platform",
      "Übersetzung@production 1 platform",
    ]);
  });
});

describe("tsc", () => {
  it("accepts the app, and refuses a missing, a misspelt and an extra variable", async () => {
    const ok = await tsc(["-p", "."], { cwd: root });
    expect(ok, ok.stdout).toMatchObject({ code: 0 });
    await writeTree(root, {
      "src/wrong.ts": [
        'import greeting from "scope:greeting-template";',
        'greeting({ name: "Ada" });',
        'greeting({ nmae: "Ada", product: "Looms" });',
        'greeting({ name: "Ada", product: "Looms", extra: "x" });',
        "greeting();",
        'import "scope:no-such-prompt";',
      ].join("\n"),
    });
    const refused = await tsc(["-p", ".", "--pretty", "false"], { cwd: root });
    expect(refused.code).not.toBe(0);
    const lines = [...refused.stdout.matchAll(/src\/wrong\.ts\((\d+),/g)].map(([, line]) => line);
    expect(lines).toEqual(["2", "3", "4", "5", "6"]);
  });
});
