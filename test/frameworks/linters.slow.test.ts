import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { copyStarter } from "./starter.ts";
import { supports } from "./support.ts";

interface Linter {
  readonly title: string;
  readonly package: string;
  /** Ends well where there is nothing to complain about. */
  readonly check: string;
  readonly settings: string;
  /** What it says where its settings are the starter's. */
  readonly complaint: string;
}

const LINTERS: readonly Linter[] = [
  {
    title: "ESLint",
    package: "eslint",
    check: "eslint . --max-warnings 0",
    settings: "eslint.config.js",
    complaint: "scope:greeting-template",
  },
  {
    title: "Biome",
    package: "@biomejs/biome",
    check: "biome check .",
    settings: "biome.json",
    complaint: "greeting-template@production.json",
  },
  {
    title: "Prettier",
    package: "prettier",
    check: "prettier --check .",
    settings: ".prettierignore",
    complaint: "src/scope-types",
  },
  { title: "knip", package: "knip", check: "knip", settings: "knip.json", complaint: "scope.config.ts" },
];

describe("linters and formatters", () => {
  let app: Application;
  let platform: DevPlatform;
  const versions = new Map<string, string>();
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save("greeting-template", "Hello {{name}}.");
    app = await Application.install("linters");
    app.env = platform.env;
    for (const linter of LINTERS) versions.set(linter.title, await app.version(linter.package));
    await app.succeed("git", ["init", "-q"]);
    await app.succeedBin("scope-gen pull");
    await app.succeedBin("vite build");
  }, 300_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  for (const { title, check, settings, complaint } of LINTERS) {
    const row = () => `${title} ${versions.get(title)}`;
    supports(
      row,
      "no complaint",
      "says nothing after pull and build, and complains without the setting",
      async () => {
        await app.succeedBin(check);
        const restore = await copyStarter(app, settings);
        const red = await app.bin(check);
        await restore();
        expect(red.code).not.toBe(0);
        expect(red.stdout + red.stderr).toContain(complaint);
      },
    );
  }
});
