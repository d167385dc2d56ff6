// The hosted platform's story of a rollback: a promotion makes the version before it a draft, and somebody edits it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outputFile } from "../support/app.ts";
import { ReferencePlatform } from "./reference-platform.ts";
import { printedBy, WireApp } from "./wire-app.ts";
import { FORMS, shown } from "./wire-forms.ts";

const LETTER = { name: "letter", number: 1 };
const PINNED = "letter?version=v_letter_1";
const EDITED = { ...FORMS.documented(LETTER), status: "draft", content: "Edited, for {{plan}}, {{name}}" };
const FIRST = shown(LETTER, { model: "small" });
const DIFFERS = "the platform's version 1 has another text than the committed one";

let platform: ReferencePlatform;
let app: WireApp;
let built: Awaited<ReturnType<typeof bytes>>;
let snapshot: string;

const file = (path: string) => readFile(join(app.root, path), "utf8");
/** What each way of building makes of the pin. */
async function bytes() {
  const [vite, esbuild] = await Promise.all(
    (["vite", "esbuild"] as const).map((bundler) => readFile(outputFile(bundler, app.root), "utf8")),
  );
  return { vite, esbuild, emitted: await file("emitted/letter@v_letter_1.js") };
}
/** Builds in every way, without a request, and gives what `/register` renders. */
async function buildAll(env: Readonly<Record<string, string>>) {
  const before = platform.requests.length;
  const [vite, esbuild, register, emitted] = await Promise.all([
    app.build("vite", env),
    app.build("esbuild", env),
    app.register(),
    app.cli("emit", "--out-dir", "emitted"),
  ]);
  for (const ran of [vite, esbuild, emitted]) printedBy(ran);
  expect(platform.requests.slice(before)).toEqual([]);
  return JSON.parse(printedBy(register));
}

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  platform.serve("letter", FORMS.documented(LETTER));
  app = await WireApp.make(platform, [PINNED], []);
  // Nothing is committed yet, so the version is fetched once.
  printedBy(await app.build());
  expect(platform.requests.filter((one) => one.startsWith("GET"))).toEqual([
    "GET /api/v1/prompts/letter/versions/v_letter_1",
  ]);
  printedBy(await app.cli("pull"));
  await buildAll({});
  built = await bytes();
  snapshot = await file("scope/letter@version-1.json");
  await app.startDev();
  await app.dev();
});
afterAll(async () => {
  await app.close();
  await platform.close();
});

describe("a pinned version that became a draft and was edited", () => {
  beforeAll(() => {
    platform.serve("letter", FORMS.documented({ ...LETTER, number: 2 }));
    platform.serve("letter", EDITED, []);
  });

  it.each(["auto", "always"])("is built as committed, with no request: fetch %j", async (fetch) => {
    expect(await buildAll({ SCOPE_FETCH: fetch })).toEqual({ [PINNED]: FIRST });
    expect(await bytes()).toEqual(built);
  });

  it("stays as committed in development, with no request", async () => {
    const before = platform.requests.length;
    await new Promise((done) => setTimeout(done, 1000));
    expect(await app.dev()).toEqual({ [PINNED]: FIRST });
    expect(platform.requests.slice(before)).toEqual([]);
  });

  it("differs, says check, with exit 2", async () => {
    const { code, stdout } = await app.cli("check");
    expect([code, stdout.replace(/\s+/g, " ")]).toEqual([2, expect.stringContaining(DIFFERS)]);
    expect(stdout).toContain("To take them: npx scope-gen pull letter");
    const json = await app.cli("check", "--json");
    expect([json.code, JSON.parse(json.stdout).prompts[0]]).toMatchObject([
      2,
      { change: "text", changes: [{ kind: "text", message: DIFFERS }], from: 1, to: 1, calls: [] },
    ]);
  });

  it("is shown by diff", async () => {
    const { stdout } = await app.cli("diff");
    expect(stdout).toContain(DIFFERS);
    expect(stdout).toContain("+Edited, for {{plan}}, {{name}}");
  });

  it("stays in a pull, which says so", async () => {
    const pulled = printedBy(await app.cli("pull"));
    expect(pulled).toContain(`${DIFFERS}, which stays. To take it: npx scope-gen pull letter`);
    expect(await file("scope/letter@version-1.json")).toBe(snapshot);
  });
});

describe("a pinned version that was archived", () => {
  beforeAll(() => platform.archive("letter", "v_letter_1"));

  it("is built as committed", async () => {
    expect(await buildAll({})).toEqual({ [PINNED]: FIRST });
    expect(await bytes()).toEqual(built);
  });

  it("is no difference for check, and stays in a pull by name", async () => {
    const { code, stdout } = await app.cli("check", "--json");
    const notes = expect.arrayContaining([expect.stringContaining("archived or gone on the platform")]);
    expect([code, JSON.parse(stdout).prompts[0]]).toMatchObject([0, { change: "none", notes }]);
    for (const argv of [["pull"], ["pull", "letter"], ["diff", PINNED], ["check", "--format", "markdown"]])
      expect(printedBy(await app.cli(...argv))).toContain("archived or gone on the platform");
    expect(await file("scope/letter@version-1.json")).toBe(snapshot);
  });
});

it("pull with its name takes the platform's text, which a running development server then shows", async () => {
  platform.serve("letter", { ...EDITED, content: "Edited, for {{app}}" }, []);
  expect(printedBy(await app.cli("pull", "letter"))).toContain('variable "name" is gone');
  const edited = { ...FIRST, rendered: "Edited, for Looms" };
  expect(await app.dev((all) => all[PINNED]?.rendered === edited.rendered)).toEqual({ [PINNED]: edited });
  expect(await buildAll({})).toEqual({ [PINNED]: edited });
  expect(await app.cli("check")).toMatchObject({ code: 0 });
});
