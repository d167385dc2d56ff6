import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";

/** A script of this folder with all it imports as one plain file, for a test that needs processes of its own. */
export async function bundleScript(name: string): Promise<{ file: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "scope-client-"));
  const file = join(folder, `${basename(name, ".ts")}.cjs`);
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
