import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { ConfigurationError } from "../../errors/classes.ts";
import { readRegularFile } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type FileChange, placeOf } from "../init/change.ts";
import { removePin, setPin } from "./edit-pin.ts";

/**
 * The change to the config that pins a key. If there's no config, it creates one.
 *
 * @throws ConfigurationError `config_not_editable`, which says what to write; `file_read_only`, `leads_outside`
 */
export async function pinChange(
  options: ResolvedOptions,
  key: string,
  versionId: string,
): Promise<FileChange> {
  const present = options.configFile;
  const file = present ?? join(options.root, configName(options.root));
  const before = present === undefined ? undefined : await readRegularFile(present);
  const after = setPin({ file, text: before ?? scopeConfig }, key, versionId);
  if (after === undefined)
    throw notEditable(file, `prompts: { ${JSON.stringify(key)}: { version: ${JSON.stringify(versionId)} } }`);
  await placeOf(file, options.root);
  return { file, why: `the pin of ${key}`, before, after };
}

/**
 * The change to the config that removes a key's pin.
 *
 * @throws as {@link pinChange}
 */
export async function unpinChange(
  options: ResolvedOptions,
  key: string,
  isImported: boolean,
): Promise<FileChange> {
  const file = options.configFile ?? "";
  const before = await readRegularFile(file);
  const after = removePin({ file, text: before }, key, isImported);
  if (after === undefined)
    throw notEditable(file, `remove "version" from the entry ${JSON.stringify(key)} in prompts`);
  await placeOf(file, options.root);
  return { file, why: `removes the pin of ${key}`, before, after };
}

/** What you have to write yourself, because no automatic edit is reliable. */
function notEditable(file: string, byHand: string): ConfigurationError {
  return new ConfigurationError(`${basename(file)} isn't a plain object literal, so it was left unchanged.`, {
    code: "config_not_editable",
    where: { file },
    hint: `Write it by hand: ${byHand}`,
  });
}

/** As `init` names it. */
function configName(root: string): string {
  const usesTypeScript =
    existsSync(join(root, "tsconfig.json")) || existsSync(join(root, "node_modules", "typescript"));
  return usesTypeScript ? "scope.config.ts" : "scope.config.mjs";
}
