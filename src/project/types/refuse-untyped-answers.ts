import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
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
