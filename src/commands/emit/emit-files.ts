import { rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { emitHelper, emitModule } from "../../compiler/3-emit/emit-module.ts";
import { emitModuleTypes } from "../../compiler/3-emit/types/emit-module-types.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import { criticalSection } from "../../files/critical-section.ts";
import { insideOf } from "../../files/inside.ts";
import { namesIn, readOrEmpty, readTextIfThere } from "../../files/read-file.ts";
import { isLeftover, removeAbandoned, StagedFiles } from "../../files/staged-files.ts";
import { explainUnwritable } from "../../files/write-file.ts";
import { searchedFolders } from "../../project/config/load/search-folders.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { EMIT_MARK, emittedName, HELPER_FILE, readEmitted } from "../../project/discovery/emitted-modules.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import type { Reporter } from "../../project/reporter.ts";
import { RunRecord } from "../../project/runs.ts";
import type { CompiledModule } from "../../run/modules/modules.ts";
import { writeHelpers, writeLiveModule } from "../../run/modules/write-module.ts";
import { startBuild } from "../../run/start-build.ts";
import { selectImports } from "../select-imports.ts";
import { importMap, jestMap, MAP_FILES, tsconfigPaths } from "./specifier-maps.ts";

const PACKAGE_JSON = json({
  description: EMIT_MARK,
  private: true,
  type: "module",
  sideEffects: false,
});

interface EmittedModule {
  /** As spelled in the code, or the key's own specifier. */
  readonly specifier: string;
  /** Absolute path of the `.js`; its types are next to it. */
  readonly file: string;
  readonly built: CompiledModule;
  readonly written: boolean;
}

export interface Emitted {
  /** By specifier. */
  readonly modules: readonly EmittedModule[];
  /** Absolute paths of files that an earlier emit wrote and that nothing asks for any more. */
  readonly removed: readonly string[];
}

export interface EmitOptions {
  /** Absolute. */
  readonly outDir: string;
  /** Absolute: the folder of Jest's config, its `<rootDir>`. */
  readonly jestRoot: string;
  readonly reporter: Reporter;
}

/**
 * Writes every prompt of a project as a `.js` file with its types, together with their helper, a package.json and the
 * maps from specifiers to files: for setups without a bundler. Prompts come from the same source as in a build. Nothing
 * is written unless all of them compile and fit on the disk. What an earlier emit wrote and nothing asks for any more
 * is removed; other files are left alone.
 *
 * @throws what a build of these prompts throws, all at once; ConfigurationError `emit_foreign_folder`, `leads_outside`,
 * `emit_map_damaged`; ScopeError `snapshot_unwritable`
 */
export async function emitFiles(
  project: Project,
  { outDir, jestRoot, reporter }: EmitOptions,
): Promise<Emitted> {
  await refuseLink(project.options.root, outDir);
  await refuseForeignPackage(outDir);
  const { uses } = await findUses(project.options);
  const imports = selectImports(project.options, uses);
  const build = startBuild(project, { development: false, reporter });
  const modules = await Promise.allSettled(imports.map(({ specifier }) => build.compiled(specifier)));
  const emitted: Omit<EmittedModule, "written">[] = [];
  for (const [index, { specifier }] of imports.entries()) {
    const module = modules[index];
    if (module?.status === "rejected") throw await build.withAllFailures(module.reason);
    if (module === undefined) continue;
    emitted.push({ specifier, file: join(outDir, `${emittedName(specifier)}.js`), built: module.value });
  }
  const files = new Map([
    [join(outDir, "package.json"), PACKAGE_JSON],
    [join(outDir, HELPER_FILE), emitHelper({ development: false })],
    [join(outDir, MAP_FILES.jest), json(jestMap(emitted, jestRoot))],
    [join(outDir, MAP_FILES.imports), json(importMap(emitted, outDir))],
    [join(outDir, MAP_FILES.tsconfig), json(tsconfigPaths(emitted, outDir))],
  ]);
  for (const module of emitted) await addModule(files, module, project.options);
  const stale = await staleFiles(outDir, files);
  const written = await writeTogether(outDir, files, stale);
  await build.finish();
  const record = new RunRecord(project.options.root, "emit", 0);
  for (const { file, specifier } of uses) record.add(file, specifier);
  await record.write();
  const isWritten = ({ file }: { readonly file: string }) => written.has(file) || written.has(typesOf(file));
  return { modules: emitted.map((module) => ({ ...module, written: isWritten(module) })), removed: stale };
}

/**
 * Writes what differs and removes what is stale, all in one step. Returns the files that it wrote. Throws ScopeError
 * `snapshot_unwritable`.
 */
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

/**
 * The files of an earlier emit, found by its map and its naming, that this one doesn't write. A file that doesn't say
 * it's generated was put there by somebody else since.
 */
async function staleFiles(outDir: string, files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const modules = [...(readEmitted(outDir)?.values() ?? [])].flatMap((file) => [file, typesOf(file)]);
  const present = new Set((await namesIn(outDir)).map((name) => join(outDir, name)));
  const shared = [...present].filter((file) => basename(file).startsWith("+"));
  const stale: string[] = [];
  for (const file of new Set([...modules, ...shared]))
    if (present.has(file) && !files.has(file) && GENERATED.test(await readOrEmpty(file))) stale.push(file);
  return stale;
}

/** How the files of a prompt, and those that prompts share, say in their first three lines what they are. */
const GENERATED = /^(?:.*\n){0,2}\/\/ (?:Generated by|The live client of|How) unplugin-scope\b/;

const TYPES_HEAD = "// Generated by unplugin-scope. Not meant to be edited: the next emit writes it again.\n";

async function addModule(
  files: Map<string, string>,
  { built: { compiled, request }, file }: Pick<EmittedModule, "built" | "file">,
  options: ResolvedOptions,
): Promise<void> {
  const base = basename(file, ".js");
  const types = typesOf(file);
  const add = async (name: string, code: string) => {
    // Deno finds the types of a module through a comment in the module.
    const text = name === `${base}.js` ? `// @ts-self-types="./${basename(types)}"\n${code}` : code;
    files.set(join(dirname(file), name), text);
    return name;
  };
  const folder = { write: add, importPath: (name: string) => `./${name}` };
  const form = { development: false, prefix: "+" };
  if (request.live) await writeLiveModule(folder, base, compiled, { options, ...form });
  else
    await add(
      `${base}.js`,
      emitModule(compiled, { ...form, ...(await writeHelpers(folder, compiled, form)) }),
    );
  files.set(types, `${TYPES_HEAD}${emitModuleTypes(compiled, { live: request.live, declares: true })}`);
}

function typesOf(file: string): string {
  return `${file.slice(0, -".js".length)}.d.ts`;
}

/** Somebody may have committed a link instead of a folder. You can name a folder outside the repository yourself. */
async function refuseLink(root: string, outDir: string): Promise<void> {
  const top = searchedFolders(root).at(-1) ?? root;
  if (outDir.startsWith(top + sep)) await insideOf(top, outDir);
}

/** A folder with its own package holds somebody's sources: we must not replace its package.json. */
async function refuseForeignPackage(outDir: string): Promise<void> {
  const file = join(outDir, "package.json");
  const text = await explainUnwritable(file, () => readTextIfThere(file));
  if (text === undefined || text.includes(EMIT_MARK)) return;
  throw new ConfigurationError("The output folder has a package.json that scope-gen didn't write.", {
    code: "emit_foreign_folder",
    where: { file },
    hint: "Choose a separate folder, for example --out-dir src/prompts.",
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
