import { describe, expect } from "vitest";
import { installed, pullWithModel } from "./installed.ts";

const OUTPUT = "Hello Ada, welcome to Looms. Explain rivers in one sentence. gpt-5\n";
const REGISTER = ["--import", "unplugin-scope/register"];
/** What compiles TypeScript, with the arguments of Node that its page has. */
const RUNNERS: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ["tsx", ["--import", "tsx", ...REGISTER]],
  ["ts-node", [...REGISTER, "--loader", "ts-node/esm/transpile-only"]],
  ["@swc-node/register", ["--import", "@swc-node/register/esm-register", ...REGISTER]],
];
const COMMONJS = ["-r", "unplugin-scope/register", "-r", "ts-node/register", "commonjs/main.ts"];
/** What loads a config that is CommonJS, or compiled to it. */
const LOADERS = ["require", "jiti 1", "jiti 2", "esbuild-register"];

describe("Node", () => {
  const supports = installed(
    {
      fixture: "runners",
      title: "Node",
      package: "node",
      version: process.versions.node,
      isOffline: true,
    },
    pullWithModel,
  );

  for (const [name, flags] of RUNNERS) {
    supports(name, "runs imports of prompts", async (app) => {
      expect((await app.succeed(process.execPath, [...flags, "main.ts"])).stdout).toBe(OUTPUT);
    });
  }

  supports("ts-node in CommonJS", "runs imports of prompts, and checks their types", async (app) => {
    const files = { TS_NODE_FILES: "true" };
    const { stdout } = await app.succeed(process.execPath, COMMONJS, files);
    expect(stdout).toBe("Hello Ada, welcome to Looms.\n");
    const restore = await app.replace("commonjs/main.ts", "name:", "nmae:");
    expect((await app.run(process.execPath, COMMONJS, files)).stderr).toContain("nmae");
    await restore();
  });

  for (const loader of LOADERS) {
    supports(loader, "loads every entry of the package", async (app) => {
      await app.succeed(process.execPath, ["load.cjs", loader]);
    });
  }

  supports("Mocha", "a test renders a prompt", async (app) => {
    const flags = ["tsx", "unplugin-scope/register"].flatMap((name) => ["--node-option", `import=${name}`]);
    await app.succeed(process.execPath, ["node_modules/mocha/bin/mocha.js", ...flags, "mocha.test.ts"]);
  });

  supports("node --test, mock.module", "a prompt can be mocked", async (app) => {
    const flags = [...REGISTER, "--experimental-test-module-mocks", "--test", "mock.test.js"];
    await app.succeed(process.execPath, flags);
  });
});
