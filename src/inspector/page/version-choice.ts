import type { VersionAtHand } from "../api.ts";

/** The committed version; otherwise the first available one. */
export function committedSide(versions: readonly VersionAtHand[]): string {
  return sideIn(versions, "snapshot") ?? versions[0]?.side ?? "";
}

/** What the prompt's pin serves now; without the platform, what is committed. */
export function servedSide(versions: readonly VersionAtHand[]): string {
  return sideIn(versions, "own") ?? committedSide(versions);
}

/** The user's choice, as long as it is available; otherwise the given one. */
export function chosenSide(versions: readonly VersionAtHand[], chosen: string, standard: string): string {
  return versions.some(({ side }) => side === chosen) ? chosen : standard;
}

/** `version 3 (production)` */
export function versionTitle(versions: readonly VersionAtHand[], side: string): string {
  const found = versions.find((one) => one.side === side);
  return found === undefined ? "version –" : `version ${found.number} (${found.places.join(", ")})`;
}

function sideIn(versions: readonly VersionAtHand[], side: string): string | undefined {
  return versions.find((one) => one.side === side)?.side;
}
