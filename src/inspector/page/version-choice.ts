import type { Row, VersionAtHand } from "../api.ts";

/** The version that is committed; without one the first that is at hand. */
export function committedSide(versions: readonly VersionAtHand[]): string {
  return sideAt(versions, "committed") ?? versions[0]?.side ?? "";
}

/** What the prompt's pin serves now; without the platform what is committed. */
export function servedSide({ pin }: Row, versions: readonly VersionAtHand[]): string {
  return sideAt(versions, pin) ?? committedSide(versions);
}

/** A choice that somebody made, while it can be had; else the one that is given. */
export function chosenSide(versions: readonly VersionAtHand[], chosen: string, standard: string): string {
  return versions.some(({ side }) => side === chosen) ? chosen : standard;
}

function sideAt(versions: readonly VersionAtHand[], place: string): string | undefined {
  return versions.find(({ places }) => places.includes(place))?.side;
}
