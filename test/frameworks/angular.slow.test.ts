import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { ServerProcess } from "../support/server-process.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT } from "./framework.ts";
import { openPage } from "./page.ts";
import { expectBuilt } from "./starter.ts";
import { supports } from "./support.ts";

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

describe("Angular", () => {
  let app: Application;
  let platform: DevPlatform;
  let found: { row: string; nodeVersion: string };
  const row = () => found;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    app = await Application.install("angular", [`${BUILDER}@22.0.1`]);
    app.env = { ...platform.env, NG_CLI_ANALYTICS: "false" };
    const version = await app.version("@angular/core");
    found = { row: `Angular ${version}`, nodeVersion: await app.version("node") };
    await app.succeedBin("scope-gen pull");
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  /** An edit on the platform reaches the open page. */
  async function followsEdits(): Promise<void> {
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

  async function serves(): Promise<void> {
    const page = await openPage(await app.serve(PREVIEW), "/", true);
    await page.shows(GREETED).finally(page.close);
    await app.stopServers();
  }

  async function testsPass(): Promise<void> {
    const { stdout } = await app.succeed("npm", ["test", "--", "--watch=false"]);
    expect(stdout).toMatch(/Tests .*1 passed/);
  }

  describe("with emitted files", () => {
    supports(row, "build", "succeeds", async () => {
      await app.succeed("npm", ["run", "build"]);
    });

    supports(row, "types", "right calls pass, a misspelt variable is refused", async () => {
      await app.succeedBin("ngc -p tsconfig.app.json --noEmit");
      const restore = await app.replace("src/app/app.ts", "greeting({ name:", "greeting({ nmae:");
      for (const line of ["ngc -p tsconfig.app.json --noEmit", "ng build"]) {
        const refused = await app.bin(line);
        expect(refused.code, line).not.toBe(0);
        expect(refused.stdout + refused.stderr).toContain("'nmae' does not exist");
      }
      await restore();
      await app.succeed("npm", ["run", "build"]);
    });

    supports(row, "server", "serves the page", serves);

    supports(row, "ng test", "tests render the prompt", testsPass);

    supports(row, "doctor", "knows what has been built", () => expectBuilt(app));

    supports(row, "dev", "an edit on the platform reaches the page", async () => {
      const scopeGen = join(app.root, "node_modules", "unplugin-scope", "bin", "scope-gen.js");
      const emit = [scopeGen, "emit", "--out-dir", "src/prompts", "--watch"];
      const emitting = new ServerProcess(emit, app.root, app.env);
      await followsEdits().finally(() => emitting.signal("SIGTERM"));
    });
  });

  describe("with custom-esbuild", () => {
    const esbuildRow = () => ({ ...found, row: found.row.replace("Angular", "Angular (custom-esbuild)") });

    supports(esbuildRow, "build", "succeeds without emitted files", async () => {
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

    supports(esbuildRow, "manifest", "names the prompt, also in the one next to the bundle", async () => {
      expect(await app.manifestNames()).toEqual([PAGE_PROMPT]);
      expect(await app.read(`${BUILT}/scope-manifest.json`)).toBe(await app.read(".scope/manifest.json"));
    });

    supports(esbuildRow, "server", "serves the page", serves);

    supports(esbuildRow, "dev", "an edit on the platform reaches the page", followsEdits);

    supports(esbuildRow, "ng test", "tests render the prompt, by Angular's own builder", async () => {
      const extended = '"extends": ["./tsconfig.json", "./src/prompts/tsconfig.paths.json"]';
      await app.replace("tsconfig.spec.json", '"extends": "./tsconfig.json"', extended);
      await testsPass();
    });

    supports(esbuildRow, "doctor", "knows what has been built", () => expectBuilt(app));
  });
});
