// Follows docs/recipes/experiments.md: its block is a file of a project.
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import unpluginScope from "../../dist/esbuild.js";
import { testProject } from "../commands/cli-helpers.ts";
import { writeTree } from "../support/app.ts";
import { linkPackage, node, ROOT, scopeGen, succeed } from "../support/run.ts";
import { readPage } from "./blocks.ts";

const PAGE = "docs/recipes/experiments.md";

it("gives each user one of the two versions, the same every time, and says on the span which", async () => {
  const { root } = await recipe({ 1: "Sort {{ticket}}", 2: "Please sort {{ticket}}" });
  await writeTree(root, {
    "main.js": `import { context, trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { PromptSpanProcessor } from "unplugin-scope/opentelemetry";
import { sortMail } from "./src/triage.ts";
const exporter = new tracing.InMemorySpanExporter();
const spanProcessors = [new PromptSpanProcessor(), new tracing.SimpleSpanProcessor(exporter)];
new NodeSDK({ autoDetectResources: false, spanProcessors }).start();
const seen = [];
for (let user = 0; user < 500; user++) {
  for (let time = 0; time < 2; time++) {
    const text = await sortMail(String(user), "T", async (prompt) => {
      trace.getTracer("app").startSpan("chat").end();
      return prompt;
    });
    seen.push([user, text, exporter.getFinishedSpans().at(-1).attributes["scope.prompt.version"]]);
  }
}
console.log(JSON.stringify(seen));
process.exit();`,
  });
  await build({
    absWorkingDir: root,
    entryPoints: ["main.js"],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: join(root, "out.mjs"),
    plugins: [unpluginScope()],
    logLevel: "silent",
  });
  const { stdout } = await succeed(node([join(root, "out.mjs")], { cwd: root }));
  const seen: [user: number, text: string, version: number][] = JSON.parse(stdout);
  for (const [user, text, version] of seen) {
    expect(text).toBe(version === 2 ? "Please sort T" : "Sort T");
    expect(seen.filter(([other]) => other === user).map(([, one]) => one)).toEqual([text, text]);
  }
  const share = seen.filter(([, , version]) => version === 2).length / seen.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.15);
});

it("asks for what the new version asks for", async () => {
  const { root, env } = await recipe({ 1: "Sort {{ticket}}", 2: "Sort {{ticket}} for {{team}}" });
  const { code, stdout } = await scopeGen(["check"], { cwd: root, env });
  expect(stdout).toContain("2 prompts: 2 in step.");
  expect(code).toBe(0);
  const config = {
    compilerOptions: { strict: true, noEmit: true, module: "nodenext", types: ["node"] },
    include: ["src"],
  };
  await writeTree(root, { "tsconfig.json": JSON.stringify(config) });
  const ran = await node([join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: root });
  expect(ran.stdout.match(/error TS/g)).toHaveLength(1);
  expect(ran.stdout).toMatch(/^src\/triage\.ts\(\d+,\d+\): error TS2345.*'team' is missing/s);
});

/** A project of the page's code, with version 1 in production, pulled. */
async function recipe(texts: Readonly<Record<string, string>>) {
  const [block] = readPage(PAGE, await readFile(join(ROOT, PAGE), "utf8")).blocks;
  const prompts = Object.entries(texts).map(([number, text]) => [`triage/${number}.md`, text]);
  const { root, env } = await testProject(
    { "src/triage.ts": block?.text ?? "", "scope.config.json": "{}", "package.json": '{ "type": "module" }' },
    { ...Object.fromEntries(prompts), "triage/prompt.json": '{ "production": 1 }' },
  );
  await linkPackage(root);
  await mkdir(join(root, "node_modules", "@types"), { recursive: true });
  for (const name of ["@opentelemetry", "@types/node"])
    await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name), "dir");
  await succeed(scopeGen(["pull"], { cwd: root, env }));
  return { root, env };
}
