import { type Dirent, readdir, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { toPosix } from "../../errors/printable.ts";
import { readIfThere } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../config/types.ts";

/** Folders of installed packages and of well-known tools' output. */
const OUTPUTS = [
  "**/node_modules/**",
  "**/{dist,coverage,_site,.git,.next,.nuxt,.output,.svelte-kit,.astro,.vercel,.netlify,.turbo,.cache,.scope}/**",
  // These names are common for sources too, further down.
  "{build,out}/**",
];

/**
 * The source files that the config includes: absolute, sorted, without duplicates. Excludes what this package writes
 * itself.
 *
 * @throws ConfigurationError `file_unreadable` for a folder that can't be read
 */
export async function listSources(options: ResolvedOptions): Promise<readonly string[]> {
  const unreadable = new Map<string, unknown>();
  const report = (folder: string, error: unknown) => unreadable.set(folder, error);
  const files = await listFiles(options, options.include, report);
  // If silently left out, its imports would count as gone, and a prune would remove their prompts.
  for (const [folder, error] of unreadable) {
    const shown = folder.replace(/(?<=.)\/$/, "");
    throw sourceUnreadable("folder", shown, "name the folders with your sources", error);
  }
  return [...new Set(files)].sort();
}

/**
 * The files that match patterns, relative to the config's folder, without packages, output, the snapshot and the generated
 * types. Absolute paths.
 */
async function listFiles(
  options: ResolvedOptions,
  patterns: readonly string[],
  reportUnreadable: (folder: string, error: unknown) => void = () => {},
): Promise<readonly string[]> {
  const { glob } = await import("tinyglobby");
  const files = await glob([...patterns], {
    cwd: options.root,
    absolute: true,
    expandDirectories: false,
    ignore: [...OUTPUTS, ...ownFiles(options)],
    fs: { readdir: reportingReaddir(reportUnreadable) },
  });
  const written = new Map<string, readonly string[]>();
  const kept: string[] = [];
  for (const file of files) if (!(await isOutput(resolve(file), options.root, written))) kept.push(file);
  return kept;
}

/**
 * Of files that a build took, those that {@link listSources} leaves out, although they're neither a package's nor output.
 *
 * @param files absolute
 */
export async function notIncluded(
  options: Pick<ResolvedOptions, "root" | "include">,
  files: Iterable<string>,
): Promise<readonly string[]> {
  const { default: picomatch } = await import("picomatch");
  const isIncluded = picomatch([...options.include]);
  // A hidden folder of a tool's output is still one.
  const isBuilt = picomatch(OUTPUTS, { dot: true });
  const outside = [...new Set(files)].filter((file) => {
    const path = toPosix(relative(options.root, file));
    return !isIncluded(path) && !isBuilt(path.replace(/^(?:\.\.\/)+/, ""));
  });
  return outside.sort();
}

/** What {@link notIncluded} has found, and what to write into the config. */
export function outsideText(
  { root, include }: Pick<ResolvedOptions, "root" | "include">,
  files: readonly string[],
): string {
  const folders = files.map((file) => `${pathPattern(root, dirname(file))}/`);
  const outer = folders.filter((one) => !folders.some((other) => other !== one && one.startsWith(other)));
  const line = JSON.stringify([...include, ...[...new Set(outer)].map((folder) => `${folder}**`)]);
  const [first = "", ...others] = files.map((file) => toPosix(relative(root, file)));
  const more = others.length === 0 ? "imports" : `and ${others.length} more import`;
  return `${first} ${more} prompts, and "include" doesn't cover that: scope-gen doesn't see it. In the config: include: ${line}`;
}

/** `readdir` for a walk that skips what it can't read; reports each such folder that still exists. */
function reportingReaddir(report: (folder: string, error: unknown) => void): typeof readdir {
  const reporting = (path: string, options: { withFileTypes: true }, done: ReaddirCallback) =>
    readdir(path, options, (error, entries) => {
      if (error !== null && error.code !== "ENOENT" && error.code !== "ENOTDIR") report(path, error);
      done(error, entries);
    });
  return reporting as unknown as typeof readdir;
}

type ReaddirCallback = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** @param way out of it, with the option `include` */
function sourceUnreadable(what: string, file: string, way: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(`This ${what} can't be read, so we don't know its scope: imports.`, {
    code: "file_unreadable",
    where: { file },
    hint: `Make it readable, or ${way} with "include" in the config.`,
    cause,
  });
}

/**
 * Undefined for a file that disappeared since it was listed, or a link to one that isn't there.
 *
 * @throws ConfigurationError `file_unreadable`
 */
export async function readSource(file: string): Promise<Buffer | undefined> {
  try {
    return readIfThere(file);
  } catch (error) {
    throw sourceUnreadable("file", file, "leave it out", error);
  }
}

/**
 * Does `tsc` write the file? Then it's JavaScript or a declaration in the `outDir` of a tsconfig above it. No other rule,
 * such as what git ignores: code that's generated may be the only one that imports a prompt.
 *
 * @param written where the tsconfigs of each folder write to, as far as they were read
 */
async function isOutput(
  file: string,
  root: string,
  written: Map<string, readonly string[]>,
): Promise<boolean> {
  if (!/\.(?:[cm]?jsx?|d\.[cm]?ts)$/.test(file)) return false;
  for (let at = dirname(file); at.length >= root.length; at = dirname(at)) {
    const folders = written.get(at) ?? (await outputFolders(at));
    written.set(at, folders);
    if (folders.some((folder) => file.startsWith(folder + sep))) return true;
    if (at === root) return false;
  }
  return false;
}

/** Where the tsconfigs of a folder let `tsc` write JavaScript to, unless that's among the sources. */
async function outputFolders(folder: string): Promise<readonly string[]> {
  const { parseTsconfig } = await import("get-tsconfig");
  try {
    const names = readdirSync(folder).filter((name) => /^tsconfig.*\.json$/.test(name));
    return names.flatMap((name) => {
      const { compilerOptions: { outDir = ".", ...set } = {} } = parseTsconfig(join(folder, name));
      const output = resolve(folder, outDir);
      const isAmongSources = `${folder}${sep}`.startsWith(output + sep);
      return set.noEmit || set.emitDeclarationOnly || isAmongSources ? [] : [output];
    });
  } catch {
    return [];
  }
}

function ownFiles({ root, snapshotDir, dts }: ResolvedOptions): string[] {
  const pattern = (path: string) => pathPattern(root, path);
  const snapshot = pattern(snapshotDir);
  return [
    // A snapshot folder that is the root itself must not exclude the sources next to it.
    ...(snapshot === "" ? [] : [`${snapshot}/**`]),
    ...(dts === false ? [] : [pattern(dts), `${pattern(dts)}/*.d.ts`]),
  ];
}

/**
 * The pattern that is a path, relative to `from`: names can contain characters that mean something in a pattern, like
 * `[id]` and `(group)`.
 */
function pathPattern(from: string, path: string): string {
  return relative(from, path)
    .split(sep)
    .join("/")
    .replace(/[()[\]{}*?!+@\\]/g, "\\$&");
}
