import type { VersionAtHand } from "../api.ts";

/** The committed version; otherwise the first available one. */
export function committedSide(versions: readonly VersionAtHand[]): string {
  return chosenSide(versions, "snapshot", versions[0]?.side ?? "");
}

/** What the prompt's pin serves now; without the platform, what is committed. */
export function servedSide(versions: readonly VersionAtHand[]): string {
  return chosenSide(versions, "own", committedSide(versions));
}

/** The user's choice, as long as it is available; otherwise the given one. */
export function chosenSide(versions: readonly VersionAtHand[], chosen: string, standard: string): string {
  return versions.some(({ side }) => side === chosen) ? chosen : standard;
}

/** `3 (production)`, by the name of the side. */
export function versionOptions(versions: readonly VersionAtHand[]) {
  return versions.map(({ side, number, place, status }) => {
    const notes = status === "published" ? place : `${place}, ${status}`;
    return [side, `${number} (${notes})`] as const;
  });
}

/** `version 3 (production)` */
export function versionTitle(versions: readonly VersionAtHand[], side: string): string {
  return `version ${versionOptions(versions).find(([one]) => one === side)?.[1] ?? "–"}`;
}
