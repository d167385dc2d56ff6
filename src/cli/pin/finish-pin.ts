import { compareSides } from "../../commands/compare/compare-sides.ts";
import type { FoundVersion } from "../../commands/find-version.ts";
import { typeCheckCommand } from "../../commands/project-files/type-check-command.ts";
import { type Change, changesText } from "../../contract/contract.ts";
import { formatError, shortPath } from "../../errors/format-error.ts";
import { formatSpecifier, resolveSpecifier } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { updateTypes, type WrittenTypes } from "../../project/types/update-types.ts";
import { committedVersions, type FindVersion } from "../../project/versions/find-version.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { refJson } from "../json-parts.ts";

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
  const { key, ref, action, config, versionNumber, found, written } = outcome;
  const { types, changes = [] } =
    action === "skipped" ? {} : await context.withProject((project) => applyPin(project, outcome, context));
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

interface Applied {
  readonly types?: WrittenTypes | undefined;
  /** How the committed version breaks or extends the contract of the one that the code was written for. */
  readonly changes?: readonly Change[];
}

async function applyPin(
  { options }: Project,
  { key, ref, replaced }: PinOutcome,
  { output }: CommandContext,
): Promise<Applied> {
  const types = await updateTypes(options);
  const request = resolveSpecifier(formatSpecifier(key, undefined, false), options);
  const committed = committedVersions(options);
  const before: FindVersion = (one) => committed(replaced && refKey(one) === refKey(ref) ? replaced : one);
  const { grade, changes, problem } = await compareSides([request], options, before, committed);
  if (problem !== undefined) output.warn(formatError(problem));
  return { types, changes: grade === "breaking" || grade === "compatible" ? changes : [] };
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
  const check = changes.length === 0 ? [] : [typeCheck];
  const steps = ref.pin.kind === "label" ? ["scope-gen pull", ...check] : [...check, "scope-gen check"];
  return `${differs}${steps.map((step) => `\nThen: ${step}`).join("")}\n`;
}
