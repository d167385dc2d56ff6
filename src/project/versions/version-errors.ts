import { existsSync } from "node:fs";
import { join } from "node:path";
import { VARIABLES_TO_SET } from "../../client/connection/credentials.ts";
import { ConfigurationError, ConnectionError, ResourceError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { printableLine, renamedText } from "../../errors/printable.ts";
import { advise, isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { ignoredBy } from "../../files/run-git.ts";
import { type PromptRef, type PromptVersionData, refText } from "../../prompt.ts";
import { searchedFolders } from "../config/config-files.ts";
import type { FetchPolicy, ResolvedOptions } from "../config/types.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { listSnapshot, type SnapshotListing } from "../snapshot/store.ts";

/**
 * A prompt that should be committed but isn't.
 *
 * @param names those that are known here, if its own can be misspelt
 */
export function snapshotMissing(
  ref: PromptRef,
  names: readonly string[] = [],
  hint = "Run: scope-gen pull",
): ResourceError {
  const others = names.filter((name) => name !== ref.name);
  return new ResourceError("This prompt isn't in the committed snapshot.", {
    code: "snapshot_missing",
    where: { prompt: refText(ref) },
    hint: `${didYouMean(ref.name, others, "")} ${hint}`.trimStart(),
  });
}

/** Why a run that has to take a prompt from the snapshot may not find it there, and what to do. */
export async function howToCommit(
  { root, snapshotDir }: Pick<ResolvedOptions, "root" | "snapshotDir">,
  fetch: FetchPolicy,
  { entries, damaged }: SnapshotListing,
): Promise<string> {
  const isEmpty = entries.length + damaged.length === 0;
  const line = isEmpty && (await ignoredBy(join(snapshotDir, "any.json"), root));
  const start = isEmpty
    ? `Nothing is committed in ${snapshotDir}${line ? `, and git ignores it: ${line}` : ""}. `
    : `Searched: ${snapshotDir}. `;
  const copy = existsSync(snapshotDir) ? "" : "If this is a deployed folder, copy the snapshot there. ";
  const why =
    fetch === "never"
      ? 'fetch is "never", so nothing is fetched. Run:'
      : `No Scope credentials are set to fetch it with. ${howToSetCredentials(root)}, then run:`;
  return `${start}${copy}${why} scope-gen pull`;
}

/** What to do if no credentials are set, as a sentence without its end: a folder above may have what wasn't found. */
export function howToSetCredentials(root: string): string {
  for (const folder of searchedFolders(root).slice(1))
    for (const name of [".env.local", "scope"])
      if (existsSync(join(folder, name)))
        return `Only ${root} was searched, and ${folder} has ${name}. Run there: scope-gen init`;
  return `Set ${VARIABLES_TO_SET}`;
}

/** Names that are configured or committed here; the platform doesn't offer a list. */
export async function knownNames(
  { prompts, snapshotDir }: Pick<ResolvedOptions, "prompts" | "snapshotDir">,
  listing: Promise<SnapshotListing> = listSnapshot(snapshotDir),
): Promise<readonly string[]> {
  const configured = [...prompts.values()].flatMap(({ key, name }) => [key, name]);
  return [...new Set([...configured, ...(await listing).entries.map(({ entry }) => entry.ref.name)])];
}

/** Is this a version in a form that can't be read? The committed one is still good. */
export function isUnknownForm(error: unknown): error is ScopeError {
  return isScopeError(error, "response_form_unknown");
}

/** What to say when a committed version is used because the platform's has an unknown form. */
export function unknownFormWarning(error: ScopeError, { versionNumber }: PromptVersionData): string {
  return printableLine(`${error.message} Version ${versionNumber} is used instead. ${error.hint}`);
}

/** What to say about a prompt that the platform has under another name now. */
export function renamedWarning(ref: PromptRef, name: string): string {
  return printableLine(`${refText(ref)}: ${renamedText(name)}.`);
}

export function credentialsNeeded({ root }: Pick<ResolvedOptions, "root">): ConfigurationError {
  return new ConfigurationError('fetch is "always", but no Scope credentials are set.', {
    code: "build_credentials_needed",
    hint: `${howToSetCredentials(root)}, or build from the snapshot with SCOPE_FETCH=never.`,
  });
}

/** @param why the snapshot can't be the fallback; undefined if only the platform was asked */
export function platformDown(ref: PromptRef, cause: unknown, why?: string): ConnectionError {
  return new ConnectionError(
    `The Scope platform can't be reached${why === undefined ? "" : `, and ${why}`}.`,
    {
      code: "build_platform_down",
      where: { prompt: refText(ref) },
      hint:
        (isScopeError(cause) ? cause.hint : undefined) ??
        `Try again when the platform responds${why === undefined ? "" : "; scope-gen pull commits a snapshot that builds can fall back on"}.`,
      cause,
    },
  );
}

const NOT_SERVED =
  "The platform doesn't serve archived versions: unarchive it on the platform and promote it, or pin another one with: scope-gen pin <name> --to <number or version ID>";

/**
 * A missing prompt: suggests the committed version as a way out, or a similar name. Any other error comes back
 * unchanged.
 */
export async function adviseMissing(
  error: unknown,
  ref: PromptRef,
  snapshot: SnapshotEntry | undefined,
  environment: string,
  knownNames: () => Promise<readonly string[]>,
): Promise<unknown> {
  if (!isScopeError(error)) return error;
  const isUnknown = error.code === "prompt_not_found";
  if (!isUnknown && error.code !== "no_production_version") return error;
  if (snapshot !== undefined) {
    const { versionNumber } = snapshot.version;
    const hint = `Version ${versionNumber} is committed; SCOPE_FETCH=never builds it until the platform has the prompt again.`;
    return advise(error, hint);
  }
  if (ref.pin.kind === "version") return advise(error, NOT_SERVED);
  // Without a production version, the client has said what to do next.
  const otherwise = isUnknown
    ? `Was it renamed or deleted, or is it in another environment than "${environment}"? Correct the name here, or restore the prompt on the platform.`
    : undefined;
  // A local platform knows all names, and has suggested the nearest.
  const saysName = error.message.includes("Did you mean");
  const others = saysName ? [] : (await knownNames()).filter((name) => name !== ref.name);
  return advise(error, didYouMean(ref.name, others, otherwise));
}

const MISSING = ["prompt_not_found", "no_production_version", "snapshot_missing"] as const;

/** No such prompt, no such version, a label that points at nothing, or nothing committed to fall back on. */
export function isMissing(error: unknown): error is ScopeError {
  return MISSING.some((code) => isScopeError(error, code));
}
