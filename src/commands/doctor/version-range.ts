/**
 * Does a version lie in a range as this package writes them: `^1.2.3` and `>=1.2.3`, several of them with `||`?
 * A version before a release counts as that release.
 *
 * @example inRange("22.12.0", "^20.19.0 || >=22.12.0") // true
 */
export function inRange(version: string, range: string): boolean {
  const own = numbers(version);
  return range.split("||").some((part) => {
    const [, sign, lowest = ""] = /^\s*(\^|>=)(\S+)\s*$/.exec(part) ?? [];
    const low = numbers(lowest);
    return compare(own, low) >= 0 && (sign === ">=" || own[0] === low[0]);
  });
}

function numbers(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0)) ?? 0;
  return (a[at] ?? 0) - (b[at] ?? 0);
}
