import { readFile } from "node:fs/promises";
import { createServer } from "vite";
import { afterAll, describe, expect, it } from "vitest";
import { startPlatform } from "../../../src/platform/index.ts";
import { buildApp, makeApp, outputFile, writeTree } from "../../support/app.ts";
import { linkPackage, node, scopeGen, succeed, tsc } from "../../support/run.ts";
import { label, makePrompts, SECRET } from "./live-app.ts";

const prompts = await makePrompts();
const platform = await startPlatform({ dir: prompts, credentials: { apiSecret: SECRET } });
afterAll(() => platform.close());

const USES = `
import greeting, { current, metadata, versionNumber } from "scope:greeting?live";
import plain from "scope:greeting";
import { current as currentTriage } from "scope:triage";

const version = current();
const text: string = version.render({ name: "Ada", team: "Looms" });
const [{ role }] = currentTriage().render({ ticket: text });
const user: "user" = role;
const model: string = version.metadata.model;
console.log(greeting({ name: "Ada", team: plain({ name: "", team: model }) }), user, metadata.model, versionNumber, version.content, version.versionId);
`;

async function pulledApp(files: Readonly<Record<string, string>>): Promise<string> {
  await label(prompts, 1);
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": JSON.stringify({
      prompts: { triage: { live: true } },
      live: { interval: 0.1, maxRequestsPerSecond: 50 },
    }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { strict: true, module: "preserve", target: "es2022", types: [], noEmit: true },
      include: ["src"],
    }),
    ...files,
  });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
  return root;
}

describe("the types", () => {
  it("declare current() of a live import, and of no other", async () => {
    const root = await pulledApp({ "src/uses.ts": USES });
    await succeed(tsc(["-p", "."], { cwd: root }));
    await writeTree(root, {
      "src/wrong.ts": [
        'import { current } from "scope:greeting?live";',
        'import { current as none } from "scope:greeting";',
        'current().render({ name: "Ada" });',
        "current().versionNumber = 2;",
        "current().metadata.absent;",
        "none;",
      ].join("\n"),
    });
    const wrong = await tsc(["-p", ".", "--pretty", "false"], { cwd: root });
    const lines = [...wrong.stdout.matchAll(/src\/wrong\.ts\((\d+),/g)].map(([, line]) => line);
    expect(lines).toEqual(["2", "3", "4", "5"]);
  });

  it("are recognised as complete by the build", async () => {
    const root = await pulledApp({ "src/main.ts": USES });
    const built = await succeed(buildApp("vite", root, platform.env));
    expect(built.stdout + built.stderr).not.toContain("scope-gen pull");
    expect(await readFile(outputFile("vite", root), "utf8")).not.toContain(SECRET);
  });
});

const WAIT = `
const until = Date.now() + 30000;
while (Date.now() < until && versionNumber !== 2) {
  greeting({ name: "Ada", team: "Looms" });
  await new Promise((done) => setTimeout(done, 20));
}
console.log(greeting({ name: "Ada", team: "Looms" }), versionNumber, current().versionNumber);
`;

it("scope-gen emit writes live modules with their client, which run with nothing installed and type-check", async () => {
  const root = await pulledApp({ "src/uses.ts": USES });
  await succeed(scopeGen(["emit", "--out-dir", "prompts"], { cwd: root, env: platform.env }));
  await writeTree(root, {
    "use.mjs": `import greeting, { current, versionNumber } from "./prompts/greeting+live.js";\n${WAIT}`,
    "use.mts": `import { current } from "./prompts/greeting+live.js";\nimport { current as triage } from "./prompts/triage.js";\nconst n: number = current().versionNumber; triage; n;\n`,
  });
  await label(prompts, 2);
  const ran = await node(["use.mjs"], { cwd: root, env: platform.env });
  expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: "Hi Ada of Looms! 2 2\n", stderr: "" });
  const flags = ["--noEmit", "--module", "nodenext", "--target", "es2022", "--strict", "--ignoreConfig"];
  await succeed(tsc([...flags, "use.mts"], { cwd: root }));
});

it("plain Node refreshes a live prompt in the background", async () => {
  const main = `import greeting, { current, versionNumber } from "scope:greeting?live";\n${WAIT}`;
  const root = await pulledApp({ "src/main.mjs": main });
  await linkPackage(root);
  await label(prompts, 2);
  const env = { ...platform.env, NODE_ENV: "production", SCOPE_FETCH: "never" };
  const flags = ["--disable-warning=ExperimentalWarning", "--import", "unplugin-scope/register"];
  const ran = await node([...flags, "src/main.mjs"], { cwd: root, env });
  expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: "Hi Ada of Looms! 2 2\n", stderr: "" });
});

describe("in development", () => {
  it("a separate process refreshes its live prompts, and warns about unknown variables", async () => {
    const root = await pulledApp({
      "scope.config.json": JSON.stringify({ dev: { interval: 0.1 }, live: { interval: 3600 }, dts: false }),
      "src/main.ts": `import greeting, { current, versionNumber } from "scope:greeting?live";
const main = async () => {${WAIT}
  greeting({ name: "Ada", team: "Looms", mood: "good" });
};
main();`,
    });
    await succeed(buildApp("esbuild", root, { ...platform.env, NODE_ENV: "development" }));
    await label(prompts, 2);
    const ran = await node([outputFile("esbuild", root)], { cwd: root, env: platform.env });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: "Hi Ada of Looms! 2 2\n" });
    expect(ran.stderr).toBe(
      '[unplugin-scope] Prompt "greeting" has no variable "mood". Its variables: name, team.\n',
    );
  });

  it("with a dev server a live import is refreshed with its module, has current(), and makes no request of its own", async () => {
    const root = await pulledApp({
      "src/app.js": `export { default as greeting, current, versionNumber } from "scope:greeting?live";\n`,
    });
    const { default: scope } = await import("../../../src/bundlers/vite.ts");
    const server = await createServer({
      root,
      configFile: false,
      logLevel: "silent",
      server: { middlewareMode: true, ws: false },
      plugins: [scope()],
    });
    try {
      const app = await server.ssrLoadModule("/src/app.js");
      const values = { name: "Ada", team: "Looms" };
      expect(app.greeting(values)).toBe("Hello Ada of Looms.");
      const version = app.current();
      expect([Object.isFrozen(version), version.render(values), version.versionNumber]).toEqual([
        true,
        "Hello Ada of Looms.",
        1,
      ]);
      const registry = (globalThis as Record<symbol, unknown>)[Symbol.for("unplugin-scope.live")];
      expect(registry).toBeUndefined();
    } finally {
      await server.close();
    }
  });
});
