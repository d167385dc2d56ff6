import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outputsOf } from "../support/app.ts";
import type { Ran } from "../support/run.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { ReferencePlatform } from "./reference-platform.ts";
import { printedBy, WireApp } from "./wire-app.ts";
import { FORMS, shown } from "./wire-forms.ts";

interface Unknown {
  readonly name: string;
  readonly body: object;
  readonly said: string;
  /** What `doctor` reports of it. */
  readonly form: object;
}

const HUSH = "The text of a prompt";

const UNKNOWN: readonly Unknown[] = [
  {
    name: "another_type",
    body: { prompt_type: "template", content: HUSH },
    said: 'prompt_type must be "text" or "chat", but is "template".',
    form: { prompt_type: "template", content: "string" },
  },
  {
    name: "parts",
    body: { prompt_type: "chat", content: [{ role: "SYSTEM", parts: [{ text: HUSH }] }] },
    said: 'content[0] must be messages of "role" and "content", but is an object of "role","parts".',
    form: { prompt_type: "chat", content: [{ role: "string", parts: [{ text: "string" }] }] },
  },
  {
    name: "turns",
    body: { prompt_type: "chat", content: JSON.stringify({ turns: [HUSH] }) },
    said: 'content must be messages of "role" and "content", but is another text.',
    form: { prompt_type: "chat", content: { turns: ["string"] } },
  },
  {
    name: "messages_as_text",
    body: { prompt_type: "text", content: [{ role: "SYSTEM", content: HUSH }] },
    said: "content must be text, but is an array of 1.",
    form: { prompt_type: "text", content: [{ role: "string", content: "string" }] },
  },
  {
    name: "two_texts",
    body: { prompt_type: "chat", content: [{ role: "HUMAN", content: HUSH, text: "Another one" }] },
    said: "content[0].content must be the same as its text, but is another text.",
    form: { prompt_type: "chat", content: [{ role: "string", content: "string", text: "string" }] },
  },
];
const NAMES = UNKNOWN.map(({ name }) => name);
const ALL_SHOWN = Object.fromEntries(
  NAMES.map((name) => [name, shown({ name, number: 3 }, { model: "small" })]),
);

let platform: ReferencePlatform;
let app: WireApp;
let dev: ServerProcess;
const file = (name: string) => join(app.root, "scope", `${name}@production.json`);
const files = () => Promise.all(NAMES.map((name) => readFile(file(name), "utf8")));

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  app = await WireApp.make(platform, NAMES, []);
  for (const name of NAMES) platform.serve(name, FORMS.documented({ name, number: 3 }));
  printedBy(await app.cli("pull"));
  dev = await app.startDev();
  for (const { name, body } of UNKNOWN)
    platform.serve(name, { ...FORMS.documented({ name, number: 4 }), ...body });
});
afterAll(async () => {
  await app.close();
  await platform.close();
});

function expectSaid(text: string): void {
  for (const { said } of UNKNOWN) expect(text).toContain(said);
  expect(text).not.toContain(HUSH);
}

/** Each prompt's own line, and no other warning of it. */
function expectWarned({ stderr, stdout }: Ran): void {
  expectSaid(stderr + stdout);
  expect((stderr + stdout).match(/Version 3 is used instead/g)).toHaveLength(NAMES.length);
}

describe("a form of a version that isn't known", () => {
  it.each(["vite", "esbuild"] as const)("%s builds what is committed, and warns", async (bundler) => {
    for (const fetch of ["auto", "always"]) {
      const built = await app.build(bundler, { SCOPE_FETCH: fetch });
      printedBy(built);
      expectWarned(built);
      expect(JSON.parse(printedBy(await app.runBuilt(undefined, bundler)))).toEqual(ALL_SHOWN);
    }
    const prompts = (await outputsOf(app.root)).flatMap((output) => output.prompts);
    expect(prompts.filter(({ source }) => source === "stale-snapshot").length).toBeGreaterThanOrEqual(
      NAMES.length,
    );
  });

  it("/register and emit do as well", async () => {
    const registered = await app.register();
    expect(JSON.parse(printedBy(registered))).toEqual(ALL_SHOWN);
    expectWarned(registered);
    const emitted = await app.cli("emit", "--out-dir", "emitted");
    printedBy(emitted);
    expectWarned(emitted);
    expect(await readFile(join(app.root, "emitted", "parts.js"), "utf8")).toContain("edition 3");
  });

  it("development serves what is committed, and warns once", async () => {
    expect(await app.dev()).toEqual(ALL_SHOWN);
    await waitFor("a line for each prompt", () => dev.count(/Version 3 is used instead/) >= NAMES.length);
    await new Promise((done) => setTimeout(done, 1000));
    expect(dev.count(/Version 3 is used instead/)).toBe(NAMES.length);
    expectSaid(dev.output);
    expect(dev.output).not.toContain("last good version");
  });

  it("check can't tell, and pull leaves what is committed", async () => {
    const before = await files();
    for (const command of ["check", "pull"]) {
      const ran = await app.cli(command);
      expect(ran.code, command).toBe(1);
      expectSaid(ran.stdout + ran.stderr);
    }
    expect(await files()).toEqual(before);
  });

  it("doctor reports each form, without a text", async () => {
    const { code, stdout } = await app.cli("doctor", "--json");
    expect(code).toBe(1);
    expect(stdout).not.toContain(HUSH);
    const found = JSON.parse(stdout).checks.find((one: { forms?: object }) => one.forms !== undefined);
    expect(found).toMatchObject({ check: "platform", status: "problem" });
    expect(found.forms).toHaveLength(UNKNOWN.length);
    for (const { form } of UNKNOWN) expect(found.forms).toContainEqual(expect.objectContaining(form));
    expect(found.forms[0].fields).toMatchObject({ version_id: "string", version: "number", tags: "array" });
  });

  it("is an error where nothing is committed, and so is a broken body where something is", async () => {
    await rm(file("parts"));
    const { version: _, ...body } = FORMS.documented({ name: "turns", number: 4 });
    platform.serve("turns", body);
    const built = await app.build("vite");
    expect(built.code).toBe(1);
    const text = built.stderr + built.stdout;
    expect(text).toContain("content[0] must be messages");
    expect(text).toContain("version_number must be a whole number, but is absent.");
    expect(text.match(/Version 3 is used instead/g)).toHaveLength(NAMES.length - 2);
  });
});
