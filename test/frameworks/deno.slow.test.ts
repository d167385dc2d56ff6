import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { expectChecked, installed, pullWithModel } from "./installed.ts";

const OUTPUT = "Hello Ada, welcome to Looms. Explain rivers in one sentence. gpt-5\n";

describe("Deno", () => {
  const supports = installed(
    { fixture: "deno", title: "Deno", package: "deno", isOffline: true },
    async (app, platform) => {
      await pullWithModel(app, platform);
      await app.succeedBin("scope-gen emit --out-dir prompts");
    },
  );

  supports("import map", "runs emitted files without a permission", async (app) => {
    expect((await app.succeedBin("deno run main.ts")).stdout).toBe(OUTPUT);
  });

  supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
    await expectChecked(app, ["deno check main.ts"], "main.ts", "{ name:");
  });

  supports("--preload", "serves the imports through /register, without emitted files", async (app) => {
    await rename(join(app.root, "deno.json"), join(app.root, "deno.off"));
    const ran = await app.succeedBin(
      "deno run -A --preload ./node_modules/unplugin-scope/dist/register.js main.ts",
    );
    await rename(join(app.root, "deno.off"), join(app.root, "deno.json"));
    expect(ran.stdout).toBe(OUTPUT);
  });
});
