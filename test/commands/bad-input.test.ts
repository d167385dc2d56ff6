import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { unprivileged } from "../support/unprivileged.ts";
import { type CliRun, cli, pulledProject, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": '{ "prompts": ["large"] }',
  "src/app.ts": `import welcome from "scope:welcome";\n`,
};
const PROMPTS = { "welcome/1.md": "Hello {{name}}", "large/1.md": "x".repeat(40_000) };

const pulled = () => pulledProject(APP, PROMPTS);

/** Texts of everything under the snapshot folder, and the types. */
async function committed(root: string): Promise<Record<string, string>> {
  const all = ["scope", "src/scope-types"].map(async (folder) =>
    (await readdir(join(root, folder))).map((name) => `${folder}/${name}`),
  );
  const files = (await Promise.all(all)).flat();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), "utf8")])),
  );
}

function oneError({ code, stdout, stderr }: CliRun, expected: string, file: string): void {
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`${expected}  `);
  expect(stderr).toContain(file);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe("unreadable files and folders", () => {
  it("an unreadable folder is an error that names it: its imports are unknown, and must not be pruned", async () => {
    const { root, env } = await pulled();
    await mkdir(join(root, "src/secret"));
    await writeFile(join(root, "src/secret/a.ts"), `import large from "scope:large";`);
    await chmod(join(root, "src/secret"), 0o000);
    onTestFinished(() => chmod(join(root, "src/secret"), 0o755));
    const before = await committed(root);
    for (const argv of [["pull", "--prune"], ["check"], ["list"], ["emit", "--out-dir", "out"]]) {
      oneError(await unprivileged(argv, { cwd: root, env }), "file_unreadable", "src/secret");
    }
    expect(await committed(root)).toEqual(before);
    await writeFile(join(root, "scope.config.json"), '{ "include": ["src/*.ts"] }');
    expect(await unprivileged(["list"], { cwd: root, env })).toMatchObject({ code: 0 });
  });

  it("an unreadable source file", async () => {
    const { root, env } = await pulled();
    await chmod(join(root, "src/app.ts"), 0o000);
    oneError(await unprivileged(["check"], { cwd: root, env }), "file_unreadable", "src/app.ts");
  });

  it.skipIf(process.platform === "win32")("no command waits for a pipe or reads a device", async () => {
    for (const path of [
      "scope/welcome@production.json",
      "src/scope-types/welcome.d.ts",
      "src/more.ts",
      "package.json",
      ".env.local",
    ]) {
      for (const kind of ["pipe", "device"]) {
        const { root, env } = await pulled();
        const file = join(root, path);
        await rm(file, { force: true });
        await mkdir(dirname(file), { recursive: true });
        // A pipe instead of .env.local is read, as password managers need it.
        if (kind === "device") await symlink("/dev/zero", file);
        else if (path !== ".env.local") execFileSync("mkfifo", [file]);
        for (const argv of [
          ["list"],
          ["check", "--fetch", "never"],
          ["pull"],
          ["doctor"],
          ["init", "--yes"],
          ["render", "welcome"],
        ]) {
          const ran = await cli(argv, { cwd: root, env });
          expect(ran.stderr + ran.stdout, `${argv} with a ${kind} for ${path}`).not.toMatch(
            /RangeError|TypeError|ERR_|heap/,
          );
        }
      }
    }
  });

  it("an unreadable snapshot is an error that names it", async () => {
    const { root, env } = await pulled();
    await mkdir(join(root, "scope/reply@production.json"));
    const list = await cli(["list"], { cwd: root, env });
    expect(list.code).toBe(0);
    await writeFile(join(root, "src/reply.ts"), `import reply from "scope:reply";`);
    const check = await cli(["check", "--fetch", "never"], { cwd: root, env });
    oneError(check, "snapshot_unreadable", "scope/reply@production.json");
    await rm(join(root, "src/reply.ts"));
    await rm(join(root, "scope/reply@production.json"), { recursive: true });
    for (const path of ["scope/welcome@production.json", "scope"]) {
      await chmod(join(root, path), 0o000);
      onTestFinished(() => chmod(join(root, path), 0o755));
      oneError(
        await unprivileged(["check", "--fetch", "never"], { cwd: root, env }),
        "snapshot_unreadable",
        path,
      );
      const pull = await unprivileged(["pull"], { cwd: root, env });
      oneError(pull, "snapshot_unwritable", path);
      expect(pull.stderr).toContain("Check the permissions");
      await chmod(join(root, path), 0o755);
    }
  });

  it("doctor reports what it can't read in its own line, and goes on", async () => {
    const { root, env } = await pulledProject({ ...APP, "tsconfig.json": "{}" }, PROMPTS);
    const paths = ["scope", "tsconfig.json"];
    for (const path of paths) await chmod(join(root, path), 0o000);
    onTestFinished(async () => {
      for (const path of paths) await chmod(join(root, path), 0o755);
    });
    const doctor = await unprivileged(["doctor", "--json"], { cwd: root, env });
    expect(doctor.code).toBe(1);
    const { checks } = JSON.parse(doctor.stdout) as {
      checks: { check: string; status: string; message: string }[];
    };
    const problems = checks.filter(({ status }) => status === "problem");
    expect(problems.map(({ check }) => check)).toEqual(["snapshot", "tsconfig"]);
    expect(problems.map(({ message }) => message).join("\n")).toMatch(
      /scope: [\s\S]*tsconfig\.json: This tsconfig can't be read/,
    );
    expect(checks.find(({ check }) => check === "login")?.status).toBe("ok");
    const init = await unprivileged(["init", "--yes"], { cwd: root, env });
    expect([init.code, init.stdout]).toEqual([1, ""]);
    const tsconfig = join(root, "tsconfig.json");
    await rm(tsconfig);
    await mkdir(tsconfig);
    oneError(await cli(["init", "--yes"], { cwd: root, env }), "tsconfig_invalid", "tsconfig.json");
  });

  it("doctor reports a source that it can't read", async () => {
    const { root, env } = await pulled();
    await chmod(join(root, "src/app.ts"), 0o000);
    const { stdout } = await unprivileged(["doctor", "--json"], { cwd: root, env });
    expect(stdout).toContain("src/app.ts: This file can't be read");
  });

  // A config that was sent in named a hook of the repository, and its text was that of a prompt's name.
  it("somebody else's file at the path of the types is left alone", async () => {
    const config = { prompts: ["p"], dts: "src" };
    const { root, env } = await testProject(
      { "scope.config.json": JSON.stringify(config), "src/p.d.ts": "export declare const mine: 1;\n" },
      { "p/1.md": "{{one}}" },
    );
    oneError(await cli(["pull"], { cwd: root, env }), "foreign_file", "src/p.d.ts");
    expect(await readFile(join(root, "src/p.d.ts"), "utf8")).toBe("export declare const mine: 1;\n");
    expect(await readdir(root)).not.toContain("scope");
  });
});
