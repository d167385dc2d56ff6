import { afterAll, beforeAll, describe, expect } from "vitest";
import { nodeBinary } from "../bundlers/register/node-versions.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { supports } from "./support.ts";

const OUTPUT = "Hello Ada, welcome to Looms. Explain rivers in one sentence. gpt-5\n";
const REGISTER = ["--import", "unplugin-scope/register"];
/** What compiles TypeScript, with the arguments of Node that its page has. */
const RUNNERS: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ["tsx", ["--import", "tsx", ...REGISTER]],
  ["ts-node", [...REGISTER, "--loader", "ts-node/esm/transpile-only"]],
  ["@swc-node/register", ["--import", "@swc-node/register/esm-register", ...REGISTER]],
];

describe.each(["20", "22", "24"])("Node %s", (major) => {
  let app: Application;
  let platform: DevPlatform;
  let binary: string;
  let version: string;
  const row = () => `Node ${version}`;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save("greeting-template", "Hello {{name}}, welcome to {{product}}.");
    await platform.save("support/topic", "Explain {{topic}} in one sentence.");
    await platform.settings("support/topic", { versions: { 1: { metadata: { model: "gpt-5" } } } });
    app = await Application.install("runners");
    binary = await nodeBinary(major);
    version = (await app.run(binary, ["-p", "process.versions.node"])).stdout.trim();
    await app.succeedBin("scope-gen pull", platform.env);
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  for (const [name, flags] of RUNNERS) {
    supports(row, name, "runs imports of prompts", async () => {
      expect((await app.succeed(binary, [...flags, "main.ts"])).stdout).toBe(OUTPUT);
    });
  }

  supports(row, "node --test, mock.module", "a prompt can be mocked", async () => {
    await app.succeed(binary, [...REGISTER, "--experimental-test-module-mocks", "--test", "mock.test.js"]);
  });
});
