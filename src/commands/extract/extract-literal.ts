import { rm } from "node:fs/promises";
import { extname } from "node:path";
import { ts } from "ts-morph";
import { ConfigurationError } from "../../errors/classes.ts";
import { criticalSection } from "../../files/critical-section.ts";
import { readRegularFile } from "../../files/read-file.ts";
import { isMissing } from "../../files/write-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { applyChange, type FileChange, placeOf } from "../init/change.ts";
import { withPrompt } from "./edit-source.ts";
import { findLiteral, type LiteralPlace } from "./find-literal.ts";
import { placeIn } from "./literals.ts";
import { newPromptFile, newSpecifier } from "./prompt-file.ts";
import { type ExtractedVariable, readLiteral } from "./read-literal.ts";
import { refusal, refused } from "./refusal.ts";
import { type TypedScript, typedScripts } from "./value-types.ts";

/** What to extract, and where to. */
export interface ExtractInput extends LiteralPlace {
  /** Absolute. */
  readonly file: string;
  /** The new prompt's name. */
  readonly name: string;
  /** The folder of the local platform, absolute; undefined if the prompt goes elsewhere. */
  readonly outDir: string | undefined;
}

/** A literal as a prompt, with what has to change. Nothing is written yet. */
export interface Extraction {
  readonly specifier: string;
  readonly text: string;
  readonly variables: readonly ExtractedVariable[];
  /** Code of values whose type isn't known: the compiler can't tell that a prompt takes them. */
  readonly untyped: readonly string[];
  /** Where the literal starts; both from 1. */
  readonly place: Required<LiteralPlace>;
  readonly source: FileChange;
  /** The prompt's first version. */
  readonly prompt: FileChange | undefined;
}

/** Is it a file that can be edited? */
export function isScript(file: string): boolean {
  return /\.(?:[mc]?[jt]s|[jt]sx)$/.test(file) && !/\.d\.[mc]?ts$/.test(file);
}

/**
 * Makes a prompt out of the literal at a place.
 *
 * @throws ConfigurationError `extract_refused`, several of them as `several_errors`; `file_read_only`, `leads_outside`,
 *   `cli_file_unreadable`
 */
export async function planExtraction(
  input: ExtractInput,
  options: ResolvedOptions,
  warn: (text: string) => void,
): Promise<Extraction> {
  const { file, name } = input;
  const specifier = newSpecifier(name, options);
  const before = await readScript(file);
  const script = typedScripts([file], warn).get(file);
  if (script === undefined) throw refusal(file, "The compiler doesn't read this file.");
  refuseScript(file, script);
  const literal = findLiteral(file, script.source, input);
  const { refusals, text, variables, untyped } = readLiteral(literal, script.checker);
  const [first, ...others] = refusals;
  if (first !== undefined) throw refused(file, [first, ...others]);
  const source: FileChange = {
    file,
    why: `the literal in line ${placeIn(literal).line} becomes a call of ${specifier}`,
    before,
    after: withPrompt(before, literal, specifier, variables),
  };
  await placeOf(file, options.root);
  const { outDir } = input;
  const prompt =
    outDir === undefined
      ? undefined
      : {
          file: await newPromptFile(outDir, name),
          why: "the prompt, for the local platform",
          before: undefined,
          after: text,
        };
  if (prompt !== undefined) await placeOf(prompt.file, options.root);
  return { specifier, text, variables, untyped, place: placeIn(literal), source, prompt };
}

/**
 * Writes both files, or neither.
 *
 * @throws as {@link applyChange}
 */
export async function applyExtraction({ prompt, source }: Extraction, root: string): Promise<void> {
  await criticalSection(async () => {
    if (prompt !== undefined) await applyChange(prompt, root);
    try {
      await applyChange(source, root);
    } catch (error) {
      if (prompt !== undefined) await rm(prompt.file, { force: true });
      throw error;
    }
  });
}

/** @throws ConfigurationError `cli_file_unreadable`, `extract_refused` for what isn't a script */
export async function readScript(file: string): Promise<string> {
  if (!isScript(file))
    throw refusal(
      file,
      "Only scripts can be edited.",
      {},
      "Move the text into a script, and import it from there.",
    );
  try {
    return await readRegularFile(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new ConfigurationError("There's no such file.", { code: "cli_file_unreadable", where: { file } });
  }
}

/** An import has to work in it. */
function refuseScript(file: string, { source, program }: TypedScript): void {
  const [problem] = program.getSyntacticDiagnostics(source);
  if (problem !== undefined) {
    const { line, character } = source.getLineAndCharacterOfPosition(problem.start);
    const text = ts.flattenDiagnosticMessageText(problem.messageText, " ");
    throw refusal(file, `The file doesn't parse: ${text}`, { line: line + 1, column: character + 1 });
  }
  const isCommonJs =
    /\.c[jt]s$/.test(extname(file)) ||
    (!ts.isExternalModule(source) && /\brequire\s*\(|\bexports\b/.test(source.text));
  if (isCommonJs) throw refusal(file, "This is a CommonJS script, and a prompt is imported with import.");
}
