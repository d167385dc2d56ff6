import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildApp, outputFile } from "../support/app.ts";
import { linkPackage } from "../support/run.ts";
import { pulledProject, type TestProject, withDigest } from "./cli-helpers.ts";

const NEVER = ["--fetch", "never"];
const EMIT = ["emit", "--out-dir", "out"];

interface Forged extends TestProject {
  /** The snapshot file of "a", as it was pulled. */
  readonly original: string;
  read(): Promise<string>;
  build(env?: Readonly<Record<string, string>>): ReturnType<typeof buildApp>;
}

/** A pulled project whose snapshot of "a" was then changed by somebody. */
async function forged(change: (text: string, other: string) => string): Promise<Forged> {
  const project = await pulledProject(
    {
      "scope.config.json": "{}",
      "src/main.ts": `import a from "scope:a";\nimport b from "scope:b";\nconsole.log(a({ x: 1 }), b());\n`,
    },
    { "a/1.md": "Hello {{x}}", "b/1.md": "B" },
  );
  const { root, env } = project;
  await linkPackage(root);
  const file = (name: string) => join(root, `scope/${name}@production.json`);
  const [original, other] = [await readFile(file("a"), "utf8"), await readFile(file("b"), "utf8")];
  await writeFile(file("a"), change(original, other));
  return {
    ...project,
    original,
    read: () => readFile(file("a"), "utf8"),
    build: (more = {}) => buildApp("vite", root, { ...env, ...more }),
  };
}

function evil(text: string): string {
  return text.replace("Hello", "Evil!");
}

describe.each<[string, (text: string, other: string) => string]>([
  ["a text with another text's digest", evil],
  [
    "another file's digest",
    (text, other) => text.replace(/"sha256-[^"]+"/, JSON.stringify(String(JSON.parse(other).integrity))),
  ],
  ["no digest", (text) => text.replace(/"sha256-[^"]+"/, '""')],
  ["a digest of another kind", (text) => text.replace("sha256-", "sha512-")],
])("a snapshot with %s", (_, change) => {
  it("serves nothing: check, emit and builds that need it refuse it, and say what to run", async () => {
    const { run, build, platform, read } = await forged(change);
    const before = await read();
    for (const ran of [await run("check"), await run("check", ...NEVER), await run(...EMIT, ...NEVER)]) {
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("snapshot_integrity");
      expect(ran.stderr).toContain("scope-gen pull");
    }
    const never = await build({ SCOPE_FETCH: "never" });
    await platform.close();
    const outage = await build();
    for (const ran of [never, outage]) {
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("snapshot_integrity");
    }
    expect(await read()).toBe(before);
  });

  it("is replaced by a pull, which gives the previous bytes", async () => {
    const { run, read, original } = await forged(change);
    expect((await run("pull")).code).toBe(0);
    expect(await read()).toBe(original);
    expect((await run("check")).code).toBe(0);
  });
});

describe("a snapshot whose digest was recomputed for another text", () => {
  const change = (text: string) => withDigest(evil(text));

  it("is like any other snapshot offline: a digest isn't a signature", async () => {
    const { root, run, build } = await forged(change);
    // The types say the same of it: the text is only in their comments.
    expect((await run("check", ...NEVER)).code).toBe(0);
    expect((await build({ SCOPE_FETCH: "never" })).code).toBe(0);
    expect(await readFile(outputFile("vite", root), "utf8")).toContain("Evil!");
  });

  it("is found as soon as the platform is asked, and a build that fetches doesn't ship it", async () => {
    const { root, run, build, read, original } = await forged(change);
    const check = await run("check", "--json");
    const { prompts } = JSON.parse(check.stdout);
    expect([check.code, prompts.map(({ name, change }: Record<string, string>) => [name, change])]).toEqual([
      2,
      [
        ["a", "text"],
        ["b", "none"],
      ],
    ]);
    const ran = await build();
    expect(ran.code).toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/"?a@production/);
    expect(await readFile(outputFile("vite", root), "utf8")).not.toContain("Evil!");
    expect((await run("pull")).code).toBe(0);
    expect(await read()).toBe(original);
  });
});
