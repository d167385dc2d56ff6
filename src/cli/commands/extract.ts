import { resolve } from "node:path";
import type { Extraction } from "../../commands/extract/extract-literal.ts";
import type { Candidate } from "../../commands/extract/find-candidates.ts";
import type { LiteralPlace } from "../../commands/extract/find-literal.ts";
import { usageError } from "../../commands/usage-error.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import type { CommandContext } from "../context.ts";
import type { AddCommand } from "../program.ts";
import { actionText, proposeChange } from "../propose-change.ts";
import { count, textTable } from "../terminal/text-table.ts";

interface ExtractFlags {
  readonly name?: string;
  readonly outDir: string;
  readonly print?: boolean;
  readonly yes?: boolean;
  readonly list?: boolean;
}

/** `scope-gen extract`: a literal in the code becomes a prompt. */
export const addExtract: AddCommand = (program, action) => {
  program
    .command("extract")
    .description("turn a literal in your code into a prompt and a typed call")
    .argument("[places...]", "file:line, or file:line:column; with --list: files")
    .option("--name <name>", "the new prompt's name")
    .option("--out-dir <dir>", "the local platform's folder, where the prompt is written", "prompts")
    .option("--print", "print the prompt instead, so that you can paste it into the platform")
    .option("--yes", "don't ask")
    .option("--list", "list long literals that your code passes to a model's SDK")
    .addHelpText(
      "after",
      "\nShows the change and asks first, if there's a terminal to ask in. If the prompt\nwouldn't render the same text, extract refuses and says why.\n\nExamples:\n  scope-gen extract --list\n  scope-gen extract src/mail.ts:12 --name greet\n  scope-gen extract src/mail.ts:12:21 --name greet --print",
    )
    .action(action<[readonly string[], ExtractFlags]>(extract));
};

async function extract(
  context: CommandContext,
  places: readonly string[],
  flags: ExtractFlags,
): Promise<void> {
  if (flags.list) return list(context, places);
  const [place, ...others] = places;
  if (place === undefined || others.length > 0)
    throw usageError("Name one literal as file:line.", "To find some: scope-gen extract --list");
  const { name } = flags;
  if (name === undefined) {
    throw usageError("The prompt needs a name.", `For example: scope-gen extract ${place} --name greet`);
  }
  const { cwd, output } = context;
  const { planExtraction, applyExtraction } = await import("../../commands/extract/extract-literal.ts");
  const { loadOptions } = await import("../../project/config/load/load-options.ts");
  const options = await loadOptions(context.loading);
  const outDir = flags.print ? undefined : resolve(cwd, flags.outDir);
  const input = { ...parsePlace(place, cwd), name, outDir };
  const extraction = await planExtraction(input, options, (text) => output.warn(text));
  const { prompt, source, untyped } = extraction;
  if (untyped.length > 0) {
    const what = untyped.join(", ");
    output.warn(
      `The type of ${what} isn't known. A prompt throws if a value is undefined, null or an object.`,
    );
  }
  if (prompt !== undefined) await proposeChange(context, prompt, true);
  const isMade = await proposeChange(context, source, flags.yes);
  if (isMade) await applyExtraction(extraction, options.root);
  output.result(
    () => toJson(extraction, name, isMade, cwd),
    () => (flags.print ? extraction.text : toText(extraction, isMade, context)),
    flags.print ? "data" : undefined,
  );
  if (isMade) output.log(nextStep(extraction, name, flags));
}

/** @throws ConfigurationError `cli_usage` */
function parsePlace(text: string, cwd: string): LiteralPlace & { readonly file: string } {
  const [, file, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (file === undefined || line === undefined)
    throw usageError(`"${text}" isn't a place in a file.`, "Write file:line, for example src/mail.ts:12");
  return {
    file: resolve(cwd, file),
    line: Number(line),
    column: column === undefined ? undefined : Number(column),
  };
}

function toText({ prompt, source }: Extraction, isMade: boolean, context: CommandContext): string {
  const changes = prompt === undefined ? [source] : [prompt, source];
  return changes.map((change) => actionText(change, isMade, context)).join("");
}

function nextStep({ prompt }: Extraction, name: string, { outDir }: ExtractFlags): string {
  return prompt === undefined
    ? `Save the text on the platform as "${name}". Then: scope-gen pull ${name}`
    : `To serve it: scope-gen serve ${outDir}. Then: scope-gen pull ${name}`;
}

function toJson(extraction: Extraction, name: string, isMade: boolean, cwd: string): unknown {
  const { specifier, text, variables, untyped, place, source, prompt } = extraction;
  return {
    name,
    specifier,
    file: shortPath(source.file, cwd),
    ...place,
    text,
    variables,
    untyped,
    prompt: prompt === undefined ? null : shortPath(prompt.file, cwd),
    action: isMade ? "changed" : "skipped",
  };
}

async function list({ cwd, output, loading }: CommandContext, files: readonly string[]): Promise<void> {
  const { findCandidates } = await import("../../commands/extract/find-candidates.ts");
  const { loadOptions } = await import("../../project/config/load/load-options.ts");
  const options = await loadOptions(loading);
  const named = files.length === 0 ? undefined : files.map((file) => resolve(cwd, file));
  const candidates = await findCandidates(named, options, (text) => output.warn(text));
  output.result(
    () => ({ candidates: candidates.map((one) => ({ ...one, file: shortPath(one.file, cwd) })) }),
    () => candidatesText(candidates, cwd, output.width),
  );
}

function candidatesText(candidates: readonly Candidate[], cwd: string, width: number | undefined): string {
  if (candidates.length === 0)
    return "No candidates: your code passes no literal of 200 characters or 3 lines to a known call or property.\n";
  const rows = candidates.map(({ file, line, column, length, passedTo, refusals }) => [
    `${shortPath(file, cwd)}:${line}:${column}`,
    String(length),
    passedTo,
    refusals.length === 0 ? "yes" : `no: ${printableLine(refusals.join(" "))}`,
  ]);
  const table = textTable(["place", "characters", "passed to", "can be extracted"], rows, width);
  const able = candidates.filter(({ refusals }) => refusals.length === 0).length;
  return `${table}${count(candidates.length, "candidate")}, ${able} can be extracted.\n`;
}
