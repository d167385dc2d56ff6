import { relative } from "node:path";
import { IMPORT_MAP } from "../../project/discovery/emitted-modules.ts";

/** Names of the maps in an emitted folder, by the tool that reads them. No prompt's file ends in `.json`. */
export const MAP_FILES = {
  jest: "jest.map.json",
  imports: IMPORT_MAP,
  tsconfig: "tsconfig.paths.json",
};

/** A `scope:` import as spelled in the code, and the file that it means. */
interface MappedImport {
  readonly specifier: string;
  /** Absolute. */
  readonly file: string;
}

/**
 * Jest's `moduleNameMapper`: an expression that matches exactly one specifier, with the file as Jest finds it. For ES
 * modules Jest removes the query before it looks here, so a name that is only imported with one query is mapped without
 * it too.
 *
 * @param rootDir what `<rootDir>` means: the folder of Jest's config
 */
export function jestMap(imports: readonly MappedImport[], rootDir: string): Readonly<Record<string, string>> {
  const byName = new Map<string, MappedImport[]>();
  for (const one of imports) {
    const [name = ""] = one.specifier.split("?");
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const bare = [...byName].flatMap(([specifier, [one, ...others]]) =>
    one === undefined || others.length > 0 ? [] : [{ specifier, file: one.file }],
  );
  return Object.fromEntries(
    [...imports, ...bare].map(({ specifier, file }) => [
      `^${specifier.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`,
      `<rootDir>/${slashes(relative(rootDir, file))}`,
    ]),
  );
}

/**
 * An import map, as Deno and browsers read it; its addresses are relative to the map itself.
 *
 * @param folder where the map is
 */
export function importMap(
  imports: readonly MappedImport[],
  folder: string,
): { readonly imports: Readonly<Record<string, string>> } {
  return {
    imports: Object.fromEntries(
      imports.map(({ specifier, file }) => [specifier, `./${encodeURI(slashes(relative(folder, file)))}`]),
    ),
  };
}

/** A shortened path that still looks like a file's: a reader of `paths` would find another prompt's file there. */
const LIKE_A_FILE = /\.(?:js|d|ts|json)$/;

/**
 * A tsconfig for `extends`, whose `paths` are relative to itself. The files have no extension: for one that ends in
 * `.js`, TypeScript uses that file and not the types next to it, and tsx and Vite treat a `.d.ts` as code. A specifier
 * with `*` would match others, and is left out.
 *
 * @param folder where the tsconfig is
 */
export function tsconfigPaths(
  imports: readonly MappedImport[],
  folder: string,
): { readonly compilerOptions: { readonly paths: Readonly<Record<string, readonly string[]>> } } {
  const paths = imports
    .filter(({ specifier }) => !specifier.includes("*"))
    .map(({ specifier, file }) => {
      const path = `./${slashes(relative(folder, file))}`;
      const short = path.slice(0, -".js".length);
      return [specifier, [LIKE_A_FILE.test(short) ? path : short]];
    });
  return { compilerOptions: { paths: Object.fromEntries(paths) } };
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
