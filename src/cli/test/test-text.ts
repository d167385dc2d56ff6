import type { TestedPrompt, TestedSample } from "../../commands/test-samples/test-samples.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import type { PromptContent } from "../../prompt.ts";
import type { Output } from "../terminal/output.ts";
import { count } from "../terminal/text-table.ts";

/** Characters of a rendering that are shown. */
const MAX_EXCERPT = 200;

/** Tested prompts for a person: a line for each, with its failures below it, and a summary. */
export function testText(
  prompts: readonly TestedPrompt[],
  { colors: { green, red, dim } }: Pick<Output, "colors">,
  cwd: string,
): string {
  if (prompts.length === 0) return NO_SAMPLES;
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

const NO_SAMPLES =
  'No samples. Save one in the inspector (scope-gen ui), or write it to scope/samples/<prompt>.json: { "short": { "name": "Ada" } }\n';

function isFailed({ failures }: TestedSample): boolean {
  return failures.length > 0;
}

function excerpt(rendering: PromptContent): string {
  const text =
    typeof rendering === "string"
      ? rendering
      : rendering.map(({ role, content }) => `${role}: ${content}`).join("\n");
  return printableLine(text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text);
}
