import leven from "leven";

/**
 * The candidate that `name` was probably meant to be. Case, `-` and `_` don't count as differences. If none is similar,
 * the only one that begins with it counts: `greeting` finds `greeting-template`.
 *
 * @example nearestName("timout", ["timeout", "openTimeout"]) // "timeout"
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplified(name);
  let nearest: string | undefined;
  // A third of the letters can be wrong; with fewer in common the hint would be a guess.
  let distance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  const all = [...candidates];
  for (const candidate of all) {
    const found = sameLetters(wanted, simplified(candidate))
      ? 1
      : leven(wanted, simplified(candidate), { maxDistance: distance });
    if (found < distance) {
      distance = found;
      nearest = candidate;
    }
  }
  if (nearest !== undefined || wanted.length < 3) return nearest;
  const longer = all.filter((candidate) => simplified(candidate).startsWith(wanted));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `Did you mean "timeout"?`, or the given fallback if no candidate is similar. */
export function didYouMean<T extends string | undefined>(
  name: string,
  candidates: Iterable<string>,
  otherwise: T,
): string | T {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? otherwise : `Did you mean "${nearest}"?`;
}

/** Swapped letters ("lable") are one slip, but count as two edits. */
function sameLetters(one: string, other: string): boolean {
  return one.length > 2 && one !== other && [...one].sort().join("") === [...other].sort().join("");
}

function simplified(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, "");
}
