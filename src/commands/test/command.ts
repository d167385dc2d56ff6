import { Option } from "commander";
import { shortPath } from "../../errors/format-error.ts";
import { printable, printableLine } from "../../errors/printable.ts";
import type { Label, PromptContent } from "../../prompt.ts";
import { type AddCommand, type CommandContext, labelOption } from "../cli/context.ts";
import { count } from "../cli/terminal.ts";
import { refJson } from "../report/json-parts.ts";
import type { TestedPrompt, TestedSample } from "./test-samples.ts";

interface TestFlags {
  readonly label?: Label;
  readonly format: "text" | "json" | "junit";
}

const FAILED = 3;

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
  const { output } = context;
  const { testSamples } = await import("./test-samples.ts");
  await using project = await context.openProject({ isAboutPlatform: label !== undefined });
  const prompts = await testSamples(project, { name, label });
  const hasFailed = prompts.some(({ samples }) => samples.some(isFailed));
  if (output.json) output.result(toJson(prompts, hasFailed, context));
  else if (format === "junit") output.result(toJunit(prompts, context), "data");
  else output.result(toText(prompts, context));
  return hasFailed ? FAILED : 0;
}

function isFailed({ failures }: TestedSample): boolean {
  return failures.length > 0;
}

function toJson(prompts: readonly TestedPrompt[], hasFailed: boolean, { cwd }: CommandContext): unknown {
  return {
    status: hasFailed ? "failed" : "passed",
    prompts: prompts.map(({ ref, version, file, samples }) => ({
      ...refJson(ref),
      versionId: version.id,
      versionNumber: version.versionNumber,
      file: shortPath(file, cwd),
      samples: samples.map(({ name, failures, rendering }) => ({
        name,
        failures,
        output: rendering ?? null,
      })),
    })),
  };
}

/** JUnit XML: a suite for each prompt, a case for each sample. */
function toJunit(prompts: readonly TestedPrompt[], { cwd }: CommandContext): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "scope-gen test", ...countsOf(prompts.flatMap(({ samples }) => samples)) })}>`,
  ];
  for (const { ref, version, file, samples } of prompts) {
    const name = `${ref.name} (version ${version.versionNumber})`;
    lines.push(`  <testsuite${attributes({ name, ...countsOf(samples) })}>`);
    for (const { name, failures } of samples) {
      const [message] = failures;
      const tag = `    <testcase${attributes({ classname: ref.name, name, file: shortPath(file, cwd) })}`;
      if (message === undefined) lines.push(`${tag}/>`);
      else
        lines.push(
          `${tag}>`,
          `      <failure${attributes({ message })}>${xmlText(failures.join("\n"))}</failure>`,
          "    </testcase>",
        );
    }
    lines.push("  </testsuite>");
  }
  return `${[...lines, "</testsuites>"].join("\n")}\n`;
}

function countsOf(samples: readonly TestedSample[]) {
  return { tests: samples.length, failures: samples.filter(isFailed).length, errors: 0, skipped: 0 };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");
}

/** XML has no way to write control characters, half of a pair or two others: they're spelled out or replaced. */
function xmlText(text: string): string {
  return printable(text)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A line for each prompt, with its failures below it, and a summary. */
function toText(prompts: readonly TestedPrompt[], { output, cwd }: CommandContext): string {
  if (prompts.length === 0)
    return 'No samples. Save one in the inspector (scope-gen ui), or write it to scope/samples/<prompt>.json: { "short": { "name": "Ada" } }\n';
  const { green, red, dim } = output.colors;
  const lines: string[] = [];
  for (const { ref, version, file, samples } of prompts) {
    const failed = samples.filter(isFailed);
    const counts = [
      ...(failed.length < samples.length ? [green(`✓ ${samples.length - failed.length}`)] : []),
      ...(failed.length > 0 ? [red(`✗ ${failed.length}`)] : []),
    ];
    const prompt = `${printableLine(ref.name)} (version ${version.versionNumber})`;
    lines.push(`${counts.join(" ")}  ${prompt}`);
    for (const { name, failures, rendering } of failed) {
      lines.push(`    ${prompt}, sample ${printableLine(JSON.stringify(name))}, ${shortPath(file, cwd)}`);
      for (const failure of failures) lines.push(`      ${printableLine(failure)}`);
      if (rendering !== undefined) lines.push(`      ${dim(`rendering: ${excerpt(rendering)}`)}`);
    }
  }
  const all = prompts.flatMap(({ samples }) => samples);
  const failed = all.filter(isFailed).length;
  const result = failed === 0 ? green("all pass") : red(`${failed} failed`);
  lines.push("", `${count(prompts.length, "prompt")}, ${count(all.length, "sample")}: ${result}`);
  return `${lines.join("\n")}\n`;
}

const MAX_EXCERPT = 200;

function excerpt(rendering: PromptContent): string {
  const text =
    typeof rendering === "string"
      ? rendering
      : rendering.map(({ role, content }) => `${role}: ${content}`).join("\n");
  return printableLine(text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text);
}
