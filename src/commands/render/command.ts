import { didYouMean } from "../../errors/nearest-name.ts";
import { formatSpecifier, parseSpecifier, resolveSpecifier } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { isObject } from "../../prompt.ts";
import type { FoundVersion } from "../find-version.ts";
import { refJson } from "../json-parts.ts";
import type { CommandContext } from "../shell/context.ts";
import type { AddCommand } from "../shell/program.ts";
import { promptSpecifier } from "../shell/prompt-specifier.ts";
import { readVariables, refuseStructures, type VariableFlags } from "../shell/variable-flags.ts";
import type { Rendering } from "./render-prompt.ts";

interface RenderFlags extends VariableFlags {
  readonly sample?: string;
}

/** `scope-gen render`: prints one rendering. */
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
  const { io, output, cwd } = context;
  const { renderPrompt } = await import("./render-prompt.ts");
  const given = await readVariables(flags, cwd, io.stdin);
  const rendering = await context.withProject(async (project) => {
    const { specifier, found } = await withVersion(project, await promptSpecifier(name, project));
    const { syntax, ref } = resolveSpecifier(specifier, project.options);
    const { readSampleNamed } = await import("../test/read-samples.ts");
    const sample =
      flags.sample === undefined
        ? undefined
        : await readSampleNamed(project.options.snapshotDir, ref.name, flags.sample);
    const reporter = { info: (text: string) => output.log(text), warn: (text: string) => output.warn(text) };
    return renderPrompt(
      project,
      specifier,
      reporter,
      ({ compiled: { variables } }) => {
        const values = withSample(sample?.read(variables).values, given);
        if (syntax === "scope") refuseStructures(values);
        for (const warning of unknownVariables(variables, values)) output.warn(warning);
        return values;
      },
      found,
    );
  });
  output.result(
    () => toJson(rendering),
    () => toText(rendering, context),
    "data",
  );
}

/**
 * The values of a sample, overridden by those that were given. If a sample isn't an object, it's the prompt's only
 * argument: a list.
 */
function withSample(sample: unknown, given: Record<string, unknown>): Record<string, unknown> {
  if (sample === undefined) return given;
  return isObject(sample) ? { ...sample, ...given } : (sample as Record<string, unknown>);
}

/** A version number in the query is looked up, and replaced with its ID. */
async function withVersion(
  project: Project,
  specifier: string,
): Promise<{ readonly specifier: string; readonly found?: FoundVersion }> {
  const { key, pin } = parseSpecifier(specifier);
  const { findVersion, isVersionNumber } = await import("../find-version.ts");
  if (pin?.kind !== "version" || !isVersionNumber(pin.versionId)) return { specifier };
  const { name } = resolveSpecifier(specifier, project.options).ref;
  const found = await findVersion(project, name, pin.versionId);
  return { specifier: formatSpecifier(key, { kind: "version", versionId: found.version.id }, false), found };
}

function unknownVariables(variables: readonly string[], values: object): string[] {
  return Object.keys(values)
    .filter((name) => !variables.includes(name))
    .map((name) => `The prompt has no variable "${name}". ${didYouMean(name, variables, "")}`.trimEnd());
}

/**
 * A pipe gets exactly what an application would get. A terminal gets it with special characters escaped, and a line
 * end.
 */
function toText({ output: rendered }: Rendering, { io, output }: CommandContext): string {
  const shown = (text: string) => (output.width === undefined ? text : text.replaceAll("\r\n", "\n"));
  if (typeof rendered !== "string") {
    return rendered
      .map(({ role, content }) => `${output.colors.bold(`${shown(role)}:`)}\n${shown(content)}\n`)
      .join("\n");
  }
  return io.stdout.isTTY === true && !rendered.endsWith("\n") ? `${shown(rendered)}\n` : shown(rendered);
}

function toJson({ resolved, output }: Rendering): unknown {
  const { ref, version, source } = resolved;
  return {
    ...refJson(ref),
    versionId: version.id,
    versionNumber: version.versionNumber,
    source,
    type: version.type,
    output,
  };
}
