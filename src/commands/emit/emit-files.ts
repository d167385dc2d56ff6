import { rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { emitHelper, emitModule } from "../../compiler/3-emit/emit-module.ts";
import { emitModuleTypes } from "../../compiler/3-emit/types/emit-module-types.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import { toPosix } from "../../errors/printable.ts";
import { criticalSection } from "../../files/critical-section.ts";
import { namesIn, readOrEmpty, readTextIfThere } from "../../files/read-file.ts";
import { isLeftover, StagedFiles } from "../../files/staged-files.ts";
import { explainUnwritable, removeAbandoned } from "../../files/write-file.ts";
import { refuseOutside } from "../../project/config/load-config.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import {
  EMIT_MARK,
  emittedName,
  HELPER_FILE,
  IMPORT_MAP,
  readEmitted,
} from "../../project/discovery/emitted-modules.ts";
import type { Project } from "../../project/project.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { CompiledModule } from "../../project/versions/choose-version.ts";
import { findImports } from "../../project/versions/select-imports.ts";
import { Compilation } from "../../run/compilation.ts";
import { writeHelper, writeLiveModule } from "../../run/modules/write-module.ts";

const PACKAGE_JSON = { description: EMIT_MARK, private: true, type: "module", sideEffects: false };

interface EmittedModule {
  /** As spelled in the code, or the key's own specifier. */
  readonly specifier: string;
  /** Absolute path of the `.js`; its types are next to it. */
  readonly file: string;
  readonly built: CompiledModule;
}

/** What the maps say of one: a `scope:` import, and the file that it means. */
type MappedImport = Pick<EmittedModule, "specifier" | "file">;

/** Absolute paths of the maps, the modules by specifier, and paths of files of an earlier emit that were removed. */
export interface Emitted {
  readonly maps: Readonly<Record<"jest" | "imports" | "tsconfig", string>>;
  readonly modules: readonly (EmittedModule & { readonly written: boolean })[];
  readonly removed: readonly string[];
}

/**
 * Writes every prompt of a project as a `.js` file with its types, their helper, a package.json and the maps from
 * specifiers to files: for setups without a bundler. Prompts come from the same source as in a build. Nothing is
 * written unless all of them compile and fit on the disk; it throws what a build of them throws. What an earlier emit
 * wrote and nothing asks for any more is removed; other files are left alone.
 *
 * @param jestRoot the folder of Jest's config, its `<rootDir>`
 */
export async function emitFiles(
  project: Project,
  outDir: string,
  jestRoot: string,
  reporter: Reporter,
): Promise<Emitted> {
  const { options } = project;
  await refuseFolder(outDir, options);
  const { imports } = await findImports(options);
  const compilation = new Compilation(project, { development: false, reporter });
  const compiling = imports.map(async ({ specifier }): Promise<EmittedModule> => {
    const file = join(outDir, `${emittedName(specifier)}.js`);
    return { specifier, file, built: await compilation.compiled(specifier) };
  });
  await Promise.allSettled(compiling);
  const emitted = await Promise.all(compiling).catch(async (error) => {
    throw await compilation.withAllFailures(error);
  });
  // No prompt's file ends in `.json`.
  const maps = {
    jest: join(outDir, "jest.map.json"),
    imports: join(outDir, IMPORT_MAP),
    tsconfig: join(outDir, "tsconfig.paths.json"),
  };
  const files = new Map([
    [join(outDir, "package.json"), json(PACKAGE_JSON)],
    [join(outDir, HELPER_FILE), emitHelper({ development: false })],
    [maps.jest, json(jestMap(emitted, jestRoot))],
    [maps.imports, json(importMap(emitted, outDir))],
    [maps.tsconfig, json(tsconfigPaths(emitted, outDir))],
  ]);
  for (const module of emitted) await addEmitted(files, module, options);
  const stale = await staleFiles(outDir, files);
  const written = await writeTogether(outDir, files, stale);
  await compilation.finish(reporter);
  return {
    maps,
    modules: emitted.map((module) => {
      const isWritten = written.has(module.file) || written.has(typesOf(module.file));
      return { ...module, written: isWritten };
    }),
    removed: stale,
  };
}

/** Writes what differs and removes what is stale, all in one step. Returns the files that it wrote. */
async function writeTogether(
  outDir: string,
  files: ReadonlyMap<string, string>,
  stale: readonly string[],
): Promise<ReadonlySet<string>> {
  // Left by an emit that was killed: this one may have nothing to write.
  await explainUnwritable(outDir, () => removeAbandoned(outDir, isLeftover));
  const staged = new StagedFiles(outDir, ".emit-");
  const written = new Set<string>();
  try {
    for (const [file, text] of files) {
      if ((await explainUnwritable(file, () => readTextIfThere(file))) === text) continue;
      await staged.add(file, text);
      written.add(file);
    }
    await criticalSection(async () => {
      await staged.commit((done, all) => `${done} of ${all} changed files were written before one failed.`);
      // The new map no longer names them, so a later emit wouldn't find them.
      for (const file of stale) await explainUnwritable(file, () => rm(file, { force: true }));
    });
  } finally {
    await staged.discard();
  }
  return written;
}

