import { TestRunner } from "vitest";

/** The drills, in the order of their table. */
export const DRILLS = [
  "kill",
  "record",
  "ten at once",
  "disk",
  "outage",
  "hostile responses",
  "secrets",
  "scale",
  "soak",
] as const;

export type DrillName = (typeof DRILLS)[number];

/** The file of a drill's long form, which its row is found by. */
export function slowTestOf(drill: DrillName): string {
  return `${drill.replaceAll(" ", "-")}.slow.test.ts`;
}

/** A short form runs in `npm test`, in a few seconds; the long one in `npm run verify`, and its figures are recorded. */
export type DrillSize = "short" | "long";

/** What a test leaves for the reporter that writes `docs/reliability.md`. */
export interface DrillMeta {
  readonly name: DrillName;
  readonly shown: string;
}

declare module "vitest" {
  interface TaskMeta {
    drill?: DrillMeta;
  }
}

/**
 * Records what the present test has shown, with the figures of this run: a part of its drill's row in
 * `docs/reliability.md`. To be called once by a test, at its end.
 *
 * @param shown a short statement, such as "500 kills of `pull`: 0 torn files"
 */
export function recordDrill(name: DrillName, shown: string): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error("A drill is recorded within a test.");
  test.meta.drill = { name, shown };
}
