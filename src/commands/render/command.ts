import { didYouMean } from "../../errors/nearest-name.ts";
import { resolveSpecifier } from "../../project/config/specifier.ts";
import { isObject, type PromptContent } from "../../prompt.ts";
import { refJson } from "../json-parts.ts";
import { promptSpecifier, readVariables, refuseStructures, type VariableFlags } from "../shell/arguments.ts";
import type { AddCommand, CommandContext } from "../shell/context.ts";

interface RenderFlags extends VariableFlags {
  readonly sample?: string;
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
    .option("--sample <name>", "values of a saved sample; --var and --vars override them")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen render welcome --var name=Ada\n  scope-gen render welcome --sample short\n  scope-gen render 'support_triage?label=latest' --var mail=@mail.txt\n  scope-gen render 'welcome?version=2' --var name=Ada\n  cat mail.txt | scope-gen render summary --var text=@-",
    )
    .action(action<[string, RenderFlags]>(render));
};

async function render(context: CommandContext, name: string, flags: RenderFlags): Promise<void> {
  const { output } = context;
  const { promptToRender, renderPrompt } = await import("./render-prompt.ts");
  const { readSamples } = await import("../../project/snapshot/samples.ts");
  const given = await readVariables(flags, context);
  await using project = await context.openProject();
  const specifier = await promptSpecifier(name, project);
  const { syntax, ref } = resolveSpecifier(specifier, project.options);
  const { snapshotDir } = project.options;
  const [sample] = flags.sample === undefined ? [] : await readSamples(snapshotDir, ref.name, flags.sample);
  const { request, version, source, compiled } = await promptToRender(project, specifier, output);
  const { variables } = compiled;
  const values = withSample(sample?.read(variables).values, given);
  if (syntax === "scope") refuseStructures(values);
  for (const name of Object.keys(values))
    if (!variables.includes(name))
      output.warn(`The prompt has no variable "${name}". ${didYouMean(name, variables, "")}`.trimEnd());
  const rendered = await renderPrompt(compiled, values);
  const { id: versionId, versionNumber, type } = version;
  const document = { ...refJson(request.ref), versionId, versionNumber, source, type, output: rendered };
  output.result(output.json ? document : toText(rendered, context), "data");
}

/** The values of a sample, overridden by those that were given. A list is the prompt's only argument. */
function withSample(sample: unknown, given: Record<string, unknown>): Record<string, unknown> {
  if (sample === undefined) return given;
  return isObject(sample) ? { ...sample, ...given } : (sample as Record<string, unknown>);
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
