import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { supports } from "./support.ts";

const OUTPUT = "Hello Ada, welcome to Looms. Explain rivers in one sentence. gpt-5\n";

describe("Deno", () => {
  let app: Application;
  let platform: DevPlatform;
  let version: string;
  const row = () => `Deno ${version}`;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save("greeting-template", "Hello {{name}}, welcome to {{product}}.");
    await platform.save("support/topic", "Explain {{topic}} in one sentence.");
    await platform.settings("support/topic", { versions: { 1: { metadata: { model: "gpt-5" } } } });
    app = await Application.install("deno");
    version = await app.version("deno");
    await app.succeedBin("scope-gen pull", platform.env);
    await app.succeedBin("scope-gen emit --out-dir prompts");
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  supports(row, "import map", "runs emitted files without a permission", async () => {
    expect((await app.succeedBin("deno run main.ts")).stdout).toBe(OUTPUT);
  });

  supports(row, "types", "right calls pass, a misspelt variable is refused", async () => {
    await app.succeedBin("deno check main.ts");
    const restore = await app.replace("main.ts", "{ name:", "{ nmae:");
    const refused = await app.bin("deno check main.ts");
    await restore();
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("'nmae' does not exist");
  });

  supports(row, "--preload", "serves the imports through /register, without emitted files", async () => {
    await rename(join(app.root, "deno.json"), join(app.root, "deno.off"));
    const ran = await app.succeedBin(
      "deno run -A --preload ./node_modules/unplugin-scope/dist/register.js main.ts",
    );
    await rename(join(app.root, "deno.off"), join(app.root, "deno.json"));
    expect(ran.stdout).toBe(OUTPUT);
  });
});
