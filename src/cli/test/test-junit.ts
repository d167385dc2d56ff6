import type { TestedPrompt } from "../../commands/test-samples/test-samples.ts";
import { shortPath } from "../../errors/format-error.ts";
import { junitXml } from "../junit.ts";

/** Tested prompts as JUnit XML: a suite for each prompt, a case for each sample. */
export function testJunit(prompts: readonly TestedPrompt[], cwd: string): string {
  const suites = prompts.map(({ ref, version, file, samples }) => ({
    name: `${ref.name} (version ${version.versionNumber})`,
    cases: samples.map(({ name, failures }) => {
      const [message] = failures;
      const failure = message === undefined ? undefined : { message, text: failures.join("\n") };
      return { name, classname: ref.name, file: shortPath(file, cwd), failure };
    }),
  }));
  return junitXml("scope-gen test", suites);
}
