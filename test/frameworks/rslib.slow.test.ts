import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT } from "./framework.ts";
import { supports } from "./support.ts";

describe("Rslib", () => {
  let app: Application;
  let platform: DevPlatform;
  let version: string;
  const row = () => `Rslib ${version}`;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    app = await Application.install("rslib");
    app.env = platform.env;
    version = await app.version("@rslib/core");
    await app.succeedBin("scope-gen pull");
    await platform.save(PAGE_PROMPT, "Welcome to {{product}}, {{name}}.");
  }, 300_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  });

  supports(row, "build", "succeeds and says what is new, once", async () => {
    const { stdout, stderr } = await app.succeedBin("rslib build");
    const said = stdout + stderr;
    expect(said.match(/greeting-template@production: version 1 → 2 \(text only\)/g), said).toHaveLength(1);
  });

  supports(row, "server", "the library renders", async () => {
    const script = 'import { greet } from "./dist/index.js"; console.log(greet("Ada"));';
    const { stdout } = await app.succeed("node", ["--input-type=module", "--eval", script]);
    expect(stdout.trim()).toBe("Welcome to Looms, Ada.");
    expect(await app.read("dist/index.d.ts")).toContain("greet: (name: string) => string");
  });

  supports(row, "manifest", "names every prompt in any output", async () => {
    expect(await app.manifestNames()).toEqual([PAGE_PROMPT]);
  });

  supports(row, "types", "right calls pass, a misspelt variable is refused", async () => {
    await app.succeedBin("tsc --noEmit");
    await app.replace("src/index.ts", "greeting({ name,", "greeting({ nmae: name,");
    const refused = await app.bin("tsc --noEmit");
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain("nmae");
  });
});
