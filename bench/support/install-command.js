// The command line as an install has it: Node keeps its compiled code beside the packages, which a checkout has none of.
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** @returns {Promise<{ bin: string, remove(): Promise<void> }>} */
export async function installCommand() {
  const root = await mkdtemp(join(tmpdir(), "scope-bench-"));
  const modules = join(root, "node_modules");
  const own = join(modules, "unplugin-scope");
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const link = join(modules, name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), link);
  }
  for (const part of ["package.json", "bin", "dist", "templates"])
    await cp(join(ROOT, part), join(own, part), { recursive: true });
  return {
    bin: join(own, "bin", "scope-gen.js"),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