/** The files of an earlier emit that this one doesn't write, without those that somebody else put there since. */
async function staleFiles(outDir: string, files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const modules = [...(readEmitted(outDir)?.values() ?? [])].flatMap((file) => [file, typesOf(file)]);
  const present = new Set((await namesIn(outDir)).map((name) => join(outDir, name)));
  const shared = [...present].filter((file) => basename(file).startsWith("+"));
  const stale: string[] = [];
  for (const file of new Set([...modules, ...shared]))
    if (present.has(file) && !files.has(file) && GENERATED.test(readOrEmpty(file))) stale.push(file);
  return stale;
}

/** How the files of a prompt, and those that prompts share, say in their first three lines what they are. */
const GENERATED = /^(?:.*\n){0,2}\/\/ (?:Generated by|The live client of|How) unplugin-scope\b/;

const TYPES_HEAD = "// Generated by unplugin-scope. Not meant to be edited: the next emit writes it again.\n";

async function addEmitted(
  files: Map<string, string>,
  { built: { compiled, request }, file }: EmittedModule,
  options: ResolvedOptions,
): Promise<void> {
  const base = basename(file, ".js");
  const outDir = dirname(file);
  const types = typesOf(file);
  const add = async (name: string, code: string) => {
    // Deno finds the types of a module through a comment in the module.
    const text = name === `${base}.js` ? `// @ts-self-types="./${basename(types)}"\n${code}` : code;
    files.set(join(outDir, name), text);
    return name;
  };
  const folder = { write: add, importPath: (name: string) => `./${name}` };
  const form = { development: false, prefix: "+" };
  if (request.live) await writeLiveModule(folder, base, compiled, { options, ...form });
  else {
    const helper = await writeHelper(folder, form);
    await add(`${base}.js`, emitModule(compiled, { ...form, helper }));
  }
  const forms = { live: request.live, declares: true };
  files.set(types, `${TYPES_HEAD}${emitModuleTypes(compiled, forms)}`);
}

function typesOf(file: string): string {
  return `${file.slice(0, -".js".length)}.d.ts`;
}

/** A folder with its own package holds somebody's sources: we must not replace its package.json. */
async function refuseFolder(outDir: string, { root }: ResolvedOptions): Promise<void> {
  // Somebody may have committed a link instead of a folder. You can name a folder outside the repository yourself.
  await refuseOutside(root, outDir, true);
  const file = join(outDir, "package.json");
  const text = await explainUnwritable(file, () => readTextIfThere(file));
  if (text === undefined || text.includes(EMIT_MARK)) return;
  throw new ConfigurationError("The output folder has a package.json that scope-gen didn't write.", {
    code: "foreign_file",
    where: { file },
    hint: "Choose a separate folder, for example --out-dir src/prompts.",
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Jest's `moduleNameMapper`. For ES modules Jest removes the query first: a name with one query only is mapped without
 * it too.
 */
function jestMap(imports: readonly MappedImport[], rootDir: string) {
  const named = imports.map(({ specifier, file }) => ({ specifier: specifier.split("?")[0] ?? "", file }));
  const bare = named.filter((one) =>
    named.every((other) => other === one || other.specifier !== one.specifier),
  );
  return Object.fromEntries(
    [...imports, ...bare].map(({ specifier, file }) => [
      `^${specifier.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`,
      `<rootDir>/${pathFrom(rootDir, file)}`,
    ]),
  );
}

/** An import map, as Deno and browsers read it; its addresses are relative to the map itself. */
function importMap(imports: readonly MappedImport[], folder: string) {
  const entries = imports.map(({ specifier, file }) => [specifier, `./${encodeURI(pathFrom(folder, file))}`]);
  return { imports: Object.fromEntries(entries) };
}

/** A shortened path that still looks like a file's: a reader of `paths` would find another prompt's file there. */
const LIKE_A_FILE = /\.(?:js|d|ts|json)$/;

/**
 * A tsconfig for `extends`, whose `paths` are relative to itself. The files have no extension: for one that ends in
 * `.js`, TypeScript uses that file and not the types next to it, and tsx and Vite treat a `.d.ts` as code. A specifier
 * with `*` would match others, and is left out.
 */
function tsconfigPaths(imports: readonly MappedImport[], folder: string) {
  const paths = imports
    .filter(({ specifier }) => !specifier.includes("*"))
    .map(({ specifier, file }) => {
      const path = `./${pathFrom(folder, file)}`;
      const short = path.slice(0, -".js".length);
      return [specifier, [LIKE_A_FILE.test(short) ? path : short]];
    });
  return { compilerOptions: { paths: Object.fromEntries(paths) } };
}

function pathFrom(folder: string, file: string): string {
  return toPosix(relative(folder, file));
}
