import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pullPrompts } from "../../../src/commands/pull/pull-prompts.ts";
import { StagedFiles } from "../../../src/files/staged-files.ts";
import { explainUnwritable, temporaryBeside } from "../../../src/files/write-file.ts";
import { type Platform, startPlatform } from "../../../src/platform/index.ts";
import { openProject, type Project } from "../../../src/project/project.ts";
import { makeApp, temporaryFolder, writeTree } from "../../support/app.ts";

let dir: string;
let platform: Platform;
let root: string;
let project: Project;
beforeEach(async () => {
  dir = await temporaryFolder();
  await writeTree(dir, {
    "hi/1.md": "Hi {{who}}.",
    "mail/1.md": "Dear {{who}},\n{{> sign}}",
    "sign/1.md": "Yours, {{me}}",
  });
  platform = await startPlatform({ dir });
  root = await makeApp({
    "src/a.ts": 'import hi from "scope:hi";\nimport mail from "scope:letter";\n',
    "scope.config.json": JSON.stringify({ prompts: { letter: { prompt: "mail", syntax: "mustache" } } }),
  });
  project = await openProject({ cwd: root, env: platform.env, isTestRun: false });
});
afterEach(async () => {
  await project.close();
  await platform.close();
});

const snapshot = () => readdir(join(root, "scope"));

describe("pull", () => {
  it("fetches what the code imports and what its partials name, once each", async () => {
    const result = await pullPrompts(project);
    expect(result.prompts.map(({ ref, change, to }) => [ref.name, change, to])).toEqual([
      ["hi", "new", 1],
      ["mail", "new", 1],
      ["sign", "new", 1],
    ]);
    expect(await snapshot()).toEqual(["hi@production.json", "mail@production.json", "sign@production.json"]);
    expect(platform.requests.filter(({ method }) => method === "GET")).toHaveLength(3);
    const types = (name: string) => readFile(join(root, "src", "scope-types", name), "utf8");
    expect(await readdir(join(root, "src", "scope-types"))).toEqual(["@shared.d.ts", "hi.d.ts", "mail.d.ts"]);
    expect(await types("hi.d.ts")).toContain('declare module "scope:hi"');
    expect(await types("mail.d.ts")).toMatch(/declare module "scope:letter"[\s\S]*\bme\b/);
  });

  it("names what is unused by its file, read or not; a damaged file isn't pruned", async () => {
    const long = `long/${"x".repeat(200)}`;
    await writeTree(dir, { [`${long}/1.md`]: "Long." });
    await writeTree(root, { "src/b.ts": `import "scope:${long}";\n` });
    await pullPrompts(project);
    await writeTree(root, { "src/a.ts": 'import mail from "scope:letter";\n', "src/b.ts": "" });
    const file = join(root, "scope", "hi@production.json");
    await writeFile(file, "{");
    const unused = (await pullPrompts(project)).unused.map(({ name }) => name);
    expect(unused).toEqual(["hi", long]);
    const pruned = await pullPrompts(project, { prune: true });
    expect(pruned.unused.map(({ name }) => name)).toEqual([long]);
    expect(pruned.warnings).toEqual([
      expect.stringMatching(/damaged.* It wasn't removed\..*hi@production\.json/),
    ]);
    expect(await snapshot()).toEqual(["hi@production.json", "mail@production.json", "sign@production.json"]);
  });

  it("keeps the committed version of a prompt that is gone or no longer compiles, and then prunes nothing", async () => {
    await pullPrompts(project);
    await writeTree(dir, {
      "mail/2.md": "Dear {{#who}}",
      "sign/2.md": "Bye, {{me}}",
      "hi/2.md": "Hello {{who}}.",
    });
    await writeTree(root, { "src/a.ts": 'import "scope:letter";\nimport "scope:sign";\n' });
    const pulled = await pullPrompts(project, { prune: true });
    expect(pulled.failures).toEqual([expect.objectContaining({ code: "template_unclosed_section" })]);
    expect(pulled.unused.map(({ name }) => name)).toEqual(["hi"]);
    expect(pulled).toMatchObject({
      pruned: false,
      warnings: [expect.stringContaining("Nothing was pruned")],
    });
    const committed = await readFile(join(root, "scope", "mail@production.json"), "utf8");
    expect(committed).toContain("Dear {{who}}");
    expect(await snapshot()).toContain("hi@production.json");
  });

  it("warns in the order of names, and for each prompt in the order of its text", async () => {
    const lines = Array.from({ length: 10 }, (_, index) => `{{ at_${index + 1} }}`);
    await writeTree(dir, { "hi/2.md": lines.join("\n"), "a/1.md": "{{ a }}" });
    await writeTree(root, { "src/b.ts": 'import "scope:a";\n' });
    const { warnings } = await pullPrompts(project);
    const order = warnings.map((text) => /\{\{ (.*?) \}\}/.exec(text)?.[1]);
    expect(order.slice(0, 11)).toEqual(["a", ...lines.map((_, index) => `at_${index + 1}`)]);
  });

  it("a missing partial is reported by the prompt that names it, and only there", async () => {
    await writeTree(dir, { "mail/2.md": "Dear {{who}},\n{{> gone}}" });
    const { failures } = await pullPrompts(project);
    expect(failures).toMatchObject([
      { code: "template_partial_missing", where: { prompt: "mail", line: 2 } },
    ]);
  });

  it("accepts keys, names and specifiers, and refuses others with the nearest", async () => {
    const result = await pullPrompts(project, { names: ["scope:hi"] });
    expect(result.prompts.map(({ ref }) => ref.name)).toEqual(["hi"]);
    await expect(pullPrompts(project, { names: ["leter"] })).rejects.toMatchObject({
      code: "name_unknown",
      hint: expect.stringContaining('"letter"'),
    });
  });

  it("says that the snapshot was updated if only the types couldn't be", async () => {
    const real = StagedFiles.prototype.commit;
    let commits = 0;
    const commit = vi.spyOn(StagedFiles.prototype, "commit").mockImplementation(function (
      this: StagedFiles,
      halfDone,
    ) {
      // The snapshot's come first.
      if (++commits === 1) return real.call(this, halfDone);
      const busy = Object.assign(new Error("EBUSY: resource busy"), { code: "EBUSY", syscall: "rename" });
      return explainUnwritable(join(root, "src"), () => Promise.reject(busy));
    });
    await expect(pullPrompts(project)).rejects.toMatchObject({
      code: "snapshot_unwritable",
      message: "The snapshot was updated, but the types weren't.",
      where: { file: join(root, "src") },
      cause: { code: "snapshot_unwritable", message: "The file can't be written (EBUSY)." },
    });
    commit.mockRestore();
    expect(await readdir(join(root, "src"))).toEqual(["a.ts"]);
    expect((await pullPrompts(project)).types).toMatchObject({ written: true });
  });

  it("removes what a killed pull left next to the types, once it's old", async () => {
    // Of a process that it is not known of whether it lives, and of this one.
    const folder = join(root, "src", "scope-types");
    const old = join(folder, ".scope-00000000-1-0123456789abcdef.tmp");
    const young = temporaryBeside(join(folder, "hi.d.ts"));
    await mkdir(folder);
    for (const file of [old, young]) await writeFile(file, "");
    const hoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(old, hoursAgo, hoursAgo);
    await pullPrompts(project);
    expect((await readdir(folder)).sort()).toEqual([basename(young), "@shared.d.ts", "hi.d.ts", "mail.d.ts"]);
  });
});
