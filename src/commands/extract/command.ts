import { resolve } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";
import { actionText, proposeChange } from "../report/propose-change.ts";

interface ExtractFlags {
  readonly name?: string;
  readonly outDir: string;
  readonly print?: boolean;
  readonly yes?: boolean;
}

export const addExtract: AddCommand = (program, action) => {
  program
    .command("extract")
    .description("turn a literal in your code into a prompt and a typed call")
    .argument("<place>", "file:line, or file:line:column")
    .option("--name <name>", "the new prompt's name")
    .option("--out-dir <dir>", "the local platform's folder, where the prompt is written", "prompts")
    .option("--print", "print the prompt instead, so that you can paste it into the platform")
    .option("--yes", "don't ask")
    .addHelpText(
      "after",
      "\nShows the change and asks first. If the code\nneeds the literal's own type, extract refuses and says why.\n\nExamples:\n  scope-gen extract src/mail.ts:12 --name greet\n  scope-gen extract src/mail.ts:12:21 --name greet --print",
    )
    .action(action<[string, ExtractFlags]>(extract));
};

async function extract(context: CommandContext, place: string, flags: ExtractFlags): Promise<void> {
  const { cwd, output } = context;
  const { name, print, yes } = flags;
  if (name === undefined)
    throw usageError("The prompt needs a name.", `For example: scope-gen extract ${place} --name greet`);
  const [, path, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(place) ?? [];
  if (path === undefined)
    throw usageError(`"${place}" isn't a place in a file.`, "Write file:line, for example src/mail.ts:12");
  const at = { file: resolve(cwd, path), line: Number(line), ...(column && { column: Number(column) }) };
  const { planExtraction, applyExtraction } = await import("./extract-literal.ts");
  const { loadOptions } = await import("../../project/config/load-options.ts");
  const options = await loadOptions(context.loading);
  const to = { name, outDir: print ? undefined : resolve(cwd, flags.outDir) };
  const extraction = await planExtraction(at, to, options, (text) => output.warn(text));
  const { source, prompt, ...found } = extraction;
  if (prompt !== undefined) await proposeChange(context, prompt, true);
  const isMade = await proposeChange(context, source, yes);
  if (isMade) await applyExtraction(extraction, options.root);
  const changes = prompt === undefined ? [source] : [prompt, source];
  const document = {
    name,
    ...found,
    file: shortPath(source.file, cwd),
    prompt: prompt === undefined ? null : shortPath(prompt.file, cwd),
    action: isMade ? "changed" : "skipped",
  };
  const text = print ? found.text : changes.map((one) => actionText(one, isMade, context)).join("");
  output.result(output.json ? document : text, print ? "data" : "messages");
  if (!isMade) return;
  const next =
    prompt === undefined
      ? `Save the text on the platform as "${name}"`
      : `To serve it: scope-gen serve ${flags.outDir}`;
  output.info(`${next}. Then: scope-gen pull ${name}`);
}
