import type { FoundVersion } from "../../commands/find-version.ts";
import { typeCheckCommand } from "../../commands/project-files/type-check-command.ts";
import { compareContracts } from "../../contract/compare-versions.ts";
import { type Change, type Contract, changesText } from "../../contract/contract.ts";
import { formatError, shortPath } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import { formatSpecifier, type ResolvedImport, resolveSpecifier } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { updateTypes, type WrittenTypes } from "../../project/types/update-types.ts";
import { committedVersions, compileWhole, needing } from "../../project/versions/find-version.ts";
import type { PromptRef } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { refJson } from "../ref-json.ts";

type Action = "created" | "changed" | "skipped" | "none";

/** What `pin` or `unpin` did. */
export interface PinOutcome {
  readonly key: string;
  /** The prompt with its current pin. */
  readonly ref: PromptRef;
  /** The prompt with the pin that it had before. */
  readonly replaced?: PromptRef | undefined;
  readonly action: Action;
  /** Absolute; undefined if there's no config. */
  readonly config: string | undefined;
  /** The version that is now committed for it; undefined if none is. */
  readonly versionNumber: number | undefined;
  readonly found?: FoundVersion;
  /** Absolute path of the snapshot file, if one was written. */
  readonly written?: string | undefined;
}

/** Updates the types to match the config, and prints everything that was done. */
export async function finishPin(context: CommandContext, outcome: PinOutcome): Promise<void> {
  const { output, cwd } = context;
  const { types, changes } =
    outcome.action === "skipped"
      ? { types: undefined, changes: [] }
      : await context.withProject(writeTypes(context, outcome));
  const { key, ref, action, config, versionNumber, found, written } = outcome;
  const typeCheck = await typeCheckCommand(cwd);
  const isChanged = action === "changed" || action === "created";
  const files = [
    ...(isChanged && config !== undefined ? [config] : []),
    ...(written === undefined ? [] : [written]),
    ...(types?.written ? [types.file] : []),
  ].map((file) => shortPath(file, cwd));
  output.result(
    () => ({
      key,
      ...refJson(ref),
      versionNumber: versionNumber ?? null,
      ...(found === undefined ? {} : { found: found.place }),
      action,
      files,
    }),
    () => {
      const { green, dim } = output.colors;
      const head = `${action === "skipped" ? dim("skipped") : stateText(outcome)}\n`;
      const lines = files.map((file) => `${green("written")}  ${file}\n`).join("");
      return output.wrap(`${head}${lines}${nextText(outcome, files, changes, typeCheck)}`);
    },
  );
}

interface Written {
  readonly types: WrittenTypes | undefined;
  /** How the contract of the version that is committed now differs from the one that the code was written for. */
  readonly changes: readonly Change[];
}

function writeTypes({ output }: CommandContext, { key, replaced, versionNumber }: PinOutcome) {
  return async ({ options }: Project): Promise<Written> => {
    const types = await updateTypes(options);
    if (versionNumber === undefined) return { types, changes: [] };
    const request = resolveSpecifier(formatSpecifier(key, undefined, false), options);
    try {
      const pinned = await compileRequest(request, options, needing(committedVersions(options)));
      const before = replaced && (await contractOf({ ...request, ref: replaced }, options));
      return { types, changes: before === undefined ? [] : compareContracts(before, pinned.contract) };
    } catch (error) {
      if (!isScopeError(error)) throw error;
      output.warn(formatError(error));
      return { types, changes: [] };
    }
  };
}

/** Undefined for a version that isn't committed or doesn't compile: it may be the reason for the pin. */
async function contractOf(request: ResolvedImport, options: ResolvedOptions): Promise<Contract | undefined> {
  try {
    return (await compileWhole(request, options, committedVersions(options)))?.contract;
  } catch (error) {
    if (isScopeError(error)) return undefined;
    throw error;
  }
}

function stateText({ key, ref, versionNumber, found }: PinOutcome): string {
  if (ref.pin.kind === "version") {
    const where = found === undefined || found.place === "snapshot" ? "" : `, from ${found.place}`;
    return `${key} is pinned to version ${versionNumber} (${ref.pin.versionId})${where}.`;
  }
  const committed =
    versionNumber === undefined ? "nothing is committed" : `version ${versionNumber} is committed`;
  return `${key} follows the label ${ref.pin.label}, for which ${committed}.`;
}

function nextText(
  { ref, action }: PinOutcome,
  files: readonly string[],
  changes: readonly Change[],
  typeCheck: string,
): string {
  if (action === "skipped" || (action === "none" && files.length === 0)) return "";
  const differs = changes.length === 0 ? "" : `\nThe contract differs: ${changesText(changes)}`;
  if (ref.pin.kind === "label")
    return `${differs}\nThen: scope-gen pull${differs === "" ? "" : `\nThen: ${typeCheck}`}\n`;
  return `${differs}${differs === "" ? "" : `\nThen: ${typeCheck}`}\nThen: scope-gen check\n`;
}
