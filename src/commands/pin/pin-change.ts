import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { ConfigurationError } from "../../errors/classes.ts";
import { readRegularFile } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Pin } from "../../prompt.ts";
import { type FileChange, isReadOnly, placeOf } from "../init/change.ts";
import { removePin, setPin } from "./edit-pin.ts";

/**
 * The change to the config that pins a key. If there's no config, it creates one.
 *
 * @throws ConfigurationError `config_not_editable` and `file_read_only`, which say what to write; `leads_outside`
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
  if (after === undefined) throw notEditable(file, key, { kind: "version", versionId });
  const change = { file, why: `the pin of ${key}`, before, after };
  return changeable(change, options.root, key, { kind: "version", versionId });
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
  if (after === undefined) throw notEditable(file, key, { kind: "label", label: options.label });
  const pin: Pin = { kind: "label", label: options.label };
  return changeable({ file, why: `removes the pin of ${key}`, before, after }, options.root, key, pin);
}

async function changeable(change: FileChange, root: string, key: string, pin: Pin): Promise<FileChange> {
  const { file } = change;
  await placeOf(file, root);
  if (!(await isReadOnly(change))) return change;
  throw new ConfigurationError("This file is read-only, so it was left unchanged.", {
    code: "file_read_only",
    where: { file },
    hint: `Make it writable, or write it by hand: ${byHand(key, pin)}`,
  });
}

/** What you have to write yourself, because no automatic edit is reliable. */
function notEditable(file: string, key: string, pin: Pin): ConfigurationError {
  return new ConfigurationError(`${basename(file)} isn't a plain object literal, so it was left unchanged.`, {
    code: "config_not_editable",
    where: { file },
    hint: `Write it by hand: ${byHand(key, pin)}`,
  });
}

function byHand(key: string, pin: Pin): string {
  const name = JSON.stringify(key);
  return pin.kind === "version"
    ? `prompts: { ${name}: { version: ${JSON.stringify(pin.versionId)} } }`
    : `remove "version" from the entry ${name} in prompts`;
}

/** As `init` names it. */
function configName(root: string): string {
  const usesTypeScript =
    existsSync(join(root, "tsconfig.json")) || existsSync(join(root, "node_modules", "typescript"));
  return usesTypeScript ? "scope.config.ts" : "scope.config.mjs";
}
