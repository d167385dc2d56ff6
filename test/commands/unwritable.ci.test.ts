import { spawnSync } from "node:child_process";
import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryBeside } from "../../src/files/write-file.ts";
import { temporaryFolder } from "../support/app.ts";
import { readTree } from "../support/file-tree.ts";
import { ROOT, run } from "../support/run.ts";
import { unprivileged } from "../support/unprivileged.ts";
import { type CliRun, cli, type TestProject, testProject } from "./cli-helpers.ts";

const TIMEOUT = 600_000;
const NAMES = ["a", "b", "c", "d"];
const PULL = ["pull"];
const EMIT = ["emit", "--out-dir", "out"];
/** Pages that are free on the disk: none, too few, more than enough. */
const FREE_PAGES = [0, 9, 60];

type Tree = ReadonlyMap<string, string>;

describe("a disk that can't be written to: a clear error, and nothing damaged", () => {
  it("full", { timeout: TIMEOUT }, async () => {
    const counts = { failed: 0, done: 0 };
    for (const argv of [PULL, EMIT]) {
      const project = await committedProject();
      const before = await readTree(project.root);
      await change(project);
      const { code, tree: after } = await onMount(project, argv, fullDisk(4000));
      expect(code).toBe(0);
      for (const pages of FREE_PAGES) {
        const { code, stderr, tree } = await onMount(project, argv, fullDisk(pages));
        if (code === 0) {
          counts.done += 1;
          expect(tree).toEqual(after);
          continue;
        }
        counts.failed += 1;
        expect(code).toBe(1);
        expect(stderr).toContain("snapshot_unwritable");
        expect(stderr).toContain("Make room on the disk.");
        expect(tree).toEqual(before);
      }
    }
    expect(Math.min(counts.failed, counts.done)).toBeGreaterThan(0);
  });

  it("read-only", async () => {
    const project = await committedProject();
    const before = await readTree(project.root);
    await change(project);
    for (const argv of [PULL, EMIT]) {
      const { code, stderr, tree } = await onMount(project, argv, READ_ONLY);
      expect([code, stderr]).toEqual([1, expect.stringContaining("The file system is read-only")]);
      expect(tree).toEqual(before);
    }
    const check = await onMount(project, ["check"], READ_ONLY);
    expect([check.code, check.stderr]).toEqual([3, expect.not.stringContaining("unwritable")]);
  });

  it("no permission", async () => {
    for (const [argv, folder] of [
      [PULL, "scope"],
      [PULL, "src/scope-types"],
      [EMIT, "out"],
    ] as const) {
      const project = await committedProject();
      const { root, env } = project;
      await change(project);
      const before = await readTree(root);
      await chmod(join(root, folder), 0o555);
      onTestFinished(() => chmod(join(root, folder), 0o755));
      refused(await unprivileged(argv, { cwd: root, env }), folder, "Check the permissions");
      expect(await readTree(root)).toEqual(before);
    }
  });

  const inTheWay = [
    [PULL, "scope/b@production.json"],
    [PULL, "src/scope-types/b.d.ts"],
    [EMIT, "out/c.js"],
    [EMIT, "out/package.json"],
  ] as const;
  it("a folder instead of a file, and a file instead of a folder", async () => {
    for (const [argv, path] of inTheWay) {
      for (const inside of ["", "/something"]) {
        const project = await committedProject();
        const { root, env } = project;
        await change(project);
        await rm(join(root, path));
        await mkdir(join(root, path + inside), { recursive: true });
        const before = await readTree(root);
        refused(await cli(argv, { cwd: root, env }), path);
        expect(await readTree(root)).toEqual(before);
      }
    }
    for (const [argv, folder] of [
      [PULL, "scope"],
      [EMIT, "out"],
    ] as const) {
      const project = await committedProject();
      const { root, env } = project;
      await rm(join(root, folder), { recursive: true });
      await writeFile(join(root, folder), "mine");
      const before = await readTree(root);
      refused(await cli(argv, { cwd: root, env }), folder);
      expect(await readTree(root)).toEqual(before);
    }
  });

  it("links that lead outside", async () => {
    for (const [argv, path] of inTheWay) {
      for (const isThere of [true, false]) {
        const project = await committedProject();
        const { root, env } = project;
        const outside = await temporaryFolder();
        const target = join(outside, "file");
        // What the link leads to is what lay there: only the link may be replaced.
        if (isThere) await rename(join(root, path), target);
        else await rm(join(root, path));
        await symlink(target, join(root, path));
        await change(project);
        const before = await readTree(outside);
        expect(await cli(argv, { cwd: root, env })).toMatchObject({ code: 0 });
        expect(await readTree(outside)).toEqual(before);
      }
    }
    const project = await committedProject();
    const { root, env } = project;
    const outside = await temporaryFolder();
    await writeFile(join(outside, "theirs.json"), "theirs");
    await writeFile(join(outside, "theirs@production.json"), "{}");
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    const [, machine] = /-([0-9a-f]{8})-/.exec(basename(temporaryBeside(join(root, "x")))) ?? [];
    await symlink(outside, join(root, "scope", `.pull-${machine}-${ended}-0123456789ab`));
    await symlink(outside, join(root, "scope", "folder"));
    await change(project);
    const theirs = await readTree(outside);
    expect(await cli(["pull", "--prune"], { cwd: root, env })).toMatchObject({ code: 0 });
    expect(await readTree(outside)).toEqual(theirs);
    await rename(join(root, "scope"), join(outside, "scope"));
    await symlink(join(outside, "scope"), join(root, "scope"));
    const led = await readTree(outside);
    for (const argv of [PULL, ["pull", "--prune"], ["types"]]) {
      const { code, stderr } = await cli(argv, { cwd: root, env });
      expect([code, stderr]).toEqual([1, expect.stringContaining("leads_outside")]);
    }
    expect(await readTree(outside)).toEqual(led);
    // A broken link.
    await rm(join(outside, "scope"), { recursive: true });
    refused(await cli(PULL, { cwd: root, env }), "scope");
    expect(await readTree(outside)).toEqual(theirs);
  });
});

