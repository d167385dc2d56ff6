import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ts } from "ts-morph";
import { ConfigurationError } from "../../errors/classes.ts";
import { installedVersion } from "../config/package-manager.ts";
import { tsconfigFinder } from "../config/tsconfig.ts";

/** One tsconfig of the project, and what it makes the compiler check. Paths are absolute. */
interface Tsconfig {
  readonly file: string;
  readonly options: ts.CompilerOptions;
  /** Components (`.vue`, `.svelte`, `.astro`) too. */
  readonly files: readonly string[];
  readonly references: readonly ts.ProjectReference[];
}

const COMPONENTS = [".vue", ".svelte", ".astro"].map((extension) => ({
  extension,
  isMixedContent: true,
  scriptKind: ts.ScriptKind.Deferred,
}));

/**
 * The tsconfigs of some files: for each those that have it, or else the nearest, and what they reference. `warnings`: what
 * makes the result less certain.
 */
export function loadTsconfigs(files: Iterable<string>) {
  const warnings: string[] = [];
  const found = new Map<string, Tsconfig>();
  const { above, nearest } = tsconfigFinder();
  for (const path of files) {
    const having = nearest(path).map(({ path }) => path);
    for (const file of having.length > 0 ? having : above(path).slice(0, 1)) load(file, found, warnings);
  }
  return { tsconfigs: [...found.values()], warnings };
}

function load(file: string, found: Map<string, Tsconfig>, warnings: string[]): void {
  if (found.has(file)) return;
  const parsed = ts.getParsedCommandLineOfConfigFile(
    file,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => refuse(problem, file) },
    undefined,
    undefined,
    COMPONENTS,
  );
  if (parsed === undefined) return;
  for (const problem of ts.getConfigFileParsingDiagnostics(parsed)) {
    if (problem.code >= 1000 && problem.code < 2000) refuse(problem, file);
    if (IS_MISSING_BASE.has(problem.code))
      warnings.push(
        `${file} extends a config that doesn't exist, so your calls may be checked with other rules than yours.`,
      );
  }
  // TypeScript 6 is stricter by default than 5. A project that compiles with 5 is checked with the defaults of 5: an
  // error that only version 6 finds would hide the ones that a prompt causes.
  const major = Number.parseInt(installedVersion(dirname(file), "typescript") ?? "6", 10);
  const defaults = { strict: false, noUncheckedSideEffectImports: false, types: ["*"] };
  found.set(file, {
    file,
    options: { ...(major < 6 && defaults), ...parsed.options },
    files: parsed.fileNames.map((name) => resolve(name)),
    references: parsed.projectReferences ?? [],
  });
  for (const reference of parsed.projectReferences ?? []) {
    const target = ts.resolveProjectReferencePath(reference);
    if (existsSync(target)) load(target, found, warnings);
  }
}

/** `File not found`, `Cannot read file`: what `extends` reports for a base that a framework hasn't generated yet. */
const IS_MISSING_BASE = new Set([6053, 5083, 5012]);

function refuse({ file, start, messageText }: ts.Diagnostic, config: string): never {
  const at = start === undefined ? undefined : file?.getLineAndCharacterOfPosition(start);
  const place = at && { line: at.line + 1, column: at.character + 1 };
  throw new ConfigurationError(
    `The tsconfig doesn't parse: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    {
      code: "tsconfig_invalid",
      where: { file: file?.fileName ?? config, ...place },
      hint: "Fix it. tsc reports the same problem.",
    },
  );
}
