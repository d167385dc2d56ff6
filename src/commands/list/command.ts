import { resolve } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { printableLine } from "../../errors/printable.ts";
import { tokensText } from "../../project/versions/prompt-cost.ts";
import { refKey, refText, shownPin } from "../../prompt.ts";
import { isManifestOutput, type Manifest, type ManifestOutput } from "../../run/manifest/outputs.ts";
import { readJson, unreadable } from "../cli/arguments.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { count, NO_PROMPTS, textTable } from "../cli/terminal.ts";
import type { ListedPrompt, PromptList } from "./list-prompts.ts";

interface ListFlags {
  readonly built?: string;
}

export const addList: AddCommand = (program, action) => {
  program
    .command("list")
    .description("list prompts with what they follow, their versions and variables, and where you use them")
    .option("--built <file>", "list what a build's manifest says instead, output by output")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen list\n  scope-gen list --json\n  scope-gen list --built .scope/manifest.json\n  scope-gen list --built dist/scope-manifest.json",
    )
    .action(action<[ListFlags]>(list));
};

async function list(context: CommandContext, { built }: ListFlags): Promise<void> {
  const { output, cwd } = context;
  if (built !== undefined) return listBuilt(context, resolve(cwd, built));
  const { listJson, listProjectPrompts } = await import("./list-prompts.ts");
  const { findPinNotes } = await import("../../project/versions/pin-notes.ts");
  await using project = await context.openProject();
  const found = await listProjectPrompts(project);
  const prompts = found.prompts.map(({ request: { ref }, entry }) => ({ ref, committed: entry?.version }));
  const { notes, problem } = await findPinNotes(project, prompts);
  if (problem !== undefined)
    output.warn(`Couldn't find out how far production is ahead of the pins. ${problem}`);
  output.result(output.json ? listJson(found, notes, cwd) : toText(found, notes, context));
}

/** Lists what `.scope/manifest.json`, or the `scope-manifest.json` next to a bundle, says. */
async function listBuilt({ output }: CommandContext, file: string): Promise<void> {
  const { formatVersion, outputs } = Object(await readJson(file)) as Partial<Record<keyof Manifest, unknown>>;
  if (formatVersion !== 1 || !Array.isArray(outputs) || !outputs.every(isManifestOutput))
    throw unreadable(file, "This file isn't a manifest that this version of unplugin-scope writes.");
  const text = outputs.map((one) => builtText(one, output.width)).join("\n");
  output.result(output.json ? { formatVersion, outputs } : text || "No prompts in this build.\n");
}

function builtText(
  { output, bundler, compiler, prompts }: ManifestOutput,
  width: number | undefined,
): string {
  const made = compiler === undefined ? bundler : `${bundler}, ${compiler}`;
  const head = printableLine(`${output ?? "not written to files"} (${made})`);
  const rows = prompts.map(({ name, label, versionNumber, source, environment, contentHash }) => [
    name,
    label ?? `version ${versionNumber}`,
    String(versionNumber),
    source,
    environment,
    contentHash.slice(0, 19),
  ]);
  const columns = ["prompt", "follows", "version", "source", "environment", "content"];
  return `${head}\n${textTable(columns, rows, width)}`;
}

function toText(
  { prompts, unused, computed }: PromptList,
  notes: ReadonlyMap<string, readonly string[]>,
  { output, cwd }: CommandContext,
): string {
  const { yellow, red, dim } = output.colors;
  const placeOf = ({ file, line }: { readonly file: string; readonly line: number }) =>
    `${shortPath(file, cwd)}:${line}`;
  const rows = prompts.flatMap((prompt) => {
    const [first = dim("not imported"), ...others] = prompt.uses.map(placeOf);
    return [row(prompt, first), ...others.map((place) => ["", "", "", "", "", place])];
  });
  const sections = [
    rows.length === 0
      ? `${NO_PROMPTS}\n`
      : textTable(["prompt", "follows", "version", "tokens", "variables", "used in"], rows, output.width),
  ];
  const refs = new Map(prompts.map(({ request: { ref } }) => [refKey(ref), refText(ref)]));
  const lines = [...notes].flatMap(([key, own]) => own.map((note) => `${refs.get(key)}: ${note}`));
  const known = prompts.flatMap(({ entry, request: { key, ref } }) =>
    entry === undefined ? [] : [key, ref.name],
  );
  for (const { request, entry, problem } of prompts) {
    if (entry !== undefined || problem !== undefined) continue;
    const { ref } = request;
    const nearest = didYouMean(ref.name, [...known, ...unused.map(({ name }) => name)], undefined);
    if (nearest !== undefined) lines.push(`${refText(ref)} isn't committed. ${nearest}`);
  }
  if (lines.length > 0) sections.push(output.wrap(lines.map((line) => `${printableLine(line)}\n`).join("")));
  const listed = (lines: readonly string[]) => lines.map((line) => `  ${printableLine(line)}\n`).join("");
  if (unused.length > 0)
    sections.push(
      `In the snapshot, but not imported or configured:\n${listed(unused.map(refText))}To remove them: scope-gen pull --prune\n`,
    );
  if (computed.length > 0)
    sections.push(
      `${count(computed.length, "import")} computed at run time, without types:\n${listed(computed.map((use) => `${placeOf(use)}  ${use.text}`))}`,
    );
  return sections.join("\n");

  function row({ problem, entry, compiled, request, cost }: ListedPrompt, place: string): string[] {
    const { key, ref } = request;
    const version = entry === undefined ? yellow("not pulled") : String(entry.version.versionNumber);
    return [
      key === ref.name ? key : `${key} → ${ref.name}`,
      shownPin(ref.pin) + (request.live ? " live" : ""),
      problem === undefined ? version : red(problem.code),
      cost === undefined ? dim("-") : tokensText(cost.tokens),
      compiled?.variables.join(", ") || dim("-"),
      place,
    ];
  }
}
