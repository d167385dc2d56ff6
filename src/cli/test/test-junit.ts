import type { TestedPrompt } from "../../commands/test-samples/test-samples.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printable } from "../../errors/printable.ts";
import { xmlText } from "../xml-text.ts";

/** Tested prompts as JUnit XML: a suite for each prompt, a case for each sample. */
export function testJunit(prompts: readonly TestedPrompt[], cwd: string): string {
  const suites = prompts.map(({ ref, version, file, samples }) => {
    const failed = samples.filter(({ failures }) => failures.length > 0).length;
    const name = `${ref.name} (version ${version.versionNumber})`;
    const place = shortPath(file, cwd);
    const cases = samples.map((sample) => {
      const tag = `    <testcase name="${shown(sample.name)}" classname="${shown(ref.name)}" file="${shown(place)}"`;
      const [first] = sample.failures;
      if (first === undefined) return `${tag}/>\n`;
      return `${tag}>\n      <failure message="${shown(first)}">${shown(sample.failures.join("\n"))}</failure>\n    </testcase>\n`;
    });
    return `  <testsuite name="${shown(name)}" tests="${samples.length}" failures="${failed}">\n${cases.join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="scope-gen test">\n${suites.join("")}</testsuites>\n`;
}

function shown(text: string): string {
  return xmlText(printable(text));
}
