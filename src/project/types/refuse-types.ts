import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { toPosix } from "../../errors/printable.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { readOrEmpty } from "../../files/read-file.ts";
import { answerPath } from "../compile-request.ts";
import { hasConfig, searchedFolders } from "../config/config-files.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { listFiles } from "../discovery/list-sources.ts";
import { declarationBlocks } from "./same-declarations.ts";
import { isOurs, presentTypesFiles, typesFolder, typesPlace } from "./types-place.ts";

/**
 * Refuses generated types in a second place that a program of TypeScript has as well: it would merge both into overloads, so
 * that a call of either version passes. A folder with a config or a package.json of its own is another project.
 *
 * @throws ConfigurationError `types_twice` that names both
 */
export async function refuseTwoPlaces(options: ResolvedOptions): Promise<void> {
  const { dts, root } = options;
  if (dts === false) return;
  const declared = new Map<string, string>();
  const own = new Set((await presentTypesFiles(dts)).map(toPosix));
  for (const file of own)
    for (const specifier of declarationBlocks(readOrEmpty(file)).keys()) declared.set(specifier, file);
  if (declared.size === 0) return;
  for (const file of await listFiles(options, ["**/*.d.{ts,mts,cts}"])) {
    if (own.has(file) || isOfAnother(file, toPosix(root))) continue;
    const text = readOrEmpty(file);
    const twice = isOurs(text) && [...declarationBlocks(text).keys()].find((one) => declared.has(one));
    if (!twice || !(await isOneProgram(file, declared.get(twice) as string))) continue;
    throw new ConfigurationError(
      `${twice} is declared by generated types in two places, so the type checker accepts calls of either.`,
      {
        code: "types_twice",
        where: { file },
        hint: `The other one is ${declared.get(twice)}. The config's \`dts\` is ${dts}: remove the types that aren't there, or change it.`,
      },
    );
  }
}

/** Does a tsconfig above a file include it and another one? */
async function isOneProgram(file: string, other: string): Promise<boolean> {
  const { createFilesMatcher, parseTsconfig } = await import("get-tsconfig");
  return searchedFolders(dirname(file)).some((folder) =>
    readdirSync(folder).some((name) => {
      if (!/^[tj]sconfig.*\.json$/.test(name)) return false;
      try {
        const path = join(folder, name);
        const sees = createFilesMatcher({ path, config: parseTsconfig(path) });
        return sees(file) !== undefined && sees(other) !== undefined;
      } catch {
        // `doctor` says that it can't be read.
        return false;
      }
    }),
  );
}

function isOfAnother(file: string, root: string): boolean {
  for (let folder = dirname(file); folder.length > root.length; folder = dirname(folder))
    if (hasConfig(folder) || existsSync(join(folder, "package.json"))) return true;
  return false;
}

/**
 * Refuses exports that the config names as `answer` and that have no type: the compiler would take `Output` for `any`, and
 * accept whatever is done with an answer.
 *
 * @throws ConfigurationError `config_invalid` for each, with file, export and nearest name
 */
export async function refuseUntypedAnswers(options: ResolvedOptions): Promise<void> {
  const entries = [...options.prompts.values()].filter(({ answer }) => answer?.name !== undefined);
  if (options.dts === false || entries.length === 0) return;
  // The compiler is large, and few projects name an export.
  const { Project, ts } = await import("ts-morph");
  const folder = typesFolder(typesPlace(options));
  const code = entries
    .map(({ answer }, at) => {
      const path = JSON.stringify(answerPath(folder, answer));
      return `export declare const m${at}: typeof import(${path});\nexport declare const a${at}: typeof import(${path}).${answer?.name};\n`;
    })
    .join("");
  // One further up may be about other packages.
  const { root } = options;
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  /** A project can have several: one that finds the type is enough. */
  const found = (configs.length > 0 ? configs : [undefined]).map((config) => {
    // One that doesn't parse is for the compiler to report.
    const json = config === undefined ? {} : ts.readConfigFile(join(root, config), ts.sys.readFile).config;
    const parsed = ts.parseJsonConfigFileContent(json, { ...ts.sys, readDirectory: () => [] }, root).options;
    const compilerOptions = { ...parsed, types: [], ...(config === undefined && { allowJs: true }) };
    const project = new Project({ compilerOptions });
    return project.createSourceFile(join(folder, "scope-answers.d.ts"), code);
  });
  /** What each of the tsconfigs knows of a name; nothing of those that find no type. */
  const typesOf = (name: string) =>
    found.map((file) => file.getVariableDeclarationOrThrow(name).getType()).filter((type) => !type.isAny());
  const errors = entries.flatMap(({ key, answer }, at) => {
    if (answer === undefined || typesOf(`a${at}`).length > 0) return [];
    const modules = typesOf(`m${at}`);
    const names = modules.flatMap((type) => type.getProperties().map((one) => one.getName()));
    const advice =
      modules.length === 0
        ? "TypeScript can't read that file. Set allowJs in the tsconfig, or write the schema in TypeScript."
        : didYouMean(answer.name ?? "", new Set(names), `The file exports ${names.join(", ") || "nothing"}.`);
    return new ConfigurationError(
      `The type of ${JSON.stringify(answer.written)}, the answer of "${key}", can't be found, so Output would be any.`,
      { code: "config_invalid", where: { file: answer.file, prompt: key }, hint: advice },
    );
  });
  throwAll(errors, "answers have no type");
}
