import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";

/** A script with all it imports as one plain file, for a test that needs processes of its own. */
export async function bundleScript(path: string): Promise<{ file: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "scope-client-"));
  const file = join(folder, `${basename(path, ".ts")}.cjs`);
  await build({
    entryPoints: [path],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // The UMD form of jsonc-parser cannot be bundled; the package is built with the other one too.
    mainFields: ["module", "main"],
    logLevel: "error",
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
