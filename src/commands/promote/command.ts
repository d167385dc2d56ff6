import { join, resolve } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { explainUnwritable } from "../../files/write-file.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";

export const addPromote: AddCommand = (program, action) => {
  program
    .command("promote")
    .description(
      "make a version of a prompt production on the local platform; the one before is a draft again",
    )
    .argument("<name>", "name of the prompt")
    .argument("<number>", "number of the version: N of N.md or N.json", toNumber)
    .argument("[dir]", "folder of prompts that scope-gen serve serves", "prompts")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen promote welcome 2\n  scope-gen promote welcome 2 fixtures/prompts",
    )
    .action(action<[string, number, string]>(promote));
};

function toNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw usageError(`The version must be a number, as in 2.md, but is ${JSON.stringify(text)}.`);
}

async function promote(
  { cwd, output }: CommandContext,
  name: string,
  version: number,
  dir: string,
): Promise<void> {
  const { promoteVersion } = await import("../../platform/prompts/promote-version.ts");
  // What was published becomes a draft, whether or not `serve` runs with --drafts.
  const prompts = { dir: resolve(cwd, dir), drafts: false };
  const settings = join(prompts.dir, name, "prompt.json");
  const promoted = explainUnwritable(settings, () => promoteVersion(prompts, name, version));
  const file = shortPath(await promoted, cwd);
  const text = `Version ${version} of ${name} is production now, in ${file}.\n`;
  output.result(output.json ? { name, production: version, file } : text);
}
