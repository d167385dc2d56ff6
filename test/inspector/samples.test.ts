import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { testProject } from "../commands/cli-helpers.ts";
import { temporaryFolder } from "../support/app.ts";
import { post, startUi } from "./inspected-app.ts";

const APP = { "scope.config.json": '{ "prompts": ["welcome"] }' };

const save = (url: string, sample: string, values: unknown) =>
  post(url, "sample", { specifier: "scope:welcome", sample, values });

// Issue 24, row 9.
it("several processes that write at once lose none", async () => {
  const { root, env } = await testProject(APP, { "welcome/1.md": "Hello {{name}}" });
  const urls = await Promise.all([startUi(root, env), startUi(root, env), startUi(root, env)]);
  const names = Array.from({ length: 60 }, (_, at) => `sample ${at}`);
  const answers = await Promise.all(
    names.map((name, at) => save(urls[at % urls.length] as string, name, { name })),
  );
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  const folder = join(root, "scope", "samples");
  const kept = JSON.parse(await readFile(join(folder, "welcome.json"), "utf8"));
  expect(Object.keys(kept).sort()).toEqual([...names].sort());
  expect(await readdir(folder)).toEqual(["welcome.json"]);
});

it("one that couldn't be read back is refused, and the others stay", async () => {
  const { root, env } = await testProject(APP, { "welcome/1.md": "Hello {{name}}" });
  const url = await startUi(root, env);
  await save(url, "Ada", { name: "Ada" });
  for (const levels of [199, 200, 3000, 100_000]) {
    // As text: to make JSON of it would overflow this process.
    const values = "[".repeat(levels) + "]".repeat(levels);
    const body = `{"specifier":"scope:welcome","sample":"deep","values":${values}}`;
    const response = await post(url, "sample", body);
    const { error } = await response.json();
    expect([levels, response.status, error]).toEqual(
      levels < 200 ? [levels, 200, undefined] : [levels, 400, expect.stringContaining("sample_too_deep")],
    );
  }
  const details = await fetch(`${url}api/prompt?specifier=scope:welcome`);
  const { samples } = await details.json();
  expect(samples.map(({ name }: { name: string }) => name)).toEqual(["Ada", "deep"]);
});

it.each([
  ["the folder of samples", "samples", ""],
  ["the file of a prompt's samples", "samples/welcome.json", "welcome.json"],
])("%s isn't read or written if it's a link that leads outside", async (_, link, target) => {
  const { root, env } = await testProject(APP, { "welcome/1.md": "Hello {{name}}" });
  const outside = await temporaryFolder();
  await writeFile(join(outside, "welcome.json"), '{ "theirs": { "secret": 1 } }');
  await mkdir(dirname(join(root, "scope", link)), { recursive: true });
  await symlink(join(outside, target), join(root, "scope", link));
  const url = await startUi(root, env);
  const saved = await save(url, "Ada", { name: "Ada" });
  const { error } = await saved.json();
  expect([saved.status, error]).toEqual([400, expect.stringContaining("leads_outside")]);
  expect(error).toContain(outside);
  const read = await fetch(`${url}api/prompt?specifier=scope:welcome`);
  expect(await read.text()).not.toContain("secret");
  expect(await readdir(outside)).toEqual(["welcome.json"]);
  expect(await readFile(join(outside, "welcome.json"), "utf8")).toContain("theirs");
});
