import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { ConfigurationError } from "../../errors/classes.ts";
import { readRegularFile } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type FileChange, placeOf } from "../init/change.ts";
import { removePin, setPin } from "./edit-pin.ts";

/**
 * The change to the config that pins a key, or removes its pin. If there's no config, it creates one.
 *
 * @param edit the version, or whether the code imports the key without a pin of its own
 * @throws ConfigurationError `config_not_editable`, which says what to write; `file_read_only`, `leads_outside`
 */
export async function pinChange(
  { configFile, root }: ResolvedOptions,
  key: string,
  edit: { readonly versionId: string } | { readonly isImported: boolean },
): Promise<FileChange> {
  const file = configFile ?? join(root, configName(root));
  const before = configFile === undefined ? undefined : await readRegularFile(configFile);
  const config = { file, text: before ?? scopeConfig };
  const isPinned = "versionId" in edit;
  const after = isPinned ? setPin(config, key, edit.versionId) : removePin(config, key, edit.isImported);
  if (after === undefined) {
    // No automatic edit is reliable.
    const byHand = isPinned
      ? `prompts: { ${JSON.stringify(key)}: { version: ${JSON.stringify(edit.versionId)} } }`
      : `remove "version" from the entry ${JSON.stringify(key)} in prompts`;
    throw new ConfigurationError(
      `${basename(file)} isn't a plain object literal, so it was left unchanged.`,
      {
        code: "config_not_editable",
        where: { file },
        hint: `Write it by hand: ${byHand}`,
      },
    );
  }
  await placeOf(file, root);
  return { file, why: isPinned ? `the pin of ${key}` : `removes the pin of ${key}`, before, after };
}

/** As `init` names it. */
function configName(root: string): string {
  const usesTypeScript =
    existsSync(join(root, "tsconfig.json")) || existsSync(join(root, "node_modules", "typescript"));
  return usesTypeScript ? "scope.config.ts" : "scope.config.mjs";
}
