import { didYouMean } from "../errors/nearest-name.ts";

/** What an object's keys can hold: whether a value is right, and what it must be, in words. */
export type Checks = Readonly<
  Record<string, readonly [isRight: (value: unknown) => boolean, wanted: string]>
>;

export const isText = (value: unknown) => typeof value === "string" && value !== "";

/**
 * Checks an object's keys and values. A mistyped `production` would silently serve the wrong version.
 *
 * @param what what a key should have been: `an option of startPlatform`
 * @throws the error of `fail` for the first problem
 */
export function checkKeys(
  data: object,
  checks: Checks,
  {
    what,
    prefix = "",
    fail,
  }: { what: string; prefix?: string; fail: (problem: string, hint?: string) => Error },
): void {
  for (const [key, value] of Object.entries(data)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const known = Object.keys(checks);
    if (check === undefined) {
      throw fail(`"${prefix}${key}" isn't ${what}`, didYouMean(key, known, `Known: ${known.join(", ")}.`));
    }
    if (!check[0](value)) throw fail(`"${prefix}${key}" must be ${check[1]}`);
  }
}
