import { readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { archiveVersion } from "../support/dev-platform.ts";
import { type Get, serve, writeIn } from "./platform-helpers.ts";

const VERSIONS = { "p/1.md": "one", "p/2.md": "two", "p/3.md": "three" };
const ids = (...numbers: number[]) =>
  Object.fromEntries(numbers.map((number) => [String(number), { id: `v_${number}` }]));

/** What each version is, by its ID: its status, or the response's where it is not served. */
async function statuses(get: Get): Promise<unknown[]> {
  const responses = await Promise.all(["v_1", "v_2", "v_3"].map((id) => get(`p/versions/${id}`)));
  return responses.map(({ status, json }) => (status === 200 ? json.status : status));
}

describe("the status of a version that doesn't set one", () => {
  test.each([
    ["without a production version, all are published", undefined, ["published", "published", "published"]],
    ["above production it's a draft, below it's still served", 2, ["published", "published", "draft"]],
    ["if nothing is production, all are drafts", null, ["draft", "draft", "draft"]],
  ])("%s", async (_, production, expected) => {
    const settings = JSON.stringify({ production, versions: ids(1, 2, 3) });
    const { get } = await serve({ ...VERSIONS, "p/prompt.json": settings });
    expect(await statuses(get)).toEqual(expected);
  });
});

describe("an archived version", () => {
  const versions = { ...ids(1, 2, 3), "1": { id: "v_1", status: "archived" } };
  const FILES = { ...VERSIONS, "p/prompt.json": JSON.stringify({ production: 2, versions }) };

  const LAST = JSON.stringify({
    production: 2,
    versions: { ...ids(1, 2), "3": { id: "v_3", status: "archived" } },
  });
  const why = `Version 1 of "p" is archived, and an archived version isn't served.`;

  // biome-ignore format: one row a line
  test.each<[what: string, files: Record<string, string>, path: string, status: number, json: object]>([
    ["isn't served by its ID, and the error says why", FILES, "p/versions/v_1", 404, { code: "version_not_found", message: why }],
    ["is still served as latest, which is the highest number, whatever its status", { ...VERSIONS, "p/prompt.json": LAST }, "p/latest", 200, { version: 3, status: "archived" }],
  ])("%s", async (_, files, path, status, json) => {
    const { get } = await serve(files);
    expect(await get(path)).toMatchObject({ status, json });
  });

  test("comes back as an edited draft with its ID", async () => {
    const { dir, get } = await serve(FILES);
    const unarchived = { ...versions, "1": { id: "v_1", status: "draft" } };
    await writeIn(dir, "p/prompt.json", JSON.stringify({ production: 2, versions: unarchived }));
    await writeIn(dir, "p/1.md", "one, edited");
    const { json } = await get("p/versions/v_1");
    expect(json).toMatchObject({ version_id: "v_1", status: "draft", content: "one, edited" });
  });
});

describe("a draft that is edited in place", () => {
  test.each([
    ["its text", "p/3.md", "three, edited"],
    ["its metadata", "p/prompt.json", `{"production":2,"versions":{"3":{"metadata":{"model":"m"}}}}`],
  ])("%s: the same ID, a later updated_at", async (_, file, edited) => {
    const { dir, get } = await serve({ ...VERSIONS, "p/prompt.json": `{"production":2}` });
    const then = new Date("2025-06-01T12:00:00Z");
    for (const name of ["3.md", "prompt.json"]) await utimes(join(dir, "p", name), then, then);
    const before = (await get("p/latest")).json;
    expect(before).toMatchObject({ status: "draft", updated_at: "2025-06-01T12:00:00.000Z" });
    await writeIn(dir, file, edited);
    const after = (await get("p/latest")).json;
    expect(after.version_id).toBe(before.version_id);
    expect(after.updated_at > before.updated_at).toBe(true);
    expect([after.content, after.metadata]).not.toEqual([before.content, before.metadata]);
  });

  test("updated_at is never before created_at, however old unpacked files are", async () => {
    const { dir, get } = await serve(VERSIONS);
    const old = new Date("1985-10-26T08:15:00Z");
    await utimes(join(dir, "p/3.md"), old, old);
    const { json } = await get("p/latest");
    expect(json.updated_at).toBe(json.created_at);
  });
});

test("tags and promotion are sent as they are in the file, and belong to one version only", async () => {
  const promotion = { promoted_at: "2025-02-03T04:05:06Z", promoted_by: "usr_01XYZ" };
  const settings = { versions: { "2": { tags: ["demo", "v2"], ...promotion } } };
  const files = { "p/1.md": "one", "p/2.md": "two", "p/prompt.json": JSON.stringify(settings) };
  const { dir, get } = await serve(files);
  expect((await get("p/production")).json).toMatchObject({ tags: ["demo", "v2"], ...promotion });
  await writeIn(dir, "p/3.md", "three");
  expect((await get("p/production")).json).toMatchObject({ tags: [], promoted_at: null, promoted_by: null });
});

describe("a version without its own metadata", () => {
  const output_schema = { type: "object", properties: { team: { type: "string" } } };

  test("gets that of the version before it, across any number of versions", async () => {
    const settings = {
      production: 3,
      versions: { "1": { metadata: { output_schema }, tags: ["demo"] }, "2": {} },
    };
    const { dir, get } = await serve({ ...VERSIONS, "p/prompt.json": JSON.stringify(settings) });
    expect((await get("p/production")).json).toMatchObject({ metadata: { output_schema }, tags: [] });
    await writeIn(dir, "p/7.json", "[]");
    expect((await get("p/latest")).json).toMatchObject({ version: 7, metadata: { output_schema }, tags: [] });
  });

  test.each(["{}", "null"])("and %s says that it has none", async (none) => {
    const settings = `{"versions":{"1":{"metadata":{"model":"m"}},"2":{"metadata":${none}}}}`;
    const { get } = await serve({ ...VERSIONS, "p/prompt.json": settings });
    expect((await get("p/production")).json.metadata).toEqual({});
  });
});

describe("promote", () => {
  const settings = { $schema: "./schema.json", production: 1, versions: ids(1, 2, 3) };

  test("publishes a version, and the previous one is a draft again: in the file and at once", async () => {
    const text = JSON.stringify(settings, null, "\t");
    const { dir, promote, get } = await serve({ ...VERSIONS, "p/prompt.json": text });
    expect(await statuses(get)).toEqual(["published", "draft", "draft"]);
    const startedAt = new Date();
    await promote("p", 2, "usr_01XYZ");
    expect(await statuses(get)).toEqual(["draft", "published", "draft"]);
    const { json } = await get("p/production");
    expect(json).toMatchObject({ version: 2, is_production: true, promoted_by: "usr_01XYZ" });
    expect(new Date(json.promoted_at).getTime()).toBeGreaterThanOrEqual(startedAt.getTime());
    const versions = {
      "1": { id: "v_1", status: "draft" },
      "2": { id: "v_2", status: "published", promoted_at: json.promoted_at, promoted_by: "usr_01XYZ" },
      "3": { id: "v_3" },
    };
    expect(await readFile(join(dir, "p/prompt.json"), "utf8")).toBe(
      `${JSON.stringify({ ...settings, production: 2, versions }, null, "\t")}\n`,
    );
  });

  test("accepts an archived version: a rollback", async () => {
    const files = { ...VERSIONS, "p/prompt.json": JSON.stringify(settings) };
    const { dir, promote, get } = await serve(files);
    await promote("p", 2);
    await archiveVersion(dir, "p", 1);
    expect(await statuses(get)).toEqual([404, "published", "draft"]);
    await promote("p", 1);
    expect(await statuses(get)).toEqual(["published", "draft", "draft"]);
    expect((await get("p/production")).json).toMatchObject({ content: "one", promoted_by: null });
  });

  test("leaves one version published, also in a folder without settings", async () => {
    const { promote, get } = await serve(VERSIONS);
    const third = (await get("p/production")).json.version_id;
    await promote("p", 2);
    expect((await get("p/production")).json.content).toBe("two");
    expect((await get(`p/versions/${third}`)).json.status).toBe("draft");
  });

  test.each([
    ["p", 4, `There's no version 4 of the prompt "p".`, "Its versions are 1, 2, 3."],
    ["Broken", 1, `There's no prompt "Broken".`, `Did you mean "broken"?`],
    ["zzz", 1, `There's no prompt "zzz".`, "There are broken, p."],
    ["broken", 1, "broken/prompt.json can't be used: it must be an object.", undefined],
  ])("refuses %s, version %d", async (name, version, message, hint) => {
    const { promote } = await serve({ ...VERSIONS, "broken/1.md": "x", "broken/prompt.json": "[]" });
    const refused = { code: "platform_options_invalid", message, hint };
    await expect(promote(name, version)).rejects.toMatchObject(refused);
  });
});

describe("drafts, as on the hosted platform", () => {
  test("a new file is a draft, and production is what was promoted", async () => {
    const { dir, promote, get } = await serve({ "p/1.md": "one" }, { drafts: true });
    expect((await get("p/production")).json.code).toBe("no_production_version");
    expect((await get("p/latest")).json).toMatchObject({ status: "draft", is_production: false });
    await promote("p", 1);
    await writeIn(dir, "p/2.md", "two");
    expect((await get("p/production")).json).toMatchObject({ content: "one", status: "published" });
    const draft = (await get("p/latest")).json;
    expect(draft).toMatchObject({ content: "two", status: "draft", is_production: false });
    await writeIn(dir, "p/2.md", "two, edited");
    expect((await get(`p/versions/${draft.id}`)).json.content).toBe("two, edited");
    await promote("p", 2);
    expect((await get("p/production")).json.content).toBe("two, edited");
  });

  test("all but the production version that prompt.json names are drafts", async () => {
    const settings = JSON.stringify({ production: 2, versions: ids(1, 2, 3) });
    const { get } = await serve({ ...VERSIONS, "p/prompt.json": settings }, { drafts: true });
    expect(await statuses(get)).toEqual(["draft", "published", "draft"]);
  });
});
