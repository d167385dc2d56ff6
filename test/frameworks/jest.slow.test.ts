import { describe, expect } from "vitest";
import type { Application } from "./application.ts";
import { expectChecked, installed, pullWithModel } from "./installed.ts";

describe("Jest", () => {
  const supports = installed(
    { fixture: "jest", title: "Jest", package: "jest", isOffline: true },
    async (app, platform) => {
      await pullWithModel(app, platform);
      await app.succeedBin("scope-gen emit --out-dir src/prompts");
    },
  );

  async function passes(app: Application, config: string, tests: number, env: Record<string, string> = {}) {
    const { stderr } = await app.succeedBin(`jest -c ${config}`, env);
    expect(stderr).toContain(`${tests} passed, ${tests} total`);
  }

  supports("babel-jest", "imports with slash and query, and jest.mock", (app) =>
    passes(app, "jest.babel.config.cjs", 2),
  );

  supports("ts-jest", "the same, and an edit that is pulled and emitted", async (app, platform) => {
    await passes(app, "jest.config.cjs", 2);
    await platform.save("support/topic", "What are {{topic}} for?");
    await app.succeedBin("scope-gen pull", platform.env);
    await app.succeedBin("scope-gen emit --out-dir src/prompts");
    const { code, stderr } = await app.bin("jest -c jest.config.cjs");
    expect(code, stderr).toBe(1);
    expect(stderr).toContain("What are rivers for?");
    await platform.save("support/topic", "Explain {{topic}} in one sentence.");
    await platform.settings("support/topic", { versions: { 3: { metadata: { model: "gpt-5" } } } });
    await app.succeedBin("scope-gen pull", platform.env);
    await app.succeedBin("scope-gen emit --out-dir src/prompts");
  });

  supports("ECMAScript modules", "in Jest's own ESM support, unstable_mockModule too", (app) =>
    passes(app, "jest.esm.config.mjs", 2, { NODE_OPTIONS: "--experimental-vm-modules" }),
  );

  supports("types", "tsc and ts-jest refuse a misspelt variable", async (app) => {
    const lines = ["tsc -p .", "jest -c jest.config.cjs"];
    await expectChecked(app, lines, "src/welcome.ts", "greeting({ name,", "greeting({ nmae: name,");
  });
});
