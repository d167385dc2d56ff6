import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Texts of all files below a folder by path, of links where they lead to, and "folder" of empty folders. Without the
 * record of runs, which has the time in it.
 */
export async function readTree(root: string): Promise<ReadonlyMap<string, string>> {
  const tree = new Map<string, string>();
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) tree.set(path.slice(root.length + 1), `link to ${await readlink(path)}`);
    else if (entry.isFile()) tree.set(path.slice(root.length + 1), await readFile(path, "utf8"));
    else if ((await readdir(path)).length === 0) tree.set(path.slice(root.length + 1), "folder");
  }
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}
