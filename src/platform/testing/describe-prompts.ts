import { AssertionError } from "node:assert";
import { ConfigurationError } from "../../errors/classes.ts";
import { printableLine } from "../../errors/printable.ts";

type Register = (name: string, body: () => void) => unknown;

export interface DescribePromptsOptions {
  /** The project's folder. Default: the working directory. */
  readonly cwd?: string | undefined;
  /** Tests the version that the platform has under this label. Default: what's committed, without any request. */
  readonly label?: "production" | "latest" | undefined;
  /** Default: the global one. */
  readonly describe?: Register | undefined;
  /** Default: the global one. */
  readonly it?: Register | undefined;
}

/**
 * Registers a suite for each prompt with samples, and a test for each sample: it renders as in a build, and is as the
 * sample expects. This is `scope-gen test` for Vitest, Jest and `node:test`.
 *
 * @throws ConfigurationError `test_framework_missing` if there's no `describe` and `it`, `samples_missing`; whatever keeps
 *   `scope-gen test` from running
 * @example
 * import { describe, it } from "vitest";
 * import { describePrompts } from "unplugin-scope/testing";
 *
 * await describePrompts({ describe, it });
 */
export async function describePrompts(options: DescribePromptsOptions = {}): Promise<void> {
  const globals = globalThis as { readonly describe?: Register; readonly it?: Register };
  const { cwd = process.cwd(), label, describe = globals.describe, it = globals.it } = options;
  if (describe === undefined || it === undefined) {
    throw new ConfigurationError("There's no global describe and it to register tests with.", {
      code: "test_framework_missing",
      hint: 'Pass those of your framework: import { describe, it } from "vitest"; await describePrompts({ describe, it });',
    });
  }
  const { openProject } = await import("../../project/project.ts");
  const { testSamples } = await import("../../commands/test/test-samples.ts");
  // In a test run the platform isn't asked, unless you do by a label.
  const isAboutPlatform = label !== undefined;
  const project = await openProject({ cwd, isAboutPlatform, ...(isAboutPlatform && { isTestRun: false }) });
  const prompts = await testSamples(project, { label }).finally(() => project.close());
  if (prompts.length === 0) {
    throw new ConfigurationError("None of this project's prompts has samples, so there's nothing to test.", {
      code: "samples_missing",
      hint: 'Save one in the inspector (scope-gen ui), or write it to scope/samples/<prompt>.json: { "short": { "name": "Ada" } }',
    });
  }
  for (const { ref, version, samples } of prompts) {
    describe(`${printableLine(ref.name)} (version ${version.versionNumber})`, () => {
      for (const { name, failures, rendering } of samples)
        it(printableLine(name), () => {
          if (failures.length > 0) throw failed(failures, rendering);
        });
    });
  }
}

function failed(failures: readonly string[], rendering: unknown): AssertionError {
  const text = typeof rendering === "string" ? rendering : JSON.stringify(rendering, null, 2);
  const lines = rendering === undefined ? failures : [...failures, "", "It renders to:", text];
  return new AssertionError({ message: lines.join("\n"), operator: "describePrompts" });
}
