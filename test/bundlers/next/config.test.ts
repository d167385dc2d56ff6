import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NextConfig } from "next";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withScope } from "../../../src/bundlers/next/index.ts";
import loadPrompt from "../../../src/bundlers/next/loader.ts";
import { PromptBuild } from "../../../src/bundlers/next/prompt-build.ts";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { writeSnapshot } from "../../../src/project/snapshot/store.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { version } from "../../client/faulty-platform.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";
import { node, ROOT, succeed } from "../../support/run.ts";
import { createProject, SOME_TYPESCRIPTS } from "../../types/project.ts";
import { copyNextApp, removeNextApp } from "./next-app.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };
const PHASE = "phase-production-build";
const CONTEXT = { defaultConfig: {} };

describe("withScope", () => {
  it("keeps the form of the config: an object, a function, a promise, nothing", async () => {
    expect(withScope({ reactStrictMode: true })).toMatchObject({ reactStrictMode: true });
    expect(withScope()).toHaveProperty("webpack");
    expect(await withScope(Promise.resolve({ poweredByHeader: false }))).toMatchObject({
      poweredByHeader: false,
      webpack: expect.any(Function),
    });
    const made = withScope((phase) => ({ basePath: `/${phase}` }));
    expect(await made(PHASE, CONTEXT)).toMatchObject({
      basePath: `/${PHASE}`,
      webpack: expect.any(Function),
    });
    const late = withScope(async () => ({ basePath: "/late" }));
    expect(await late(PHASE, CONTEXT)).toMatchObject({ basePath: "/late" });
  });

  it("adds its plugin after the user's own webpack function, and keeps what that returns", () => {
    const config: NextConfig = withScope({ webpack: (given) => ({ ...given, own: true }) });
    const plugins: { name: string }[] = [];
    expect(config.webpack!({ plugins }, { isServer: true } as never)).toMatchObject({ own: true });
    expect(plugins.map(({ name }) => name)).toEqual(["unplugin-scope"]);
  });
});

