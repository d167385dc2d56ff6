import type { TestedPrompt } from "../../commands/test-samples/test-samples.ts";
import { shortPath } from "../../errors/format-error.ts";
import { refJson } from "../ref-json.ts";

/** Tested prompts as `--json` prints them. */
export function testJson(prompts: readonly TestedPrompt[], cwd: string): unknown {
  const isFailure = prompts.some(({ samples }) => samples.some(({ failures }) => failures.length > 0));
  return {
    status: isFailure ? "failed" : "passed",
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
