import { type Change, changesText } from "../../contract/contract.ts";
import { formatError, shortPath } from "../../errors/format-error.ts";
import { committedVersions } from "../../project/compile-request.ts";
import { formatSpecifier, parseSpecifier, resolveSpecifier, SCHEME } from "../../project/config/specifier.ts";
import { typeCheckCommand } from "../../project/config/tsconfig.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { applyChange } from "../../project/edit/change.ts";
import type { Project } from "../../project/project.ts";
import { refJson } from "../../project/reports/json-parts.ts";
import { listSnapshot, loadSnapshot, snapshotFile, writeSnapshot } from "../../project/snapshot/store.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import { compareRequests } from "../../project/versions/compare.ts";
import { type Found, findCommitted, findVersion } from "../../project/versions/find-version.ts";
import { askPinState } from "../../project/versions/pin-notes.ts";
import { findImports, unknownName } from "../../project/versions/select-imports.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import type { CommandContext } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";
import { actionOf, proposeChange } from "../report/propose-change.ts";
import { pinChange } from "./edit-pin.ts";

export interface PinFlags {
  readonly to?: string;
  readonly yes?: boolean;
}

interface Outcome {
  readonly key: string;
  /** The prompt with its current pin. */
  readonly ref: PromptRef;
  /** The prompt with the pin that it had before. */
  readonly replaced?: PromptRef;
  readonly action: "created" | "changed" | "skipped" | "none";
  /** What is committed for it now. */
  readonly versionNumber: number | undefined;
  readonly found?: Found;
  readonly files?: readonly string[];
  /** What to write into a config that only its author can edit. */
  readonly byHand?: string | undefined;
}

/** Pins a prompt in the config, to a version that it writes to the snapshot unless that's committed. */
export async function pin(context: CommandContext, name: string, { to, yes }: PinFlags): Promise<void> {
  const { output, cwd } = context;
  await using project = await context.openProject({ isAboutPlatform: true });
  const { root, snapshotDir, label } = project.options;
  const target = await pinTarget(project, name);
  const { key, ref: replaced, imports } = target;
  const live = imports.find((one) => one.live && one.pin === undefined)?.use;
  if (target.isLive || live !== undefined)
    throw usageError(
      `"${key}" is live: a running server follows its label, and a pinned version never changes.`,
      `Remove this first: ${live === undefined ? "live: true in the config" : `?live in ${place(live, cwd)}`}`,
    );
  const found = await (to === undefined
    ? findCommitted(project, replaced)
    : findVersion(project, replaced.name, to));
  const { version, environment, source } = found;
  const { id: versionId, versionNumber } = version;
  const ref: PromptRef = { ...replaced, pin: { kind: "version", versionId, versionNumber } };
  const committed = await loadSnapshot(snapshotDir, ref);
  const entry = committed ?? { ref, environment, version };
  const state = to !== undefined && source !== "platform" ? await askPinState(project, entry) : undefined;
  if (state !== undefined) output.warn(`${key}: ${state.message}, which is pinned.`);
  const isPinned = refKey(replaced) === refKey(ref);
  const change = isPinned ? undefined : await pinChange(project.options, key, { versionId });
  const byHand = typeof change === "string" ? change : undefined;
  if (typeof change === "object" && !(await proposeChange(context, change, yes)))
    return finish(context, { key, versionNumber, found, ref: replaced, action: "skipped" });
  const files = typeof change === "object" ? [change.file] : [];
  if (committed === undefined) {
    await writeSnapshot(snapshotDir, entry);
    files.push(await snapshotFile(snapshotDir, ref));
  }
  if (typeof change === "object") await applyChange(change, root);
  const others = imports.filter((one) => one.pin !== undefined).map(({ use }) => place(use, cwd));
  if (others.length > 0)
    output.warn(
      `These imports name their own version, so the pin doesn't apply to them: ${others.join(", ")}`,
    );
  if (replaced.pin.kind === "label" && replaced.pin.label !== label)
    output.warn(
      `The pin replaces label: "${replaced.pin.label}". After unpin, the prompt follows "${label}".`,
    );
  const action = typeof change === "object" ? actionOf(change, true) : "none";
  await finish(context, { key, versionNumber, found, ref, replaced, action, byHand, files });
}

export async function unpin(context: CommandContext, name: string, { yes }: PinFlags): Promise<void> {
  await using project = await context.openProject();
  const { options } = project;
  const { key, ref: pinned, imports } = await pinTarget(project, name);
  let outcome: Pick<Outcome, "ref" | "action" | "replaced" | "files" | "byHand"> = {
    ref: pinned,
    action: "none",
  };
  if (pinned.pin.kind === "version") {
    const isImported = imports.some((one) => one.pin === undefined);
    const change = await pinChange(options, key, { isImported });
    if (typeof change === "string") outcome = { ref: pinned, action: "none", byHand: change };
    else if (await proposeChange(context, change, yes)) {
      await applyChange(change, options.root);
      const label = { kind: "label", label: options.label } as const;
      const ref: PromptRef = { name: pinned.name, pin: label };
      outcome = { ref, replaced: pinned, action: "changed", files: [change.file] };
    } else outcome = { ref: pinned, action: "skipped" };
  }
  const committed = await loadSnapshot(options.snapshotDir, outcome.ref);
  await finish(context, { key, versionNumber: committed?.version.versionNumber, ...outcome });
}

