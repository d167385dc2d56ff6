import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { supports } from "./support.ts";

describe("Jest", () => {
  let app: Application;
  let platform: DevPlatform;
  let version: string;
  const row = () => `Jest ${version}`;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save("greeting-template", "Hello {{name}}, welcome to {{product}}.");
    await platform.save("support/topic", "Explain {{topic}} in one sentence.");
    await platform.settings("support/topic", { versions: { 1: { metadata: { model: "gpt-5" } } } });
    app = await Application.install("jest");
    version = await app.version("jest");
    await app.succeedBin("scope-gen pull", platform.env);
    await app.succeedBin("scope-gen emit --out-dir src/prompts");
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  async function passes(config: string, tests: number, env: Record<string, string> = {}): Promise<void> {
    const { stderr } = await app.succeedBin(`jest -c ${config}`, env);
    expect(stderr).toContain(`${tests} passed, ${tests} total`);
  }

  supports(row, "babel-jest", "imports with slash and query, and jest.mock", () =>
    passes("jest.babel.config.cjs", 2),
  );

  supports(row, "ts-jest", "the same, and an edit that is pulled and emitted", async () => {
    await passes("jest.config.cjs", 2);
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

  supports(row, "ECMAScript modules", "in Jest's own ESM support, unstable_mockModule too", () =>
    passes("jest.esm.config.mjs", 2, { NODE_OPTIONS: "--experimental-vm-modules" }),
  );

  supports(row, "types", "tsc and ts-jest refuse a misspelt variable", async () => {
    await app.succeedBin("tsc -p .");
    const restore = await app.replace("src/welcome.ts", "greeting({ name,", "greeting({ nmae: name,");
    for (const line of ["tsc -p .", "jest -c jest.config.cjs"]) {
      const refused = await app.bin(line);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("'nmae' does not exist");
    }
    await restore();
  });
});
