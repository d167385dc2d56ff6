import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import {
  detectPackageManager,
  manifestAt,
  packagesOf,
  runnerOf,
} from "../../project/config/package-manager.ts";
import { parseJsonc } from "./settings.ts";

/**
 * The command that type-checks a project: the checker for its components if it has one, otherwise `tsc`. With `-b` if
 * the tsconfig only has references, which are skipped without it.
 *
 * @param folder with the package.json and the tsconfig
 *
 * @example await typeCheckCommand(root) // "npx vue-tsc -b"
 */
export async function typeCheckCommand(folder: string): Promise<string> {
  const runner = runnerOf(detectPackageManager(folder));
  const packages = packagesOf(manifestAt(folder));
  if (packages.has("svelte-check")) return `${runner} svelte-check`;
  if (packages.has("@astrojs/check")) return `${runner} astro check`;
  const tsconfig = parseJsonc((await readTextIfThere(join(folder, "tsconfig.json"))) ?? "{}");
  const { files, include, references } = Object(tsconfig);
  const isSolution = references !== undefined && include === undefined && Object(files).length === 0;
  return `${runner} ${packages.has("vue-tsc") ? "vue-tsc" : "tsc"} ${isSolution ? "-b" : "--noEmit"}`;
}
