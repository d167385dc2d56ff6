import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, type Ran, ROOT, run } from "../support/run.ts";
import { AUTHOR } from "./walkthrough.ts";

const page = await readFile(join(ROOT, "skills/unplugin-scope/SKILL.md"), "utf8");

/** The blocks of a section, each as its lines. */
function blocksOf(heading: string, language: string): string[][] {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`SKILL.md has no section "${heading}".`);
  const blocks = section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"));
  return [...blocks].map(([, code = ""]) => code.trimEnd().split("\n"));
}

/** Who knows SKILL.md alone: runs its commands, and edits the code as it says. */
describe("a reader of nothing but SKILL.md", () => {
  const ran = new Set<string>();
  let root: string;
  let prompts: string;
  let platform: Platform;

  /** Runs a command of the page; every one has to exit with 0 unless the page says otherwise. */
  async function command(line: string, code = 0): Promise<Ran> {
    const env = { ...platform.env, ...AUTHOR };
    const done = await run("bash", ["-c", line], { cwd: root, env });
    expect(done.code, `${line}\n${done.stdout}${done.stderr}`).toBe(code);
    ran.add(line);
    return done;
  }

  async function commands(lines: readonly string[]): Promise<string> {
    let printed = "";
    for (const line of lines) printed += (await command(line)).stdout;
    return printed;
  }

  const write = (call: string) =>
    writeTree(root, {
      "src/welcome.ts": `import welcome from "scope:welcome";\n\nexport const text = ${call};\n`,
    });

  beforeAll(async () => {
    prompts = await temporaryFolder();
    await writeTree(prompts, { "welcome/1.md": "Welcome, {{name}}." });
    platform = await startPlatform({ dir: prompts });
    const long = "Write a mail.\\n\\nSay thank you.\\n";
    root = await makeApp({
      "package.json": '{ "type": "module", "private": true }',
      "scope.config.json": "{}\n",
      ".gitignore": "node_modules\n.scope\n",
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "nodenext", strict: true, skipLibCheck: true, types: [] },
        include: ["src"],
      }),
      "src/mail.ts": `declare function generateText(input: { prompt: string }): void;\ngenerateText({ prompt: "${long}" });\n`,
    });
    await linkPackage(root);
    const bin = join(root, "node_modules", ".bin");
    await mkdir(bin);
    await symlink("../unplugin-scope/bin/scope-gen.js", join(bin, "scope-gen"));
    await symlink("../typescript/bin/tsc", join(bin, "tsc"));
    await run("bash", ["-c", "git init --quiet && git add --all && git commit --quiet --message Begin"], {
      cwd: root,
      env: AUTHOR,
    });
  });

  afterAll(async () => {
    await platform.close();
    await rm(root, { recursive: true, force: true });
    await rm(prompts, { recursive: true, force: true });
  });

  it("looks around first", async () => {
    const [look = []] = blocksOf("Look first", "sh");
    await commands(look);
  });

  it("adds a prompt", async () => {
    const [code = []] = blocksOf("Add a prompt", "ts");
    const [pull = []] = blocksOf("Add a prompt", "sh");
    await writeTree(root, { "src/welcome.ts": `${code.join("\n")}\n` });
    expect(await commands(pull)).toContain("Welcome, Ada.");
    const { stdout } = await run("git", ["show", "--stat", "--format=%s"], { cwd: root });
    expect(stdout).toContain("Add the prompt welcome");
    expect(stdout).toContain("scope/welcome@production.json");
    expect(stdout).toContain("src/scope-types/");
  });

  it("accepts a version that breaks a call", async () => {
    await writeTree(prompts, { "welcome/2.md": "Welcome, {{name}}, to {{plan}}." });
    const [[check = "", ...look] = [], finish = []] = blocksOf("Take a new version", "sh");
    expect((await command(check, 3)).stdout).toContain("src/welcome.ts:3");
    expect(await commands(look)).toContain("+Welcome, {{name}}, to {{plan}}.");
    await write('welcome({ name: "Ada", plan: "Pro" })');
    await commands(finish);
    expect(await commands(["npx scope-gen render welcome --var name=Ada --var plan=Pro"])).toContain(
      "to Pro.",
    );
    ran.delete("npx scope-gen render welcome --var name=Ada --var plan=Pro");
  });

  it("rolls back, and follows the label again", async () => {
    const [back = [], finish = [], forward = []] = blocksOf("Roll back", "sh");
    await commands(back);
    await commands(finish);
    const config = await readFile(join(root, "scope.config.json"), "utf8");
    expect(JSON.parse(config)).toMatchObject({ prompts: { welcome: { version: expect.any(String) } } });
    await commands(forward);
    expect(JSON.parse(await readFile(join(root, "scope.config.json"), "utf8"))).toEqual({});
  });

  it("reads an error", async () => {
    for (const lines of blocksOf("Read an error", "sh")) await commands(lines);
  });

  it("has run every command on the page", () => {
    const all = page
      .split(/^## /m)
      .slice(1)
      .flatMap((section) => blocksOf(section.split("\n", 1)[0] ?? "", "sh").flat());
    expect(all.filter((line) => !ran.has(line))).toEqual([]);
  });
});
