import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { readTextIfThere } from "../../files/write-file.ts";
import { firstFile } from "../project-files/first-file.ts";
import { readManifest } from "../project-files/manifest.ts";
import { workspaceFolder } from "../project-files/packages.ts";

/** The formatter of a project, as it is installed there. None of what it does fails: a file that it doesn't take stays as it is. */
export interface Formatter {
  /** Has it nothing to say of a file? */
  isContent(file: string): Promise<boolean>;
  write(files: readonly string[]): Promise<void>;
}

/** For a formatter that hangs. */
const TIMEOUT_MS = 30_000;

/** Finds Biome, where it has a config, or Prettier, in the project's folder or in that of the whole repository. */
export async function findFormatter(root: string): Promise<Formatter | undefined> {
  for (const folder of new Set([root, await workspaceFolder(root)])) {
    const hasBiome = (await firstFile(folder, ["biome.json", "biome.jsonc"])) !== undefined;
    const biome = hasBiome ? await programOf(folder, "@biomejs/biome", "biome") : undefined;
    // Not its `format` alone: `check` asks for the order of imports too.
    if (biome !== undefined) return formatter(biome, folder, ["check", "--files-ignore-unknown=true"], []);
    const prettier = await programOf(folder, "prettier", "prettier");
    if (prettier !== undefined) return formatter(prettier, folder, ["--ignore-unknown"], ["--check"]);
  }
  return undefined;
}

/** The script of a program that a package of this folder has. A program for every system there is, without a shell. */
async function programOf(folder: string, name: string, program: string): Promise<string | undefined> {
  const place = join(folder, "node_modules", name);
  const { bin } = readManifest(await readTextIfThere(join(place, "package.json")));
  const path = typeof bin === "string" ? bin : Object(bin)[program];
  return typeof path === "string" ? resolve(place, path) : undefined;
}

function formatter(program: string, cwd: string, words: string[], checking: string[]): Formatter {
  const runs = async (more: readonly string[], files: readonly string[]): Promise<boolean> => {
    try {
      await promisify(execFile)(process.execPath, [program, ...words, ...more, ...files], {
        cwd,
        timeout: TIMEOUT_MS,
      });
      return true;
    } catch {
      return false;
    }
  };
  return {
    isContent: (file) => runs(checking, [file]),
    write: async (files) => {
      if (files.length > 0) await runs(["--write"], files);
    },
  };
}
