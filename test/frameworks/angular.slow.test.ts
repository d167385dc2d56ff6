import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { DevPlatform } from "../support/dev-platform.ts";
import { ServerProcess } from "../support/server-process.ts";
import type { Application } from "./application.ts";
import { expectChecked, installed, PAGE_PROMPT, type Tool, type Work } from "./installed.ts";
import { openPage } from "./page.ts";
import { expectBuilt } from "./starter.ts";
import type { Check } from "./support.ts";

const BUILT = "dist/angular-app/browser";
const PREVIEW = `npx --no-install vite preview --outDir ${BUILT} --port PORT --host 127.0.0.1`;
const GREETED = "Hello Ada, welcome to Looms.";

/** How the tsconfig finds the emitted files. */
const EXTENDS = '"extends": "./src/prompts/tsconfig.paths.json",';

/** The builder that accepts esbuild plugins, instead of Angular's own. */
const BUILDER = "@angular-builders/custom-esbuild";
/** As docs/frameworks.md has it. */
const SCOPE_PLUGIN = `import scope from "unplugin-scope/esbuild";

export default (_options, { target }) => {
  if (target === "serve") process.env.NODE_ENV ??= "development";
  return scope({ manifest: true });
};
`;

const ANGULAR: Tool = {
  fixture: "angular",
  title: "Angular",
  package: "@angular/core",
  instead: [`${BUILDER}@22.0.1`],
  env: { NG_CLI_ANALYTICS: "false" },
  bringsNode: true,
};

describe("Angular", () => {
  const supports = installed(ANGULAR, (app) => app.succeedBin("scope-gen pull"));

  /** An edit on the platform reaches the open page. */
  async function followsEdits(app: Application, platform: DevPlatform): Promise<void> {
    const server = await app.serve("npm start -- --port PORT --host 127.0.0.1");
    const page = await openPage(server, "/", true);
    try {
      await page.shows(GREETED);
      await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
      await page.shows("Good morning Ada, this is Looms.");
    } finally {
      await page.close();
      await app.stopServers();
      await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    }
  }

  async function serves(app: Application): Promise<void> {
    const page = await openPage(await app.serve(PREVIEW), "/", true);
    await page.shows(GREETED).finally(page.close);
    await app.stopServers();
  }

  async function testsPass(app: Application): Promise<void> {
    const { stdout } = await app.succeed("npm", ["test", "--", "--watch=false"]);
    expect(stdout).toMatch(/Tests .*1 passed/);
  }

  describe("with emitted files", () => {
    supports("build", "succeeds", async (app) => {
      await app.succeed("npm", ["run", "build"]);
    });

    supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
      const lines = ["ngc -p tsconfig.app.json --noEmit", "ng build"];
      await expectChecked(app, lines, "src/app/app.ts", "greeting({ name:");
      await app.succeed("npm", ["run", "build"]);
    });

    supports("server", "serves the page", serves);

    supports("ng test", "tests render the prompt", testsPass);

    supports("doctor", "knows what has been built", expectBuilt);

    supports("dev", "an edit on the platform reaches the page", async (app, platform) => {
      const scopeGen = join(app.root, "node_modules", "unplugin-scope", "bin", "scope-gen.js");
      const emit = [scopeGen, "emit", "--out-dir", "src/prompts", "--watch"];
      const emitting = new ServerProcess(emit, app.root, app.env);
      await followsEdits(app, platform).finally(() => emitting.signal("SIGTERM"));
    });
  });

  describe("with custom-esbuild", () => {
    const row = { ...ANGULAR, title: "Angular (custom-esbuild)" };
    const passes = (check: Check, title: string, work: Work) => supports(check, title, work, row);

    passes("build", "succeeds without emitted files", async (app) => {
      for (const name of ["application", "dev-server"])
        await app.replace("angular.json", `"@angular/build:${name}"`, `"${BUILDER}:${name}"`);
      const browser = '"browser": "src/main.ts",';
      await app.replace("angular.json", browser, `"plugins": ["./scope.plugin.mjs"], ${browser}`);
      await app.write("scope.plugin.mjs", SCOPE_PLUGIN);
      await app.replace("tsconfig.json", EXTENDS, "");
      for (const command of ["serve", "build"])
        await app.replace(
          "package.json",
          `scope-gen emit --out-dir src/prompts && ng ${command}`,
          `ng ${command}`,
        );
      for (const path of ["src/prompts", "dist"]) await rm(join(app.root, path), { recursive: true });
      await app.succeed("npm", ["run", "build"]);
    });

    passes("manifest", "names the prompt, also in the one next to the bundle", async (app) => {
      expect(await app.manifestNames()).toEqual([PAGE_PROMPT]);
      expect(await app.read(`${BUILT}/scope-manifest.json`)).toBe(await app.read(".scope/manifest.json"));
    });

    passes("server", "serves the page", serves);

    passes("dev", "an edit on the platform reaches the page", followsEdits);

    passes("ng test", "tests render the prompt, by Angular's own builder", async (app) => {
      const extended = '"extends": ["./tsconfig.json", "./src/prompts/tsconfig.paths.json"]';
      await app.replace("tsconfig.spec.json", '"extends": "./tsconfig.json"', extended);
      await testsPass(app);
    });

    passes("doctor", "knows what has been built", expectBuilt);
  });
});
