import type { FoundVersion } from "../../commands/find-version.ts";
import { formatError, shortPath } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import { formatSpecifier, resolveSpecifier } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import { committedVersions } from "../../project/versions/find-version.ts";
import { partialMissing } from "../../project/versions/snapshot-missing.ts";
import type { PromptRef } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { refJson } from "../ref-json.ts";

type Action = "created" | "changed" | "skipped" | "none";

/** What `pin` or `unpin` did. */
export interface PinOutcome {
  readonly key: string;
  /** The prompt with its current pin. */
  readonly ref: PromptRef;
  readonly action: Action;
  /** Absolute; undefined if there is no config. */
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
  const types =
    outcome.action === "skipped" ? undefined : await context.withProject(writeTypes(context, outcome));
  const { key, ref, action, config, versionNumber, found, written } = outcome;
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
      return output.wrap(`${head}${lines}${nextText(outcome, files)}`);
    },
  );
}

function writeTypes({ output }: CommandContext, { key, ref }: PinOutcome) {
  return async ({ options }: Project) => {
    const types = await updateTypes(options);
    if (ref.pin.kind !== "version") return types;
    const request = resolveSpecifier(formatSpecifier(key, undefined, false), options);
    const committed = committedVersions(options);
    try {
      await compileRequest(request, options, async (one) => {
        const version = await committed(one);
        if (version === undefined) throw partialMissing(one);
        return version;
      });
    } catch (error) {
      if (!isScopeError(error)) throw error;
      output.warn(formatError(error));
    }
    return types;
  };
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

function nextText({ ref, action }: PinOutcome, files: readonly string[]): string {
  if (action === "skipped" || (action === "none" && files.length === 0)) return "";
  const pulls = ref.pin.kind === "label" ? "Then: scope-gen pull" : "Then: scope-gen check";
  return `\n${pulls}\n`;
}
