import { chown, readdir } from "node:fs/promises";
import { join } from "node:path";

const NOBODY = 65_534;

/** Does something as a user that permissions stop; nothing stops a superuser. */
export async function unprivileged<T>(
  { root, prompts }: { readonly root: string; readonly prompts: string },
  work: () => Promise<T>,
): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  // The platform runs in this process too.
  for (const folder of [root, prompts]) {
    for (const path of ["", ...(await readdir(folder, { recursive: true }))]) {
      await chown(join(folder, path), NOBODY, NOBODY);
    }
  }
  // That user stands in the project; the folder of this repository may be closed to others.
  const before = process.cwd();
  process.chdir(root);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.chdir(before);
  }
}
