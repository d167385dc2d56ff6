import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import { detectPackageManager, runnerOf } from "../../project/config/package-manager.ts";
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
  const { dependencies, devDependencies } = await readObject(join(folder, "package.json"));
  const installed = { ...Object(dependencies), ...Object(devDependencies) };
  if ("svelte-check" in installed) return `${runner} svelte-check`;
  if ("@astrojs/check" in installed) return `${runner} astro check`;
  const { files, include, references } = await readObject(join(folder, "tsconfig.json"));
  const isSolution = references !== undefined && include === undefined && Object(files).length === 0;
  return `${runner} ${"vue-tsc" in installed ? "vue-tsc" : "tsc"} ${isSolution ? "-b" : "--noEmit"}`;
}

async function readObject(file: string): Promise<Readonly<Record<string, unknown>>> {
  return Object(parseJsonc((await readTextIfThere(file)) ?? "{}"));
}
