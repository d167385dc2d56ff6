import leven from "leven";

/**
 * The candidate that `name` was probably meant to be, or undefined when none is near.
 * Case and the separators `-` and `_` do not count as differences, so `base_url` finds `baseUrl`. Where no name is near, the
 * one that begins with it counts: `greeting` finds `greeting-template`.
 *
 * @example nearestName("timout", ["timeout", "openTimeout"]) // "timeout"
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(name);
  let nearest: string | undefined;
  // A third of the letters may be wrong; with fewer in common the hint would be a guess.
  let distance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  const all = [...candidates];
  for (const candidate of all) {
    const found = sameLetters(wanted, plain(candidate))
      ? 1
      : leven(wanted, plain(candidate), { maxDistance: distance });
    if (found < distance) {
      distance = found;
      nearest = candidate;
    }
  }
  if (nearest !== undefined || wanted.length < 3) return nearest;
  const longer = all.filter((candidate) => plain(candidate).startsWith(wanted));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `Did you mean "timeout"?`; where no candidate is near, what is given for that. */
export function didYouMean<T extends string | undefined>(
  name: string,
  candidates: Iterable<string>,
  otherwise: T,
): string | T {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? otherwise : `Did you mean "${nearest}"?`;
}

/** Letters in another order ("lable") are one slip, which counts as two edits. */
function sameLetters(one: string, other: string): boolean {
  return one.length > 2 && one !== other && [...one].sort().join("") === [...other].sort().join("");
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, "");
}
