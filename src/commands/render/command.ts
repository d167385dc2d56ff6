import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { ValidationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { resolveSpecifier } from "../../project/config/specifier.ts";
import { refJson } from "../../project/reports/json-parts.ts";
import { isObject, type PromptContent } from "../../prompt.ts";
import { readJson, readText, unreadable } from "../cli/arguments.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";
import { promptSpecifier } from "../cli/prompt-specifier.ts";

interface RenderFlags {
  /** `name=value`, `name=@file`, `name=@-` for standard input, `name=@@value` for one that starts with an `@`. */
  readonly var?: readonly string[] | undefined;
  /** A JSON file that contains an object of values. */
  readonly vars?: string | undefined;
}

export const addRender: AddCommand = (program, action) => {
  program
    .command("render")
    .description("print one rendering of a prompt")
    .argument("<name>", "a key of the config, a prompt name, or a specifier with its query")
    .option(
      "--var <name=value>",
      "value of a variable; name=@file reads a file, name=@- standard input, @@ is an @",
      (flag: string, flags: readonly string[] = []) => [...flags, flag],
    )
    .option("--vars <file>", "JSON file with values by variable name")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen render welcome --var name=Ada\n  scope-gen render 'support_triage?label=latest' --var mail=@mail.txt\n  scope-gen render 'welcome?version=2' --var name=Ada\n  cat mail.txt | scope-gen render summary --var text=@-",
    )
    .action(action<[string, RenderFlags]>(render));
};

async function render(context: CommandContext, name: string, flags: RenderFlags): Promise<void> {
  const { output } = context;
  const { promptToRender, loadRender } = await import("../../project/render-prompt.ts");
  const values = await readVariables(flags, context);
  await using project = await context.openProject();
  const specifier = await promptSpecifier(name, project);
  const { syntax } = resolveSpecifier(specifier, project.options);
  const { request, version, source, compiled } = await promptToRender(project, specifier, output);
  const variables = [...compiled.variables, ...compiled.source.provides];
  if (syntax === "scope") refuseStructures(values);
  for (const name of Object.keys(values))
    if (!variables.includes(name))
      output.warn(`The prompt has no variable "${name}". ${didYouMean(name, variables, "")}`.trimEnd());
  const rendered = (await loadRender(compiled))(values);
  const { id: versionId, versionNumber, type } = version;
  const document = { ...refJson(request.ref), versionId, versionNumber, source, type, output: rendered };
  output.result(output.json ? document : toText(rendered, context), "data");
}

/** The values of the flags `--var` and `--vars`, by variable name. A `--var` wins over the file. */
async function readVariables(
  flags: RenderFlags,
  { cwd, io: { stdin } }: CommandContext,
): Promise<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  if (flags.vars !== undefined) {
    const file = resolve(cwd, flags.vars);
    const given = await readJson(file);
    if (!isObject(given))
      throw unreadable(file, "This file must hold a JSON object of values by variable name.");
    for (const [name, value] of Object.entries(given)) values.set(name, value);
  }
  let readsStdin: string | undefined;
  for (const flag of flags.var ?? []) {
    const equals = flag.indexOf("=");
    if (equals < 1) {
      throw usageError(
        `--var expects name=value, but got ${JSON.stringify(flag)}.`,
        "For example --var name=Ada",
      );
    }
    const name = flag.slice(0, equals);
    const value = flag.slice(equals + 1);
    if (value === "@-") {
      if (readsStdin !== undefined) {
        throw usageError(`Both ${readsStdin} and ${name} read standard input.`, "Only one of them can.");
      }
      readsStdin = name;
      values.set(name, (await buffer(stdin)).toString("utf8"));
    } else if (value.startsWith("@@")) values.set(name, value.slice(1));
    else if (value.startsWith("@")) values.set(name, await readText(resolve(cwd, value.slice(1))));
    else values.set(name, value);
  }
  // fromEntries defines own properties, including `__proto__`.
  return Object.fromEntries(values);
}

/** Refuses lists and objects: a prompt in the platform's own syntax can't use them, and its types don't accept them. */
function refuseStructures(values: Readonly<Record<string, unknown>>): void {
  const [name] = Object.keys(values)
    .filter((one) => typeof values[one] === "object" && values[one] !== null)
    .sort();
  if (name === undefined) return;
  throw new ValidationError(
    `The value of "${name}" is ${Array.isArray(values[name]) ? "a list" : "an object"}, but a variable must be text, a number or a boolean.`,
    {
      code: "variable_invalid",
      field: name,
      value: values[name],
      hint: 'Only prompts with syntax "mustache" accept lists and objects.',
    },
  );
}

/** A pipe gets exactly what an application would get; a terminal gets a line end too. */
function toText(rendered: PromptContent, { io, output }: CommandContext): string {
  const shown = (text: string) => (output.width === undefined ? text : text.replaceAll("\r\n", "\n"));
  if (typeof rendered !== "string") {
    return rendered
      .map(({ role, content }) => `${output.colors.bold(`${shown(role)}:`)}\n${shown(content)}\n`)
      .join("\n");
  }
  return io.stdout.isTTY === true && !rendered.endsWith("\n") ? `${shown(rendered)}\n` : shown(rendered);
}
