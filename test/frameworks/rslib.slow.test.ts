import { describe, expect } from "vitest";
import { expectChecked, installed, PAGE_PROMPT } from "./installed.ts";

describe("Rslib", () => {
  const tool = { fixture: "rslib", title: "Rslib", package: "@rslib/core" };
  const supports = installed(tool, async (app, platform) => {
    await app.succeedBin("scope-gen pull");
    await platform.save(PAGE_PROMPT, "Welcome to {{product}}, {{name}}.");
  });

  supports("build", "succeeds and says what is new, once", async (app) => {
    const { stdout, stderr } = await app.succeedBin("rslib build");
    const said = stdout + stderr;
    expect(said.match(/greeting-template@production: version 1 → 2 \(text only\)/g), said).toHaveLength(1);
  });

  supports("server", "the library renders", async (app) => {
    const script = 'import { greet } from "./dist/index.js"; console.log(greet("Ada"));';
    const { stdout } = await app.succeed("node", ["--input-type=module", "--eval", script]);
    expect(stdout.trim()).toBe("Welcome to Looms, Ada.");
    expect(await app.read("dist/index.d.ts")).toContain("greet: (name: string) => string");
  });

  supports("manifest", "names every prompt in any output", async (app) => {
    expect(await app.manifestNames()).toEqual([PAGE_PROMPT]);
  });

  supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
    await expectChecked(app, ["tsc --noEmit"], "src/index.ts", "greeting({ name,", "greeting({ nmae: name,");
  });
});
