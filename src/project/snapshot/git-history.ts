import { relative } from "node:path";
import { toPosix } from "../../errors/printable.ts";
import { runGit } from "../../files/run-git.ts";
import { safeName } from "../../files/safe-name.ts";

import { parseIfSound, type SnapshotEntry } from "./format.ts";

export interface CommittedState {
  readonly commit: string;
  readonly entry: SnapshotEntry;
}

/** The snapshot files of one prompt, through git's history. */
export interface SnapshotHistory {
  /** Newest first, under any pin; those that can't be read are left out. */
  readonly states: readonly CommittedState[];
  /** Why there's no history, or only part of it; undefined when it's complete. */
  readonly lack: string | undefined;
}

/**
 * Reads what git's history has of a prompt's snapshot files, for all its pins and including deleted files. A snapshot
 * file contains the whole version, so this doesn't need the platform.
 *
 * @param root a folder inside the repository
 * @param promptId finds its files under earlier names too. Default: those with the name alone
 */
export async function snapshotHistory(
  root: string,
  snapshotDir: string,
  name: string,
  promptId?: string,
): Promise<SnapshotHistory> {
  const folder = (toPosix(relative(root, snapshotDir)) || ".").replace(/[*?[\]]/g, "\\$&");
  const paths = [`:(glob)${folder}/${safeName(name)}@*.json`];
  let changes: readonly BlobChange[];
  let isShallow: boolean;
  try {
    if (promptId !== undefined) {
      const names = "log -m --format= --name-only --relative --no-renames -z".split(" ");
      const files = await git(root, [...names, `-S${promptId}`, "--", `:(glob)${folder}/*.json`]);
      const known = String(files)
        .split("\0")
        .map((file) => file.trim());
      paths.push(...[...new Set(known)].filter(Boolean).map((file) => `:(literal)${file}`));
    }
    const log = ["log", "-m", "--format=commit %H", "--raw", "--no-abbrev", "--no-renames", "--", ...paths];
    changes = changesOf(String(await git(root, log)));
    isShallow = String(await git(root, ["rev-parse", "--is-shallow-repository"])).trim() === "true";
  } catch (error) {
    if (error instanceof GitError) return { states: [], lack: error.message };
    throw error;
  }
  const texts = await readBlobs(root, [...new Set(changes.map(({ blob }) => blob))]);
  const states = changes.flatMap(({ commit, blob }) => {
    const entry = parseIfSound(texts.get(blob) ?? "", snapshotDir);
    return entry?.ref.name === name || (promptId !== undefined && entry?.version.promptId === promptId)
      ? [{ commit, entry: entry as SnapshotEntry }]
      : [];
  });
  return { states, lack: isShallow ? "this clone is shallow: git fetch --unshallow" : undefined };
}

/** Long enough to identify one commit; git's own abbreviation would shorten the blobs as well. */
const SHORT_HASH = 10;

interface BlobChange {
  readonly commit: string;
  readonly blob: string;
}

/** `commit <hash>`, and then `:100644 100644 <old blob> <new blob> M<TAB>scope/welcome@production.json` */
function changesOf(log: string): readonly BlobChange[] {
  const changes: BlobChange[] = [];
  let commit = "";
  for (const line of log.split("\n")) {
    if (line.startsWith("commit ")) commit = line.slice("commit ".length).slice(0, SHORT_HASH);
    const [, blob] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]/.exec(line) ?? [];
    if (blob !== undefined && !/^0+$/.test(blob)) changes.push({ commit, blob });
  }
  return changes;
}

/** The texts of blobs, by their IDs, from one run of git. */
async function readBlobs(root: string, blobs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  const output = await git(root, ["cat-file", "--batch"], `${blobs.join("\n")}\n`);
  let at = 0;
  for (const blob of blobs) {
    const end = output.indexOf("\n", at);
    const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(output.toString("utf8", at, end)) ?? [];
    at = end + 1;
    // A partial clone may not have it: then there's a line but no text.
    if (size === undefined) continue;
    texts.set(blob, output.toString("utf8", at, at + Number(size)));
    at += Number(size) + 1;
  }
  return texts;
}

/** Git isn't installed, or has nothing to say here. */
class GitError extends Error {}

async function git(cwd: string, args: readonly string[], input?: string): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(cwd, args, input);
  if (code === 0) return stdout;
  const [said = ""] = stderr.split("\n");
  const reason = code === "ENOENT" ? "git isn't installed" : said.replace(/^fatal: /, "");
  throw new GitError(reason || `git ended with ${code}`);
}
