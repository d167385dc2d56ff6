import { existsSync } from "node:fs";
import { ResourceError } from "../../errors/classes.ts";
import { shortPath } from "../../errors/format-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { readOrEmpty } from "../../files/read-file.ts";
import { presentTypesFiles, typesPlace } from "../../project/types/types-place.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import { knownNames, snapshotMissing } from "../../project/versions/version-errors.ts";
import { refKey } from "../../prompt.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";

export const addTypes: AddCommand = (program, action) => {
  program
    .command("types")
    .description("write the types of the committed snapshot, without asking the platform")
    .addHelpText("after", "\nRun it after a merge, a revert, a new import, or a change to the config.")
    .action(action<[]>(types));
};

async function types(context: CommandContext): Promise<void> {
  const { output, cwd } = context;
  await using project = await context.openProject();
  const { options } = project;
  const present = await presentTypesFiles(typesPlace(options));
  const isDeclared = present.some((file) => readOrEmpty(file).includes('module "scope:'));
  if (isDeclared && !existsSync(options.snapshotDir))
    throw new ResourceError("There's no snapshot here, so all types would be removed.", {
      code: "snapshot_missing",
      where: { file: options.snapshotDir },
      hint: "Restore it, or run: scope-gen pull",
    });
  const types = await updateTypes(options);
  if (types === undefined)
    return output.result(
      output.json ? null : "The config says dts: false, so there are no types to write.\n",
    );
  const names = types.undeclared.length === 0 ? [] : await knownNames(options);
  const missing = new Map<string, unknown>();
  // It can be misspelt.
  for (const { ref } of types.undeclared) missing.set(refKey(ref), snapshotMissing(ref, names));
  // Everything that can be declared is already written.
  throwAll(
    [...missing.values()],
    "prompts aren't in the committed snapshot; the types of all others are written",
  );
  const { written } = types;
  const file = shortPath(types.file, cwd);
  const text = written ? `Types written to ${file}.` : `The types in ${file} are up to date.`;
  output.result(output.json ? { file, written } : `${text}\n`);
}
