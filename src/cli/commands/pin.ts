import type { FoundVersion } from "../../commands/find-version.ts";
import type { PinTarget } from "../../commands/pin/pin-target.ts";
import { usageError } from "../../commands/usage-error.ts";
import { shortPath } from "../../errors/format-error.ts";
import type { Project } from "../../project/project.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import type { PinOutcome } from "../pin/finish-pin.ts";
import type { AddCommand } from "../program.ts";
import { actionOf, proposeChange } from "../propose-change.ts";

interface PinFlags {
  readonly previous?: boolean;
  readonly to?: string;
  readonly yes?: boolean;
}

/** `scope-gen pin`: writes a fixed version into the config. */
export const addPin: AddCommand = (program, action) => {
  program
    .command("pin")
    .description("pin a prompt to a version in the config: the committed one, an earlier one, or any other")
    .argument("<name>", "a key of the config or a prompt name")
    .option("--previous", "the version committed before the current one, from the git history")
    .option(
      "--to <version>",
      "a version number or ID: in the snapshot, the git history, production or latest",
    )
    .option("--yes", "don't ask")
    .addHelpText(
      "after",
      "\nShows the change to the config and asks first, if there's a terminal to ask in. --previous makes no request.\n\nExamples:\n  scope-gen pin welcome --previous\n  scope-gen pin welcome --to 3\n  scope-gen unpin welcome",
    )
    .action(action<[string, PinFlags]>(pin));
};

/** `scope-gen unpin`: back to the label. */
export const addUnpin: AddCommand = (program, action) => {
  program
    .command("unpin")
    .description("remove a prompt's pin from the config, so that it follows its label again")
    .argument("<name>", "a key of the config or a prompt name")
    .option("--yes", "don't ask")
    .addHelpText("after", "\nExample:\n  scope-gen unpin welcome && scope-gen pull")
    .action(action<[string, Pick<PinFlags, "yes">]>(unpin));
};

async function pin(context: CommandContext, name: string, flags: PinFlags): Promise<void> {
  if (flags.previous && flags.to !== undefined) {
    throw usageError("--previous and --to can't be used together.", "Each names a version: use one of them.");
  }
  const { pinTarget } = await import("../../commands/pin/pin-target.ts");
  const { pinChange } = await import("../../commands/pin/pin-change.ts");
  const { applyChange } = await import("../../commands/init/change.ts");
  const { snapshotFile } = await import("../../project/snapshot/snapshot-file.ts");
  const { loadSnapshot, writeSnapshot } = await import("../../project/snapshot/store.ts");
  const outcome = await context.withProject(
    async (project): Promise<PinOutcome> => {
      const { options } = project;
      const target = await pinTarget(project, name);
      refuseLive(target, context);
      const found = await chooseVersion(project, target.ref, flags);
      const { version, environment } = found;
      const { key } = target;
      const ref: PromptRef = { name: target.ref.name, pin: { kind: "version", versionId: version.id } };
      const isPinned = refText(target.ref) === refText(ref) && target.ref.pin.kind === "version";
      const change = isPinned ? undefined : await pinChange(options, key, version.id);
      const config = change?.file ?? options.configFile;
      const versionNumber = version.versionNumber;
      if (change !== undefined && !(await proposeChange(context, change, flags.yes)))
        return { key, ref: target.ref, action: "skipped", config, versionNumber, found };
      // What the platform had at the last pull may be newer than the same version in git.
      const isThere = (await loadSnapshot(options.snapshotDir, ref)) !== undefined;
      if (!isThere) await writeSnapshot(options.snapshotDir, { ref, environment, version });
      if (change !== undefined) await applyChange(change, options.root);
      warnOfOthers(target, context);
      if (target.ref.pin.kind === "label" && target.ref.pin.label !== options.label) {
        const { label } = target.ref.pin;
        context.output.warn(
          `The pin replaces label: "${label}". After unpin, the prompt follows "${options.label}".`,
        );
      }
      return {
        key,
        ref,
        replaced: target.ref,
        action: change === undefined ? "none" : actionOf(change, true),
        config,
        versionNumber,
        found,
        written: isThere ? undefined : await snapshotFile(options.snapshotDir, ref),
      };
    },
    { isAboutPlatform: true },
  );
  const { finishPin } = await import("../pin/finish-pin.ts");
  await finishPin(context, outcome);
}

async function unpin(context: CommandContext, name: string, flags: Pick<PinFlags, "yes">): Promise<void> {
  const { pinTarget } = await import("../../commands/pin/pin-target.ts");
  const { unpinChange } = await import("../../commands/pin/pin-change.ts");
  const { applyChange } = await import("../../commands/init/change.ts");
  const { loadSnapshot } = await import("../../project/snapshot/store.ts");
  const outcome = await context.withProject(async (project): Promise<PinOutcome> => {
    const { options } = project;
    const { key, ref: pinned, imports } = await pinTarget(project, name);
    const config = options.configFile;
    if (pinned.pin.kind === "label") {
      const entry = await loadSnapshot(options.snapshotDir, pinned);
      return { key, ref: pinned, action: "none", config, versionNumber: entry?.version.versionNumber };
    }
    const isImported = imports.some((one) => one.pin === undefined);
    const change = await unpinChange(options, key, isImported);
    const ref: PromptRef = { name: pinned.name, pin: { kind: "label", label: options.label } };
    const isMade = await proposeChange(context, change, flags.yes);
    if (isMade) await applyChange(change, options.root);
    const left = isMade ? ref : pinned;
    const entry = await loadSnapshot(options.snapshotDir, left);
    const versionNumber = entry?.version.versionNumber;
    const action = isMade ? "changed" : "skipped";
    return { key, ref: left, replaced: pinned, action, config, versionNumber };
  });
  const { finishPin } = await import("../pin/finish-pin.ts");
  await finishPin(context, outcome);
}

function chooseVersion(project: Project, ref: PromptRef, { previous, to }: PinFlags): Promise<FoundVersion> {
  return import("../../commands/find-version.ts").then(({ findPrevious, findVersion, findCommitted }) => {
    if (previous) return findPrevious(project, ref);
    return to === undefined ? findCommitted(project, ref) : findVersion(project, ref.name, to);
  });
}

function refuseLive({ key, isLive, imports }: PinTarget, { cwd }: CommandContext): void {
  const live = imports.find((one) => one.live && one.pin === undefined)?.use;
  if (!isLive && live === undefined) return;
  const where = live === undefined ? "live: true in the config" : `?live in ${place(live, cwd)}`;
  throw usageError(
    `"${key}" is live: a running server follows its label, and a pinned version never changes.`,
    `Remove this first: ${where}`,
  );
}

function warnOfOthers({ imports }: PinTarget, { cwd, output }: CommandContext): void {
  const others = imports.filter((one) => one.pin !== undefined);
  if (others.length === 0) return;
  const places = others.map(({ use }) => place(use, cwd)).join(", ");
  output.warn(`These imports name their own version, so the pin doesn't apply to them: ${places}`);
}

function place({ file, line }: { readonly file: string; readonly line: number }, cwd: string): string {
  return `${shortPath(file, cwd)}:${line}`;
}
