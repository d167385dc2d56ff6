import { describe, expect } from "vitest";
import { installed } from "./installed.ts";
import { copyStarter } from "./starter.ts";

interface Linter {
  readonly title: string;
  readonly package: string;
  /** Ends well where there is nothing to complain about. */
  readonly check: string;
  /** The file of its settings, and what it says where that is the starter's; undefined where it needs none. */
  readonly settings?: string;
  readonly complaint?: string;
}

// biome-ignore format: one row a line
const LINTERS: readonly Linter[] = [
  { title: "ESLint", package: "eslint", check: "eslint . --max-warnings 0", settings: "eslint.config.js", complaint: "scope:greeting-template" },
  {
    title: "ESLint with types",
    package: "eslint",
    check: "eslint --config eslint.typed.config.js . --max-warnings 0",
    settings: "eslint.typed.config.js",
    complaint: "scope.config.ts was not found by the project service",
  },
  { title: "oxlint", package: "oxlint", check: "oxlint --deny-warnings --import-plugin" },
  { title: "Biome", package: "@biomejs/biome", check: "biome check .", settings: "biome.json", complaint: "greeting-template@production.json" },
  { title: "Prettier", package: "prettier", check: "prettier --check .", settings: ".prettierignore", complaint: "src/scope-types" },
  { title: "knip", package: "knip", check: "knip", settings: "knip.json", complaint: "scope.config.ts" },
  { title: "dependency-cruiser", package: "dependency-cruiser", check: "depcruise src", settings: ".dependency-cruiser.json", complaint: "scope:greeting-template" },
  { title: "madge", package: "madge", check: "madge --extensions ts --ts-config tsconfig.json --circular src" },
];

describe("linters and formatters", () => {
  const supports = installed({ fixture: "linters", title: "linters", package: "eslint" }, async (app) => {
    await app.succeed("git", ["init", "-q"]);
    await app.succeedBin("scope-gen pull");
    await app.succeedBin("vite build");
  });

  for (const linter of LINTERS) {
    const { check, settings, complaint } = linter;
    supports(
      "no complaint",
      "says nothing after pull and build, and complains without the setting",
      async (app) => {
        await app.succeedBin(check);
        if (settings === undefined) return;
        const restore = await copyStarter(app, settings);
        const red = await app.bin(check);
        await restore();
        expect(red.code).not.toBe(0);
        expect(red.stdout + red.stderr).toContain(complaint);
      },
      linter,
    );
  }
});
