import { shortPath } from "../../errors/format-error.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { refuseTwoPlaces } from "../../project/types/refuse-two-places.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import { knownNames, snapshotMissing } from "../../project/versions/version-errors.ts";
import { refKey, refText } from "../../prompt.ts";
import type { AddCommand, CommandContext } from "../shell/context.ts";

export const addTypes: AddCommand = (program, action) => {
  program
    .command("types")
    .description("write the types of the committed snapshot, without asking the platform")
    .addHelpText("after", "\nRun it after a merge, a revert, a new import, or a change to the config.")
    .action(action<[]>(types));
};

async function types(context: CommandContext): Promise<void> {
  const { output, cwd } = context;
  const { written, missing } = await context.withProject(async ({ options }) => {
    await refuseTwoPlaces(options);
    const written = await updateTypes(options);
    const undeclared = written?.undeclared ?? [];
    const names = undeclared.length === 0 ? [] : await knownNames(options);
    // A prompt that others include is missing in each of them; one that is imported can be misspelt.
    const errors = undeclared.map(({ request: { ref }, error }) => [
      refKey(ref),
      error.where?.prompt === refText(ref) ? snapshotMissing(ref, names) : error,
    ]);
    return { written, missing: [...new Map(errors as [string, ScopeError][]).values()] };
  });
  // Everything that can be declared is already written.
  throwAll(missing, "prompts aren't in the committed snapshot; the types of all others are written");
  const file = written && shortPath(written.file, cwd);
  const text = () => {
    if (written === undefined) return "The config says dts: false, so there are no types to write.";
    return written.written ? `Types written to ${file}.` : `The types in ${file} are up to date.`;
  };
  output.result(
    () => (written === undefined ? null : { file, written: written.written }),
    () => `${text()}\n`,
  );
}
