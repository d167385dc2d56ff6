import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { isScopeError, type Where } from "../../errors/scope-error.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { scriptBlocks } from "./component-scripts.ts";
import { emittedTypes } from "./emitted-modules.ts";
import { listSources, readSource } from "./list-sources.ts";
import { type ScannedUse, scanScript } from "./scan-script.ts";

/** One `scope:` import in the code. */
export interface ScopeUse {
  /** As spelled in the code. */
  readonly specifier: string;
  /** Absolute. */
  readonly file: string;
  /** Where the specifier's quote is; both from 1. */
  readonly line: number;
  readonly column: number;
}

/** An import of a prompt that is only known when the code runs, so it can be neither typed nor compiled. */
export interface ComputedUse {
  /** The expression, on one line, shortened. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ProjectUses {
  /** By file, then by place. */
  readonly uses: readonly ScopeUse[];
  readonly computed: readonly ComputedUse[];
  /** The declarations that `emit` has written among the sources, absolute, each with its specifier. */
  readonly emittedTypes: ReadonlyMap<string, string>;
}

type FileUses = Omit<ProjectUses, "emittedTypes">;

/**
 * Looks for `scope:` imports in the files that the config includes.
 *
 * @throws ConfigurationError `file_unreadable` for a file or folder that can't be read; `emit_map_damaged`
 * @example const { uses } = await findUses(options); // [{ specifier: "scope:welcome", file, line: 1, column: 21 }]
 */
export async function findUses(options: ResolvedOptions): Promise<ProjectUses> {
  const sources = await listSources(options);
  const found = new Map<string, FileUses>();
  for (const file of sources) {
    const one = await usesInFile(file);
    if (one.uses.length + one.computed.length > 0) found.set(file, one);
  }
  const files = await ownPaths([...found.keys()]);
  const own = files.flatMap((file) => found.get(file) ?? []);
  return {
    emittedTypes: emittedTypes(sources),
    uses: own.flatMap((one) => one.uses),
    computed: own.flatMap((one) => one.computed),
  };
}

/** Instead of removing all that is committed because nothing was found. */
export async function nothingFound(options: ResolvedOptions): Promise<ConfigurationError> {
  const { root, include } = options;
  const tops = new Set((await listSources(options)).map((file) => relative(root, file).split(sep)[0]));
  const searched = tops.size === 0 ? "No file matches" : `Searched: ${[...tops].join(", ")}, by`;
  return new ConfigurationError(
    "No import of a prompt was found, so everything committed would be removed.",
    {
      code: "nothing_found",
      where: { file: root },
      hint: `${searched} "include": ${JSON.stringify(include)}. Name the files with your imports there. If no code is to import a prompt, set prompts: [] in the config.`,
    },
  );
}

/** Keeps one of the paths that lead to the same file through links: its real one if that is among them. */
async function ownPaths(files: readonly string[]): Promise<readonly string[]> {
  const pathOf = new Map<string, string>();
  for (const file of files) {
    const real = await realpath(file);
    if (!pathOf.has(real) || file === real) pathOf.set(real, file);
  }
  const kept = new Set(pathOf.values());
  return files.filter((file) => kept.has(file));
}

/**
 * The place of an import that failed. Only the file if that can't be read, or if its own text has no such import: a
 * loader may have added it.
 *
 * @param importer what a bundler calls the importing module
 */
export async function findPlace(importer: string, specifier: string): Promise<Where> {
  // A query on the file names a block of a component.
  const file = importer.replace(/\?.*$/s, "");
  try {
    const use = (await usesInFile(file)).uses.find((one) => one.specifier === specifier);
    return use === undefined ? { importedBy: file } : useAt(use);
  } catch {
    return { importedBy: file };
  }
}

export function useAt({ file, line, column }: ScopeUse): Where {
  return { importedBy: file, importedAt: { line, column } };
}

