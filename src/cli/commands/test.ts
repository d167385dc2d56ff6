import { Option } from "commander";
import type { Label } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { type AddCommand, labelOption } from "../program.ts";

interface TestFlags {
  readonly label?: Label;
  readonly format: "text" | "json" | "junit";
}

const FAILED = 3;

/** `scope-gen test`: renders every sample, and checks what it expects. */
export const addTest: AddCommand = (program, action) => {
  program
    .command("test")
    .description("render every sample of your prompts, and check that it's as expected")
    .argument("[name]", "a key of the config, a prompt name or a specifier; default: every prompt")
    .addOption(labelOption("test what this label points at, instead of what's committed"))
    .addOption(
      new Option("--format <format>", "what to print").choices(["text", "json", "junit"]).default("text"),
    )
    .addHelpText(
      "after",
      "\nExit code: 0 every sample passes, 3 at least one fails, 1 test couldn't run.\n\nExamples:\n  scope-gen test\n  scope-gen test welcome\n  scope-gen test --label latest\n  scope-gen test --format junit > junit.xml",
    )
    .action(action<[string | undefined, TestFlags]>(test));
};

async function test(
  context: CommandContext,
  name: string | undefined,
  { label, format }: TestFlags,
): Promise<number> {
  const { output, cwd } = context;
  const { testSamples } = await import("../../commands/test-samples/test-samples.ts");
  const { testJson } = await import("../test/test-json.ts");
  const { testText } = await import("../test/test-text.ts");
  const { testJunit } = await import("../test/test-junit.ts");
  const prompts = await context.withProject((project) => testSamples(project, { name, label }), {
    isAboutPlatform: label !== undefined,
  });
  const json = () => testJson(prompts, cwd);
  if (format === "junit") output.result(json, () => testJunit(prompts, cwd), "data");
  else output.result(json, () => testText(prompts, output, cwd));
  return prompts.some(({ samples }) => samples.some(({ failures }) => failures.length > 0)) ? FAILED : 0;
}
