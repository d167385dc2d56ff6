import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { insideOf } from "../../files/inside.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import { firstFile } from "../project-files/first-file.ts";
import { packagesOf, readManifest } from "../project-files/manifest.ts";
import { workspaceFolder } from "../project-files/packages.ts";

/** The project's formatter, as installed there. It never fails: a file that it doesn't accept stays as it is. */
export interface Formatter {
  /** Does it leave a file unchanged? */
  isContent(file: string): Promise<boolean>;
  write(files: readonly string[]): Promise<void>;
}

/** For a formatter that hangs. */
const TIMEOUT_MS = 30_000;

/** `check` sorts imports too, which `format` doesn't; the linter would change lines that nobody was shown. */
const BIOME = ["check", "--linter-enabled=false", "--files-ignore-unknown=true"];

/**
 * Finds Biome if it has a config, or Prettier if it has one or a package.json names it, in the project's folder or the
 * repository root. Runs nothing yet.
 */
export async function findFormatter(root: string): Promise<Formatter | undefined> {
  const top = await workspaceFolder(root);
  const folders = [...new Set([root, top])];
  const usesPrettier = (await Promise.all(folders.map(hasPrettier))).includes(true);
  for (const folder of folders) {
    const hasBiome = (await firstFile(folder, ["biome.json", "biome.jsonc"])) !== undefined;
    const biome = hasBiome ? await programOf(top, folder, "@biomejs/biome", "biome") : undefined;
    if (biome !== undefined) return formatter(biome, folder, BIOME, []);
    const prettier = usesPrettier ? await programOf(top, folder, "prettier", "prettier") : undefined;
    if (prettier !== undefined) return formatter(prettier, folder, ["--ignore-unknown"], ["--check"]);
  }
  return undefined;
}

async function hasPrettier(folder: string): Promise<boolean> {
  const manifest = readManifest(await readTextIfThere(join(folder, "package.json")));
  if (packagesOf(manifest).has("prettier") || manifest.prettier !== undefined) return true;
  return (await readdir(folder)).some((name) => /^(?:\.prettierrc|prettier\.config\.)/.test(name));
}

/**
 * The script of a program from a package of this folder: works on every system, without a shell. Undefined if it's
 * outside the repository.
 */
async function programOf(
  top: string,
  folder: string,
  name: string,
  program: string,
): Promise<string | undefined> {
  const place = join(folder, "node_modules", name);
  const { bin } = readManifest(await readTextIfThere(join(place, "package.json")));
  const path = typeof bin === "string" ? bin : Object(bin)[program];
  if (typeof path !== "string") return undefined;
  return insideOf(top, resolve(place, path)).catch(() => undefined);
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