/** By place. */
export function usesInText(text: string, file: string) {
  const uses: ScopeUse[] = [];
  const computed: ComputedUse[] = [];
  for (const use of scanText(text, file)) {
    const lines = text.slice(0, use.offset).split("\n");
    const at = { file, line: lines.length, column: (lines.at(-1) as string).length + 1 };
    if (use.kind === "import") uses.push({ specifier: use.specifier, ...at });
    else computed.push({ text: use.text, ...at });
  }
  return { uses, computed };
}

/** The same, each at its offset in the text. */
function scanText(text: string, file: string): readonly ScannedUse[] {
  return scriptBlocks(text, file).flatMap((block) => {
    // Read as tokens, what looks like an import may turn out to be a comment.
    const end = block.code.lastIndexOf("scope:");
    if (end === -1) return [];
    const uses = scanScript(block.code, block, end);
    return uses.map((use) => ({ ...use, offset: block.offset + use.offset }));
  });
}

/** What a file imports, as far as its text shows. */
export async function usesInFile(file: string): Promise<FileUses> {
  const bytes = await readSource(file);
  if (!bytes?.includes("scope:")) return { uses: [], computed: [] };
  return usesInText(bytes.toString("utf8"), file);
}

/** The exports of a prompt's module that contain metadata; `*` is the whole module. */
const WITH_METADATA = ["metadata", "getMetadata", "attributes", "current", "*"];

/**
 * The source files that take a prompt's metadata: their imports name an export that contains it, or take
 * the whole module, as `import()` does. What they do with it isn't examined.
 *
 * @returns absolute, sorted
 * @throws ConfigurationError `file_unreadable`
 */
export async function findMetadataReaders(
  ref: PromptRef,
  options: ResolvedOptions,
): Promise<readonly string[]> {
  const importers = await importersOf(ref, options);
  return importers
    .filter(({ taken }) => taken.some((name) => WITH_METADATA.includes(name)))
    .map(({ file }) => file);
}

/** How many places a message lists. */
const MAX_PLACES = 3;

/**
 * Where the files that import a prompt write some names as properties, as a call that sends them does.
 *
 * @param names of variables
 * @returns the first few, by file and line
 * @throws ConfigurationError `file_unreadable`
 */
export async function findSenders(
  ref: PromptRef,
  names: readonly string[],
  options: ResolvedOptions,
): Promise<readonly { readonly file: string; readonly line: number }[]> {
  const property = new RegExp(`(?<=^|[{,\\s])["']?(?:${names.join("|")})["']?\\s*(?:[:,}]|$)`, "u");
  const importers = await importersOf(ref, options);
  const places = importers.flatMap(({ file, text, offset }) => {
    const first = text.slice(0, offset).split("\n").length;
    const [, ...lines] = text.slice(offset).split("\n");
    return lines.flatMap((line, at) => (property.test(line) ? { file, line: first + at + 1 } : []));
  });
  return places.slice(0, MAX_PLACES);
}

/** The source files that import a prompt, each with what it takes of it and where its first import is. */
async function importersOf(ref: PromptRef, options: ResolvedOptions) {
  const files = await listSources(options);
  const importers: { file: string; text: string; offset: number; taken: readonly string[] }[] = [];
  const isAsked = (specifier: string) => {
    const asked = refOf(specifier, options);
    return asked !== undefined && refKey(asked) === refKey(ref);
  };
  for (const file of files) {
    const text = (await readSource(file))?.toString("utf8") ?? "";
    const own = scanText(text, file).filter((use) => use.kind === "import" && isAsked(use.specifier));
    const [first] = own;
    const taken = own.flatMap((use) => (use.kind === "import" ? use.taken : []));
    if (first !== undefined) importers.push({ file, text, offset: first.offset, taken });
  }
  return importers;
}

function refOf(specifier: string, options: ResolvedOptions): PromptRef | undefined {
  try {
    return resolveSpecifier(specifier, options).ref;
  } catch (error) {
    // The import that has it says so.
    if (isScopeError(error)) return undefined;
    throw error;
  }
}