// Issue 52: as an optional peer, Next would have to be one copy for us and the project.
it("fits Next's own types, inline and as a function, and does without them", async () => {
  const config = `import { withScope } from "${join(ROOT, "dist", "next.js")}";
export const inline = withScope({ webpack(config, { isServer, dev }) { const told: boolean[] = [isServer, dev]; return [config, told]; } });
export const made = withScope((phase) => ({ basePath: phase.trim(), webpack: (config, { isServer }) => [config, isServer] }));
// @ts-expect-error
withScope({ webpack(config, { isClient }) { return [config, isClient]; } });
// @ts-expect-error
withScope({ webpack: 3 });
`;
  const project = await createProject({
    "plain.ts": config,
    "next.ts": `import type { NextConfig } from "next";
${config}const own: NextConfig = { output: "standalone" };
export const configs: NextConfig[] = [withScope(own), withScope({ output: "standalone", images: { qualities: [75] } }), withScope(), inline];
export const late: Promise<NextConfig> = withScope(Promise.resolve(own));
export const ofPhase: (phase: string, context: { defaultConfig: NextConfig }) => Promise<NextConfig> =
  withScope(async (_phase: string, { defaultConfig }: { defaultConfig: NextConfig }) => ({ ...defaultConfig, ...own }));
// @ts-expect-error
export const wrong: NextConfig = withScope({ output: "wrong" });
`,
  });
  const options = {
    module: "nodenext",
    types: ["node"],
    lib: ["es2022", "dom", "dom.iterable"],
    skipLibCheck: true,
  };
  for (const version of SOME_TYPESCRIPTS) expect(await project.tsc(version, options)).toEqual([]);
  await project.remove();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("Turbopack needs the folder of the project: next_project_unknown", () => {
  vi.stubEnv("TURBOPACK", "1");
  // The folder of this repository.
  expect(() => withScope()).toThrow("next_project_unknown");
});

describe("the form of Turbopack's rules", () => {
  /** A project whose Next is of this version, and what its config becomes. */
  async function configUnder(version: string, config: object) {
    const dir = await temporaryFolder();
    const next = JSON.stringify({ name: "next", version });
    await writeTree(dir, { "node_modules/next/package.json": next, "app/page.js": "" });
    vi.stubEnv("TURBOPACK", "1");
    vi.spyOn(process, "cwd").mockReturnValue(dir);
    return withScope(config) as {
      turbopack?: { rules: Record<string, unknown>; resolveAlias: object };
      experimental?: { own?: boolean; turbo?: { rules: Record<string, unknown>; resolveAlias: object } };
    };
  }
  const rule = { loaders: [{ loader: expect.any(String) }], as: "*.mjs" };
  const conditions = { browser: rule, default: rule };

  it("is an object of conditions in Next 15", async () => {
    const { turbopack } = await configUnder("15.3.0-canary.1", {
      turbopack: { rules: { "*.own": ["own"] } },
    });
    expect(turbopack?.rules).toMatchObject({ "*.own": ["own"], "*.scope-prompt": conditions });
  });

  it("goes under experimental.turbo before Next 15.3", async () => {
    const turbo = { rules: { "*.own": ["own"] } };
    const config = await configUnder("15.2.9", { experimental: { own: true, turbo } });
    expect(config).not.toHaveProperty("turbopack");
    expect(config.experimental?.own).toBe(true);
    expect(config.experimental?.turbo?.rules).toMatchObject({ ...turbo.rules, "*.scope-prompt": conditions });
    expect(config.experimental?.turbo?.resolveAlias).toHaveProperty("scope:*");
  });
});

describe("Next's own loading of a config with Turbopack", () => {
  const FORMS: Record<string, string> = {
    "next.config.mjs": [
      'import { withScope } from "unplugin-scope/next";',
      'export default withScope({ turbopack: { resolveAlias: { own: "./own.js" }, rules: { "*.own": ["own"] } } });',
    ].join("\n"),
    "next.config.js": [
      'const { withScope } = require("unplugin-scope/next");',
      'module.exports = withScope(async () => ({ turbopack: { resolveAlias: { own: "./own.js" }, rules: { "*.own": ["own"] } } }));',
    ].join("\n"),
    "next.config.ts": [
      'import type { NextConfig } from "next";',
      'import { withScope } from "unplugin-scope/next";',
      'const own: NextConfig = { turbopack: { resolveAlias: { own: "./own.js" }, rules: { "*.own": ["own"] } } };',
      "export default withScope(own);",
    ].join("\n"),
  };

  it.each(Object.entries(FORMS))(
    "%s: alias and rule next to the user's own, and the placeholder is written",
    async (name, text) => {
      const root = await copyNextApp();
      try {
        await rm(join(root, "next.config.mjs"));
        await writeTree(root, { [name]: text });
        const script = [
          'const { default: loadConfig } = require("next/dist/server/config");',
          `loadConfig("${PHASE}", ${JSON.stringify(root)}).then(({ turbopack }) => console.log("CONFIG" + JSON.stringify(turbopack)));`,
        ].join("\n");
        await writeTree(root, { "load.cjs": script });
        const ran = await succeed(
          node(["--disable-warning=ExperimentalWarning", join(root, "load.cjs")], {
            cwd: root,
            env: { TURBOPACK: "1", NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
          }),
        );
        const { resolveAlias, rules } = JSON.parse(ran.stdout.slice(ran.stdout.indexOf("CONFIG") + 6));
        expect(resolveAlias).toMatchObject({
          own: "./own.js",
          "scope:*": expect.stringMatching(/^\.\/\.scope\/next\/.*\?name=\*$/),
        });
        expect(Object.keys(rules)).toEqual(["*.own", "*.scope-prompt"]);
        const placeholder = resolveAlias["scope:*"].split("?")[0];
        expect(await readFile(join(root, placeholder), "utf8")).toContain("scope:");
      } finally {
        await removeNextApp(root);
      }
    },
  );
});

it("a module imports shared files through the placeholder; a prompt's text that looks like an import stays", async () => {
  const root = await temporaryFolder();
  const line = 'import { missing } from "./helper.js";';
  await writeSnapshot(join(root, "scope"), {
    ref: REF,
    environment: "production",
    version: decodeVersion(version({ content: `{{name}}\n${line}` }), REF),
  });
  const build = new PromptBuild(root, ".next", {});
  const { code } = await build.respond({ specifier: "scope:greeting", browser: false });
  expect(code).toContain(line);
  const [, path] = /import \{ .* \} from "\.\/import\.scope-prompt\?shared=(.+)"/.exec(code ?? "") ?? [];
  expect(await readFile(join(root, ".scope", "next", path as string), "utf8")).toContain("missing");
});

it("a loader reports that its server is gone: next_server_gone", async () => {
  const context = {
    resourceQuery: "?name=hi",
    getOptions: () => ({ server: join(ROOT, "no.sock"), browser: false }),
    addDependency: () => {},
  };
  await expect(loadPrompt.call(context)).rejects.toThrow(/^next_server_gone /);
});
