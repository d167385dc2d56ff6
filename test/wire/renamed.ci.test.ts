import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { ReferencePlatform } from "./reference-platform.ts";
import { printedBy, WireApp } from "./wire-app.ts";
import { FORMS, shown } from "./wire-forms.ts";

const NEW_NAME = /greeting@production: renamed to "welcome_letter" on the platform: change the name in the/;
const greeting = (number: number) => FORMS.documented({ name: "greeting", number });
const shownOf = (number: number) => ({ greeting: shown({ name: "greeting", number }, { model: "small" }) });

let platform: ReferencePlatform;
let app: WireApp;

beforeEach(async () => {
  platform = await ReferencePlatform.start();
  platform.serve("greeting", greeting(3));
  app = await WireApp.make(platform, ["greeting"], []);
  printedBy(await app.cli("pull"));
});
afterEach(async () => {
  await app.close();
  await platform.close();
});

const askedById = () => platform.requests.filter((one) => one.includes("pmt_greeting/"));
const committed = () => readFile(join(app.root, "scope", "greeting@production.json"), "utf8");

it("a renamed prompt is found by its ID: everything says its new name, and goes on", async () => {
  const before = await committed();
  platform.rename("greeting", "welcome_letter");

  const check = await app.cli("check", "--json");
  expect(check.code).toBe(2);
  expect(JSON.parse(check.stdout)).toMatchObject({
    status: "compatible",
    prompts: [
      { name: "greeting", change: "renamed", from: 3, to: 3, changes: [{ kind: "renamed" }], calls: [] },
    ],
  });
  const text = await app.cli("check");
  // A pull can't change the name in the code.
  expect(text.stdout).not.toContain("To take them");
  expect(text.stdout).toMatch(/renamed +renamed to "welcome_letter" on the platform: change the name in the/);
  expect(text.stdout).toContain("1 prompt: 1 renamed.");
  expect((await app.cli("check", "--label", "latest")).code).toBe(2);
  expect((await app.cli("diff")).stdout).toContain('renamed to "welcome_letter"');
  expect((await app.cli("doctor")).stdout).toContain('renamed to "welcome_letter"');

  const pull = await app.cli("pull");
  expect(printedBy(pull)).toContain('renamed to "welcome_letter"');
  expect(await committed()).toBe(before);
  for (const bundler of ["vite", "esbuild"] as const) {
    platform.requests.length = 0;
    const built = await app.build(bundler);
    printedBy(built);
    expect((built.stdout + built.stderr).match(new RegExp(NEW_NAME, "g"))).toHaveLength(1);
    expect(built.stdout + built.stderr).not.toContain("Mode: fresh");
    expect(JSON.parse(printedBy(await app.runBuilt(undefined, bundler)))).toEqual(shownOf(3));
    expect(askedById()).toEqual(["GET /api/v1/prompts/pmt_greeting/production"]);
  }

  platform.serve("welcome_letter", { ...greeting(4), name: "welcome_letter" });
  const registered = await app.register();
  expect(JSON.parse(printedBy(registered))).toEqual(shownOf(4));
  expect(registered.stderr).toMatch(NEW_NAME);
  const emitted = await app.cli("emit", "--out-dir", "emitted");
  printedBy(emitted);
  expect(emitted.stderr).toMatch(NEW_NAME);
  expect(printedBy(await app.cli("pull"))).toContain("3 → 4");
  expect(await committed()).toContain("edition 4");
});

it("development serves a renamed prompt as before, and says its new name once", async () => {
  const dev = await app.startDev();
  expect(await app.dev()).toEqual(shownOf(3));
  platform.rename("greeting", "welcome_letter");
  await waitFor("dev's warning", () => dev.count(NEW_NAME) > 0);
  platform.serve("welcome_letter", { ...greeting(4), name: "welcome_letter" });
  expect(await app.dev((seen) => seen.greeting?.versionNumber === 4)).toEqual(shownOf(4));
  expect(dev.count(NEW_NAME)).toBe(1);
  expect(dev.output).not.toContain("last good version");
});

it("a prompt that is gone is missing, and an ID is asked for once", async () => {
  platform.rename("greeting", "welcome_letter");
  platform.serve("welcome_letter", { ...greeting(3), prompt_id: "pmt_other", name: "welcome_letter" });
  platform.requests.length = 0;
  const check = await app.cli("check", "--json");
  expect(check.code).toBe(3);
  expect(JSON.parse(check.stdout).prompts).toMatchObject([{ change: "missing" }]);
  expect(askedById()[0]).toBe("GET /api/v1/prompts/pmt_greeting/production");
  expect((await app.build()).code).toBe(1);
});
