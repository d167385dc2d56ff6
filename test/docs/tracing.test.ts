// Follows docs/recipes/tracing.md: its two files are a server's, run as the page says.
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import unpluginScope from "../../dist/esbuild.js";
import { testProject } from "../commands/cli-helpers.ts";
import { startModelServer } from "../sdks/model-server.ts";
import { listen } from "../support/listen.ts";
import { linkPackage, node, ROOT, scopeGen, succeed } from "../support/run.ts";
import { readPage } from "./blocks.ts";

const PAGE = "docs/recipes/tracing.md";
const MAIN = `import { sortMail } from "./triage.js";
await sortMail("A ticket");
process.kill(process.pid, "SIGTERM");
setTimeout(() => {}, 10_000); // A server goes on.
`;

let files: Readonly<Record<string, string>>;
beforeAll(async () => {
  const { blocks } = readPage(PAGE, await readFile(join(ROOT, PAGE), "utf8"));
  const named = (name: string) => blocks.find(({ text }) => text.startsWith(`// ${name}\n`))?.text ?? "";
  files = { "instrumentation.js": named("instrumentation.js"), "src/triage.ts": named("src/triage.ts") };
});

it("a bundle's call has the prompt's version on the span that counts the tokens", async () => {
  const { root } = await server();
  await compile(root, { bundle: true, packages: "external", outdir: "dist" });
  expect(await spans(root, ["dist/main.js"])).toMatch(/gen_ai\.usage\.input_tokens/);
});

it("so does a call in plain Node", async () => {
  const { root } = await server();
  await compile(root, { outdir: "src" });
  const flags = ["--import", "unplugin-scope/register"];
  expect(await spans(root, [...flags, "src/main.js"])).toMatch(/gen_ai\.usage\.input_tokens/);
});

it("the loader hook is what makes it so", async () => {
  const { root } = await server({
    "instrumentation.js": files["instrumentation.js"]!.replace(/^register\(.*\n/m, ""),
  });
  await compile(root, { bundle: true, packages: "external", outdir: "dist" });
  expect(await spans(root, ["dist/main.js"])).toBe("");
});

async function server(changed: Readonly<Record<string, string>> = {}) {
  const { root, env } = await testProject(
    {
      ...files,
      ...changed,
      "src/main.ts": MAIN,
      "scope.config.json": "{}",
      "package.json": '{ "type": "module" }',
    },
    {
      "triage/1.md": "Sort {{ticket}}",
      "triage/prompt.json": '{ "versions": { "1": { "metadata": { "model": "small-1" } } } }',
    },
  );
  await linkPackage(root);
  const modules = join(root, "node_modules");
  await mkdir(modules, { recursive: true });
  await symlink(join(ROOT, "node_modules", "@opentelemetry"), join(modules, "@opentelemetry"), "dir");
  // The newest major that its instrumentation knows, which goes by the name of the package.
  await cp(join(ROOT, "node_modules", "openai-6"), join(modules, "openai"), { recursive: true });
  await succeed(scopeGen(["pull"], { cwd: root, env }));
  return { root };
}

async function compile(root: string, options: { bundle?: true; packages?: "external"; outdir: string }) {
  await build({
    absWorkingDir: root,
    entryPoints: options.bundle ? ["src/main.ts"] : ["src/main.ts", "src/triage.ts"],
    platform: "node",
    format: "esm",
    plugins: options.bundle ? [unpluginScope()] : [],
    resolveExtensions: [".ts", ".js"],
    logLevel: "silent",
    ...options,
  });
}

/** What arrives where the spans are sent: the texts of a request that names the prompt; none otherwise. */
async function spans(root: string, words: readonly string[]): Promise<string> {
  const models = await startModelServer();
  let sent = "";
  const collector = createServer((request, response) => {
    request.setEncoding("latin1").on("data", (part: string) => (sent += part));
    request.on("end", () => response.end());
  });
  const { url } = await listen(collector);
  onTestFinished(async () => {
    await models.close();
    collector.close();
  });
  const env = {
    ...models.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  await succeed(node(["--import", "./instrumentation.js", ...words], { cwd: root, env }));
  return sent.includes("scope.prompt.version") ? sent : "";
}
