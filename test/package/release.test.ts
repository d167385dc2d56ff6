import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { ROOT, run } from "../support/run.ts";

const URLS = {
  repository: "github:acme/prompts",
  bugs: "https://acme.example/bugs",
  homepage: "https://acme.example",
};

it("a rehearsal refuses a package that doesn't say where it comes from, or whose tag is another commit", async () => {
  const root = await temporaryFolder();
  const manifest = { name: "acme-prompts", version: "1.0.0", files: [] };
  const write = (fields: object) => writeFile(join(root, "package.json"), JSON.stringify(fields));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: root });
  const rehearse = () => run(process.execPath, [".ci/rehearse-release.js"], { cwd: root });
  await writeTree(root, { "CHANGELOG.md": "# Changelog\n\n## 1.0.0\n" });
  await cp(join(ROOT, ".ci/rehearse-release.js"), join(root, ".ci/rehearse-release.js"));
  await write(manifest);
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "a");

  const refused = await rehearse();
  expect(refused.code).toBe(1);
  expect(refused.stdout.match(/(?<=^problem {2})\w+(?=: package\.json has none)/gm)).toEqual(
    Object.keys(URLS),
  );
  expect(refused.stdout).toMatch(/^ok {6} tag$/m);

  git("tag", "v1.0.0");
  expect((await rehearse()).stdout).toMatch(/^ok {6} tag$/m);
  await write({ ...manifest, ...URLS });
  git("commit", "--quiet", "--all", "--message", "b");
  const named = await rehearse();
  expect(named.stdout).toContain("problem  tag: v1.0.0 is another commit");
  expect(named.stdout).not.toContain("has none");
});

it("the release workflow publishes what was tested and rehearsed, without a token", async () => {
  const text = await readFile(join(ROOT, ".github", "workflows", "release.yml"), "utf8");
  const { on, jobs } = parse(text);
  expect(Object.keys(on)).toEqual(["push"]);
  const runs = jobs.publish.steps.flatMap((step: { readonly run?: string }) => step.run ?? []);
  expect(runs.slice(1)).toEqual([
    "npm ci",
    "npm test",
    "npm run release:rehearse",
    "npm publish --provenance --access public",
  ]);
  expect(jobs.publish.permissions["id-token"]).toBe("write");
  expect(text).not.toContain("secrets.");
});
