import { spawnSync } from "node:child_process";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { snapshotHistory } from "../../../src/project/snapshot/git-history.ts";
import { removeSnapshot, snapshotFile, writeSnapshot } from "../../../src/project/snapshot/store.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { temporaryFolder } from "../../support/app.ts";
import { snapshotEntry } from "./entry.ts";

const PRODUCTION: PromptRef["pin"] = { kind: "label", label: "production" };
const entry = (name: string, content: string, pin = PRODUCTION) =>
  snapshotEntry({ name, pin }, { content, id: `version_${content.length}`, versionNumber: content.length });

let root: string;
let dir: string;
beforeEach(async () => {
  root = await temporaryFolder();
  dir = join(root, "scope [1]");
  await mkdir(dir);
});

function git(...args: string[]): string {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout.trim();
}

function commit(): string {
  git("add", "-A");
  git("commit", "-q", "--allow-empty", "-m", "x");
  return git("rev-parse", "HEAD").slice(0, 10);
}

describe("the history of a prompt's snapshot files", () => {
  it("has every committed state of every pin, newest first, with deleted and unreadable ones separate", async () => {
    git("init", "-q");
    await writeSnapshot(dir, entry("a", "é\n"));
    await writeSnapshot(dir, entry("a-b", "another prompt"));
    const first = commit();
    const latest = entry("a", "four", { kind: "label", label: "latest" });
    await writeSnapshot(dir, latest);
    const second = commit();
    await writeFile(await snapshotFile(dir, entry("a", "").ref), "{ damaged");
    commit();
    await removeSnapshot(dir, entry("a", "").ref);
    commit();
    expect(await snapshotHistory(root, dir, "a")).toEqual({
      states: [
        { commit: second, entry: latest },
        { commit: first, entry: entry("a", "é\n") },
      ],
      lack: undefined,
    });
    expect(await snapshotHistory(root, dir, "nowhere")).toEqual({ states: [], lack: undefined });
  });

  it("belongs to the prompt that a file contains, not to its name", async () => {
    git("init", "-q");
    await writeSnapshot(dir, entry("b", "B"));
    await rename(await snapshotFile(dir, entry("b", "").ref), await snapshotFile(dir, entry("a", "").ref));
    commit();
    expect((await snapshotHistory(root, dir, "a")).states).toEqual([]);
  });

  it("says why there is none", async () => {
    const { states, lack } = await snapshotHistory(root, dir, "a");
    expect(states).toEqual([]);
    expect(lack).toMatch(/^not a git repository/);
  });

  it("says that a clone is shallow", async () => {
    git("init", "-q");
    await writeSnapshot(dir, entry("a", "A"));
    commit();
    await writeSnapshot(dir, entry("a", "Again"));
    const last = commit();
    git("clone", "-q", "--depth", "1", `file://${root}`, "clone");
    const clone = join(root, "clone");
    const { states, lack } = await snapshotHistory(clone, join(clone, "scope [1]"), "a");
    expect(states.map((state) => state.commit)).toEqual([last]);
    expect(lack).toBe("this clone is shallow: git fetch --unshallow");
    await rm(clone, { recursive: true });
  });
});
