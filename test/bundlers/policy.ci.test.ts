import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  BUNDLERS,
  buildApp,
  makeApp,
  outputFile,
  outputsOf,
  SOME_BUNDLERS,
  writeTree,
} from "../support/app.ts";
import { type ServedPrompts, servePrompts } from "../support/dev-platform.ts";
import { readTree } from "../support/file-tree.ts";
import { linkPackage, node, scopeGen, succeed } from "../support/run.ts";

const MAIN = 'import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n';

let platform: ServedPrompts;
let root: string;
beforeEach(async () => {
  platform = await servePrompts({ "hi/1.md": "Hi {{who}}, one." });
  root = await makeApp({ "src/main.ts": MAIN });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
  await writeTree(platform.dir, { "hi/2.md": "Hi {{who}}, two." });
});
afterEach(() => platform.close());

const env = (more: Record<string, string> = {}) => ({ ...platform.env, ...more });

async function printed(bundler: (typeof BUNDLERS)[number]): Promise<string> {
  return (await node([outputFile(bundler, root)], { cwd: root })).stdout.trim();
}

/** What is committed of the project: to prove that a build wrote nothing of it. */
const committed = () => Promise.all(["scope", "src"].map((folder) => readTree(join(root, folder))));

describe.each(SOME_BUNDLERS)("%s", (bundler) => {
  it("auto, platform up: ships the new version, says so in one line, and writes no snapshot or types", async () => {
    const before = await committed();
    const built = await succeed(buildApp(bundler, root, env()));
    expect(await printed(bundler)).toBe("Hi you, two.");
    expect(built.stdout + built.stderr).toContain("hi@production: version 1 → 2 (text only)");
    // The last line of ours names the mode.
    const own = `${built.stdout}\n${built.stderr}`.split("\n").filter((line) => /hi@|Mode:/.test(line));
    expect(own.at(-1)).toContain(
      `Mode: fresh (fetch: "auto"). 1 prompt ships a different version than the committed one; SCOPE_FETCH=never builds what's committed.`,
    );
    expect(await committed()).toEqual(before);
  });

  it("auto, a build that fails for another reason: doesn't say what ships", async () => {
    await writeTree(root, { "src/broken.ts": `import hi from "scope:hi";\nimport "./gone.js";\nhi({});\n` });
    const built = await buildApp(bundler, root, env(), "src/broken.ts");
    expect(built.code).not.toBe(0);
    expect(built.stdout + built.stderr).toContain("gone");
    expect(built.stdout + built.stderr).not.toContain("Mode: fresh");
  });

  it("no credentials: builds the snapshot with one notice", async () => {
    const built = await succeed(buildApp(bundler, root, {}));
    expect(await printed(bundler)).toBe("Hi you, one.");
    expect((built.stdout + built.stderr).match(/No Scope credentials/g)).toHaveLength(1);
  });

  it("platform down: auto builds the snapshot and names what is stale; always fails", async () => {
    await platform.close();
    const quick = { TEST_PLUGIN_OPTIONS: '{"retryBaseDelay":0.01}' };
    const built = await succeed(buildApp(bundler, root, env(quick)));
    expect(await printed(bundler)).toBe("Hi you, one.");
    expect(built.stderr + built.stdout).toMatch(/can't be reached[\s\S]*hi@production {2}version 1/);

    const always = await buildApp(bundler, root, env({ ...quick, SCOPE_FETCH: "always" }));
    expect(always.code).not.toBe(0);
    expect(always.stderr).toContain("build_platform_down");
  });

  it("a contract that changed: error, warn and keep", async () => {
    await writeTree(platform.dir, { "hi/3.md": "Hi {{who}} of {{place}}." });
    const before = await committed();
    const refused = await buildApp(bundler, root, env());
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("build_contract_changed");
    // Farm prints an error as a quoted string.
    expect(refused.stderr.replaceAll('\\"', '"')).toContain('new variable "place"');
    expect(refused.stderr).toContain("SCOPE_FETCH=never");
    expect(refused.stderr).toContain("scope-gen pull");
    expect(refused.stderr).not.toMatch(/at .*(?:dist|src)\/(?:build|plugin|unplugin)/);

    for (const onContractChange of ["keep", "warn"]) {
      const options = { TEST_PLUGIN_OPTIONS: JSON.stringify({ onContractChange }) };
      const built = await succeed(buildApp(bundler, root, env(options)));
      expect(built.stderr).toContain("changes the contract");
      if (onContractChange === "keep") expect(await printed(bundler)).toBe("Hi you, one.");
    }
    expect(await committed()).toEqual(before);
  });

  it.each([
    ["wrong credentials", { SCOPE_API_SECRET: "a-wrong-secret" }, "credentials_invalid"],
    ["two of three credentials", { SCOPE_API_SECRET: "" }, "credentials_missing"],
    ["an unknown label", {}, "label_invalid", 'import hi from "scope:hi?label=prod"; console.log(hi);'],
    ["an unknown prompt", {}, "prompt_not_found", 'import hi from "scope:hy"; console.log(hi);'],
  ])("%s: one readable error, no stack, nothing written", async (_, more, code, main = MAIN) => {
    await writeTree(root, { "src/main.ts": main as string });
    const before = await committed();
    const built = await buildApp(bundler, root, env(more as Record<string, string>));
    expect(built.code).not.toBe(0);
    expect(built.stderr).toContain(code);
    expect(built.stderr).not.toMatch(/^\s+at .*unplugin-scope|^\s+at .*\/dist\//m);
    expect(built.stderr).not.toContain("a-wrong-secret");
    expect(await committed()).toEqual(before);
  });
});

it.each(["rollup", "rolldown", "webpack", "rspack"] as const)(
  "%s: a single build in development mode is a build, which writes the manifest and refuses a changed contract",
  async (bundler) => {
    const development = env({ NODE_ENV: "development" });
    await succeed(buildApp(bundler, root, development));
    expect((await outputsOf(root)).map((output) => output.bundler)).toContain(bundler);
    await writeTree(platform.dir, { "hi/3.md": "Hi {{who}} of {{place}}." });
    const refused = await buildApp(bundler, root, development);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("build_contract_changed");
  },
);

it("a damaged snapshot is an error if it's used, and says what to run; otherwise it's a warning", async () => {
  await writeFile(join(root, "scope", "hi@production.json"), "{");
  const refused = await buildApp("esbuild", root, env({ SCOPE_FETCH: "never" }));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("snapshot_damaged");
  expect(refused.stderr).toContain("scope-gen pull");
  const built = await succeed(buildApp("esbuild", root, env()));
  expect(await printed("esbuild")).toBe("Hi you, two.");
  expect(built.stderr).toContain("damaged");
});

it("all broken prompts of a build are reported together", async () => {
  await writeTree(root, {
    "src/main.ts": 'import a from "scope:gone-a";\nimport b from "scope:gone-b";\nconsole.log(a, b);\n',
  });
  for (const bundler of ["vite", "rollup", "esbuild", "webpack"] as const) {
    const built = await buildApp(bundler, root, env());
    expect(built.code).not.toBe(0);
    expect(built.stderr).toContain("gone-a");
    expect(built.stderr).toContain("gone-b");
  }
});

describe("prompts that only the config names", () => {
  beforeEach(() => writeTree(root, { "scope.config.json": '{ "prompts": ["gone", "hi"] }' }));

  it.each(SOME_BUNDLERS)("%s: are neither fetched nor built", async (bundler) => {
    const before = platform.requests.length;
    await succeed(buildApp(bundler, root, env()));
    const asked = platform.requests.slice(before).filter(({ method }) => method === "GET");
    expect(asked.map(({ path }) => path).filter((path) => !path.includes("/hi/"))).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it("aren't mentioned in the error of another", async () => {
    await writeTree(platform.dir, { "hi/2.md": "Hi {{who}}, {{day}}." });
    const built = await buildApp("vite", root, env());
    expect(built.stderr).toContain("build_contract_changed");
    expect(built.stderr).not.toMatch(/gone|several_errors/);
  });
});

it("a prompt that breaks in two imports counts as one prompt that can't be built", async () => {
  await writeTree(root, {
    "src/main.ts":
      'import hi from "scope:hi";\nimport live from "scope:hi?live";\nimport gone from "scope:gone";\nconsole.log(hi, live, gone);\n',
  });
  await writeTree(platform.dir, { "hi/2.md": "Hi {{who}}, {{day}}." });
  const built = await buildApp("vite", root, env());
  expect(built.stderr).toContain("2 prompts can't be built");
  expect(built.stderr.match(/build_contract_changed {2}/g)).toHaveLength(1);
});

it("a root that isn't writable is built anyway", async () => {
  await rm(join(root, ".scope"), { recursive: true, force: true });
  await writeFile(join(root, ".scope"), "a file where the folder would be");
  for (const bundler of BUNDLERS) {
    await succeed(buildApp(bundler, root, env()));
    expect(await printed(bundler)).toBe("Hi you, two.");
  }
});

describe("clientBundle", () => {
  const none = /^(?![\s\S]*browser bundle)/;
  it.each([
    ["error", {}, 1, /client_bundle_refused[\s\S]*hi@production[\s\S]*imported in src\/main\.js:1:16\n/],
    ["warn", {}, 0, /ends up in a browser bundle, where anybody can read it: hi@production/],
    ["allow", {}, 0, none],
    ["error", { clientBundle: "allow" }, 0, none],
    ["allow", { clientBundle: "error" }, 1, /browser bundle/],
  ])("%s for all, %j for one prompt: exit %i", async (policy, hi, code, words) => {
    const app = await makeApp({
      "src/main.js": MAIN,
      "scope.config.json": JSON.stringify({ clientBundle: policy, prompts: { hi } }),
    });
    const built = await buildApp("esbuild", app, { ...platform.env, TEST_PAGE: "true" }, "src/main.js");
    expect(built.code, built.stderr).toBe(code);
    expect(built.stderr).toMatch(words);
  });

  // Issue 52: a barrel of a shared package named prompts that no page took.
  it.each(["vite", "rolldown"] as const)("%s: judged by what is in the finished bundle", async (bundler) => {
    const text = "Sort this ticket for our support team: {{ticket}}";
    await writeTree(platform.dir, {
      "used/1.md": text,
      "unused/1.md": `Secret. ${text}`,
      "inlined/1.md": "Very well, then.",
    });
    const app = await makeApp({
      "package.json": '{ "type": "module", "sideEffects": false }',
      "scope.config.json": '{ "clientBundle": "error", "prompts": { "used": { "clientBundle": "warn" } } }',
      "barrel.js":
        'export { default as used } from "scope:used";\nexport { default as unused } from "scope:unused";\n',
      "main.js": 'import { used } from "./barrel.js";\nconsole.log(used({ ticket: "x" }));\n',
      "build.js": `
        import scope from "unplugin-scope/${bundler}";
        import { ${bundler === "vite" ? "build" : "rolldown"} as make } from "${import.meta.resolve(bundler)}";
        const fails = (error) => { console.error(error.message); process.exitCode = 1; };
        const plugins = [scope()];
        ${
          bundler === "vite"
            ? `await make({ configFile: false, logLevel: "warn", plugins, build: { outDir: "out", lib: { entry: "main.js", formats: ["es"], fileName: "main" } } }).catch(fails);`
            : `await (await make({ input: "main.js", plugins })).write({ dir: "out" }).catch(fails);`
        }`,
    });
    await linkPackage(app);
    await succeed(scopeGen(["pull"], { cwd: app, env: platform.env }));
    const build = () => node(["build.js"], { cwd: app, env: { ...platform.env, SCOPE_FETCH: "never" } });
    const built = await build();
    expect(built.code, built.stderr).toBe(0);
    expect(built.stdout + built.stderr).toMatch(/can read it: used@production\./);
    expect((await readTree(join(app, "out"))).get("main.js")).not.toContain("Secret");
    expect((await outputsOf(app))[0]?.prompts.map(({ name }) => name)).toEqual(["used"]);
    await rm(join(app, "out"), { recursive: true });
    // Copied into another module; too short to be told from other code; and a module without its text.
    for (const code of [
      'import unused from "scope:unused";\nconsole.log(unused({ ticket: 1 }));\n',
      'import inlined from "scope:inlined";\nconsole.log(inlined());\n',
      'import { metadata } from "scope:unused";\nconsole.log(metadata);\n',
    ]) {
      await writeTree(app, { "main.js": code });
      await succeed(scopeGen(["pull"], { cwd: app, env: platform.env }));
      const refused = await build();
      expect([code, refused.code]).toEqual([code, 1]);
      expect(refused.stderr).toContain("client_bundle_refused");
      expect(refused.stderr).toMatch(/imported in main\.js:1:/);
      expect(existsSync(join(app, "out"))).toBe(false);
    }
  });
});