function place({ file, line }: { readonly file: string; readonly line: number }, cwd: string): string {
  return `${shortPath(file, cwd)}:${line}`;
}

/** Updates the types to match the config, and prints everything that was done. */
async function finish(context: CommandContext, outcome: Outcome): Promise<void> {
  const { output, cwd } = context;
  const { key, ref, action, versionNumber, found, byHand } = outcome;
  const files = [...(outcome.files ?? [])];
  let changes: readonly Change[] = [];
  if (action !== "skipped") {
    // By the config as it is now.
    await using project = await context.openProject();
    const types = await updateTypes(project.options);
    if (types?.written) files.push(types.file);
    changes = await pinnedChanges(project.options, outcome, context);
  }
  const written = files.map((file) => shortPath(file, cwd));
  if (output.json)
    return output.result({
      key,
      ...refJson(ref),
      versionNumber: versionNumber ?? null,
      ...(found === undefined ? {} : { found: found.place }),
      action,
      ...(byHand === undefined ? {} : { byHand }),
      files: written,
    });
  const { green, dim } = output.colors;
  const lines = [
    byHand ?? (action === "skipped" ? dim("skipped") : stateText(outcome)),
    ...written.map((file) => `${green("written")}  ${file}`),
  ];
  if (action !== "skipped" && (action !== "none" || files.length > 0)) {
    const check = changes.length === 0 ? [] : [typeCheckCommand(cwd)];
    const steps = ref.pin.kind === "label" ? ["scope-gen pull", ...check] : [...check, "scope-gen check"];
    lines.push("");
    if (changes.length > 0) lines.push(`The contract differs: ${changesText(changes)}`);
    lines.push(...steps.map((step) => `Then: ${step}`));
  }
  output.result(output.wrap(`${lines.join("\n")}\n`));
}

/** How the contract differs from that of the version that the code was written for. */
async function pinnedChanges(
  options: ResolvedOptions,
  { key, ref, replaced }: Outcome,
  { output }: CommandContext,
): Promise<readonly Change[]> {
  const request = resolveSpecifier(formatSpecifier(key, undefined, false), options);
  const committed = committedVersions(options);
  const [before, now] = [await committed(replaced ?? ref), await committed(ref)];
  const { grade, changes, problem } = await compareRequests([request], options, before, now);
  if (problem !== undefined) output.warn(formatError(problem));
  return grade === "breaking" || grade === "compatible" ? changes : [];
}

function stateText({ key, ref, versionNumber, found }: Outcome): string {
  if (ref.pin.kind === "version") {
    const where = found === undefined || found.place === "snapshot" ? "" : `, from ${found.place}`;
    return `${key} is pinned to version ${versionNumber}${where}.`;
  }
  const committed =
    versionNumber === undefined ? "nothing is committed" : `version ${versionNumber} is committed`;
  return `${key} follows the label ${ref.pin.label}, for which ${committed}.`;
}

/** The key that a name means: a key itself, or the prompt if only one key names it; with its pin and its imports. */
async function pinTarget({ options }: Project, name: string) {
  const wanted = configKey(name);
  // A pull reports imports that can't be read.
  const readable = await findImports(options, () => {});
  const imports = readable.imports.flatMap(({ specifier, uses }) =>
    uses.map((use) => ({ use, ...parseSpecifier(specifier) })),
  );
  const imported = imports.map(({ key }) => key);
  const aliases = [...options.prompts.values()].flatMap((one) => (one.name === wanted ? [one.key] : []));
  const committed = (await listSnapshot(options.snapshotDir)).entries.map(({ entry }) => entry.ref.name);
  const isKey = options.prompts.has(wanted) || imported.includes(wanted);
  if (!isKey && aliases.length > 1) {
    throw usageError(
      `The config uses the prompt "${wanted}" under ${aliases.length} keys.`,
      `Use one of them: ${aliases.join(" or ")}`,
    );
  }
  const key = isKey ? wanted : (aliases[0] ?? (committed.includes(wanted) ? wanted : undefined));
  if (key === undefined) throw unknownName(wanted, [...options.prompts.keys(), ...imported, ...committed]);
  return {
    key,
    ref: resolveSpecifier(formatSpecifier(key, undefined, false), options).ref,
    isLive: options.prompts.get(key)?.live === true,
    imports: imports.filter((one) => one.key === key),
  };
}

/** A specifier is a name too, as long as it has no query. */
function configKey(name: string): string {
  if (!name.startsWith(SCHEME)) return name;
  const { key, pin, live } = parseSpecifier(name);
  if (pin === undefined && !live) return key;
  throw usageError(
    `"${name}" names its own version, so a pin in the config doesn't apply to it.`,
    `Name the prompt: ${key}`,
  );
}
