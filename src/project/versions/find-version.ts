import { isOutage, ResourceError } from "../../errors/classes.ts";
import { isScopeError, locate, type ScopeError } from "../../errors/scope-error.ts";
import type { Pin, PromptRef, PromptVersionData } from "../../prompt.ts";
import type { Project } from "../project.ts";
import { listSnapshot, loadSnapshot } from "../snapshot/store.ts";
import { mayAsk } from "./resolve.ts";
import { isMissing, snapshotMissing } from "./version-errors.ts";

/** A version of a prompt, and where it was found. */
export interface Found {
  readonly version: PromptVersionData;
  /** The platform environment that it comes from. */
  readonly environment: string;
  readonly source: "snapshot" | "platform";
  /** Where exactly, as shown to the user: `snapshot`, `production`, `latest`, `platform`. */
  readonly place: string;
}

/** Is this a version number, as you'd type it? */
export function isVersionNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

/**
 * Finds a version by its number or ID: in the snapshot, then under the platform's two labels, or by the ID itself.
 *
 * @throws ResourceError `version_not_found`, which says where it looked; the client's errors, except an outage
 */
export async function findVersion(project: Project, name: string, wanted: string): Promise<Found> {
  const { options } = project;
  const isWanted = ({ version }: Pick<Found, "version">) =>
    version.id === wanted || String(version.versionNumber) === wanted;
  const { entries } = await listSnapshot(options.snapshotDir);
  const committed = entries.map(({ entry }) => entry).filter(({ ref }) => ref.name === name);
  const inSnapshot = committed.find(isWanted);
  if (inSnapshot !== undefined) return { ...inSnapshot, source: "snapshot", place: "snapshot" };

  const searched = [`the snapshot (${numbers(committed)})`];
  if (mayAsk(project)) {
    const found = await onPlatform(project, name, wanted, isWanted);
    if (typeof found !== "string") return found;
    searched.push(found);
  } else if (options.fetch === "never") searched.push('not on the platform: fetch is "never"');
  else searched.push("not on the platform: no credentials are set");
  const what = isVersionNumber(wanted) ? `Version ${wanted}` : `The version "${wanted}"`;
  throw new ResourceError(`${what} of this prompt wasn't found.`, {
    code: "version_not_found",
    where: { prompt: name },
    hint: `Looked in ${searched.join(", ")}. The platform finds any version by its ID.`,
  });
}

/** The version that is committed now. */
export async function findCommitted({ options }: Project, ref: PromptRef): Promise<Found> {
  const entry = await loadSnapshot(options.snapshotDir, ref);
  if (entry === undefined) throw notCommitted(ref);
  return { ...entry, source: "snapshot", place: "snapshot" };
}

function notCommitted(ref: PromptRef): ScopeError {
  const hint = `Run: scope-gen pull. Or name a version: scope-gen pin ${ref.name} --to <number or version ID>`;
  return snapshotMissing(ref, [], hint);
}

/** The version, or where it was looked for. */
async function onPlatform(
  project: Project,
  name: string,
  wanted: string,
  isWanted: (found: Pick<Found, "version">) => boolean,
): Promise<Found | string> {
  const { environment } = project.options.connection;
  const labels = (["production", "latest"] as const).map((label): Pin => ({ kind: "label", label }));
  const pins = isVersionNumber(wanted) ? labels : [{ kind: "version", versionId: wanted } as const];
  const searched: string[] = [];
  for (const pin of pins) {
    const place = pin.kind === "label" ? pin.label : "platform";
    try {
      const version = await project.fetchVersion?.({ name, pin });
      if (version === undefined) continue;
      if (isWanted({ version })) return { version, environment, source: "platform", place };
      searched.push(`${place} (version ${version.versionNumber})`);
    } catch (error) {
      if (isOutage(error)) return [...searched, "the platform can't be reached"].join(", ");
      if (!isMissing(error)) throw isScopeError(error) ? locate(error, { prompt: name }) : error;
      searched.push(`${place} (none)`);
    }
  }
  return searched.join(", ");
}

function numbers(found: readonly { readonly version: PromptVersionData }[]): string {
  const all = [...new Set(found.map(({ version }) => version.versionNumber))].sort((a, b) => a - b);
  if (all.length === 0) return "nothing";
  return `${all.length === 1 ? "version" : "versions"} ${all.join(", ")}`;
}

/** Where a version comes from: what is committed, what the platform has under a pin, or what was already found. */
export type DiffSide = "snapshot" | Pin | (Found & { readonly kind: "found" });
