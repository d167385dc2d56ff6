import { relative } from "node:path";
import { IMPORT_MAP } from "../project/discovery/emitted-modules.ts";

/** Names of the maps in an emitted folder, by what reads them. No prompt's file ends in `.json`. */
export const MAP_FILES = {
  jest: "jest.map.json",
  imports: IMPORT_MAP,
  tsconfig: "tsconfig.paths.json",
};

/** A `scope:` import as it is spelled in the code, and the file that it means. */
interface MappedImport {
  readonly specifier: string;
  /** Absolute. */
  readonly file: string;
}

/**
 * Jest's `moduleNameMapper`: an expression that matches one specifier and nothing else, with the file as Jest finds it.
 * For ECMAScript modules Jest takes the query off before it looks here, so a name that is imported with one query alone
 * is mapped without it too.
 *
 * @param rootDir what `<rootDir>` stands for: the folder of Jest's config
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
 * @param folder where the map lies
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

/** A name to which a reader of `paths` need not add anything to find a file of ours, which is another prompt's. */
const LIKE_A_FILE = /\.(?:js|d|ts|json)$/;

/**
 * A tsconfig for `extends`, whose `paths` are relative to itself. The files have no extension: for one that ends in `.js`
 * TypeScript takes that file and not the types beside it, and tsx and Vite take a `.d.ts` for code.
 * A specifier with `*` would match others, and is left out.
 *
 * @param folder where the tsconfig lies
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