function refused({ code, stdout, stderr }: CliRun, file: string, hint = ""): void {
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/(?:snapshot_unwritable|snapshot_unreadable) {2}/);
  expect(stderr).toContain(file);
  expect(stderr).toContain(hint);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** Snapshot, types and emitted files of version 1. */
async function committedProject(): Promise<TestProject> {
  const imports = NAMES.map((name) => `import ${name} from "scope:${name}";\n`).join("");
  const project = await testProject(
    { "src/app.ts": imports, "scope.config.json": '{ "onContractChange": "warn" }' },
    Object.fromEntries(NAMES.map((name) => [`${name}/1.md`, `${name} {{old}}`])),
  );
  for (const argv of [PULL, EMIT]) await undisturbed(project, argv);
  return project;
}

/** Version 2: another contract, and three pages of text. */
async function change({ prompt }: TestProject): Promise<void> {
  for (const name of NAMES) await prompt(`${name}/2.md`, `${name} {{new}}\n${"More of it.\n".repeat(1000)}`);
}

async function undisturbed({ root, env }: TestProject, argv: readonly string[]): Promise<void> {
  expect(await cli(argv, { cwd: root, env })).toMatchObject({ code: 0 });
}

/** Mounts a disk on `$1` that has what `$2` has, and this many pages free. */
function fullDisk(pages: number): string {
  return `mount -t tmpfs -o size=16m tmpfs "$1"; cp -a "$2/." "$1"
    used=$(df -k --output=used "$1" | tail -1); mount -o remount,size=$((used + ${pages * 4}))k "$1"`;
}

const READ_ONLY = `mount -t tmpfs tmpfs "$1"; cp -a "$2/." "$1"; mount -o remount,ro "$1"`;

/** Runs a command on a copy of the project on a separate disk, and returns what it left there. */
async function onMount(
  { root, env }: TestProject,
  argv: readonly string[],
  mount: string,
): Promise<CliRun & { readonly tree: Tree }> {
  const [disk, left] = [await temporaryFolder(), await temporaryFolder()];
  const script = `set -e; ${mount}; cd "$1"; code=0
    "$4" "$5" ${argv.join(" ")} || code=$?; cp -a "$1/." "$3"; exit $code`;
  const bin = join(ROOT, "bin", "scope-gen.js");
  const words = ["sh", "-c", script, "sh", disk, root, left, process.execPath, bin];
  // A user without rights is root in a namespace of their own.
  const own = process.geteuid?.() === 0 ? "-m" : "-rm";
  const ran = await run("unshare", [own, ...words], { cwd: root, env });
  return { ...ran, tree: await readTree(left) };
}
