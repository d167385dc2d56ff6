import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { toPosix } from "../../errors/printable.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { answerPath } from "../compile-request.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { typesFolder, typesPlace } from "./types-place.ts";

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
  const { ts } = await import("ts-morph");
  const folder = typesFolder(typesPlace(options));
  const file = join(folder, "scope-answers.d.ts");
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
    const json = config === undefined ? {} : ts.readConfigFile(join(root, config), ts.sys.readFile).config;
    const parsed = ts.parseJsonConfigFileContent(json, { ...ts.sys, readDirectory: () => [] }, root).options;
    const compilerOptions = config === undefined ? { ...parsed, allowJs: true } : parsed;
    const host = ts.createCompilerHost(compilerOptions);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (path) => path === toPosix(file) || fileExists(path);
    host.getSourceFile = (path, version, ...more) =>
      path === toPosix(file)
        ? ts.createSourceFile(path, code, version)
        : getSourceFile(path, version, ...more);
    const program = ts.createProgram([toPosix(file)], { ...compilerOptions, noEmit: true, types: [] }, host);
    const source = program.getSourceFile(toPosix(file));
    const checker = program.getTypeChecker();
    const types = source && checker.getSymbolAtLocation(source)?.exports;
    return (name: string) => {
      const symbol = types?.get(ts.escapeLeadingUnderscores(name));
      return symbol && checker.getTypeOfSymbol(symbol);
    };
  });
  const isAny = (name: string) =>
    found.every((typeOf) => ((typeOf(name)?.flags ?? ts.TypeFlags.Any) & ts.TypeFlags.Any) !== 0);
  const errors = entries.flatMap(({ key, answer }, at) => {
    if (answer === undefined || !isAny(`a${at}`)) return [];
    const names = found.flatMap(
      (typeOf) =>
        typeOf(`m${at}`)
          ?.getProperties()
          .map(({ name }) => name) ?? [],
    );
    const advice = isAny(`m${at}`)
      ? "TypeScript can't read that file. Set allowJs in the tsconfig, or write the schema in TypeScript."
      : didYouMean(answer.name ?? "", new Set(names), `The file exports ${names.join(", ") || "nothing"}.`);
    return new ConfigurationError(
      `The type of ${JSON.stringify(answer.written)}, the answer of "${key}", can't be found, so Output would be any.`,
      { code: "config_invalid", where: { file: answer.file, prompt: key }, hint: advice },
    );
  });
  throwAll(errors, "answers have no type");
}
