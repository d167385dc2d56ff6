import { isScopeError } from "../errors/scope-error.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { loadIfSound } from "../project/snapshot/store.ts";
import type { DiffSide } from "../project/versions/find-version.ts";
import { findVersion } from "../project/versions/find-version.ts";
import { promotionText } from "../project/versions/pin-notes.ts";
import { mayAsk } from "../project/versions/resolve.ts";
import { isMissing } from "../project/versions/version-errors.ts";
import type { Label, Pin, PromptVersionData } from "../prompt.ts";

const LABELS: readonly Label[] = ["production", "latest"];

/** The label of that name; undefined if there's none. */
export function labelOf(name: unknown): Label | undefined {
  return LABELS.find((label) => label === name);
}

/** What you can look at of a prompt: a side of a comparison, with the version that it has. */
export interface SideOption {
  /** `snapshot`, `own` for what the prompt's pin serves now, `production`, `latest`, or a version ID. */
  readonly side: string;
  readonly number: number;
  /** Where it is: `committed`, `production`. */
  readonly place: string;
  readonly status: string;
  /** Who promoted it, when, and its tags, in words; empty if the platform doesn't say. */
  readonly promotion: string;
}

/** A prompt's versions: committedand on the platform if `asks`; and why the platform's aren't there. */
export async function versionsAtHand(project: Project, { ref }: ResolvedImport, asks: boolean) {
  const { snapshotDir } = project.options;
  const versions: SideOption[] = [];
  const add = (side: string, place: string, version: PromptVersionData | undefined) => {
    if (version === undefined) return;
    const { versionNumber, status } = version;
    versions.push({ side, number: versionNumber, place, status, promotion: promotionText(version) });
  };
  add("snapshot", "committed", (await loadIfSound(snapshotDir, ref))?.version);
  let problem: unknown;
  if (asks && mayAsk(project)) {
    const fetchIfThere = async (pin: Pin) => {
      try {
        return await project.fetchVersion?.({ ...ref, pin });
      } catch (error) {
        if (!isScopeError(error)) throw error;
        if (!isMissing(error)) problem = error;
        return undefined;
      }
    };
    const own = ref.pin.kind === "label" ? ref.pin.label : undefined;
    const others = LABELS.filter((label) => label !== own);
    // All at once: one label may be slow.
    const pins: Pin[] = [ref.pin, ...others.map((label) => ({ kind: "label", label }) as const)];
    const [served, ...labels] = await Promise.all(pins.map(fetchIfThere));
    add("own", own ?? "pinned", served);
    for (const [at, label] of others.entries()) add(label, label, labels[at]);
  }
  return { versions, problem };
}

/** A side in the form that `diff` accepts; undefined for `own`. @throws ResourceError `version_not_found` */
export async function sideOf(
  project: Project,
  { ref }: ResolvedImport,
  side: string,
): Promise<DiffSide | undefined> {
  if (side === "snapshot") return side;
  if (side === "own") return undefined;
  const label = labelOf(side);
  return label
    ? { kind: "label", label }
    : { kind: "found", ...(await findVersion(project, ref.name, side)) };
}
