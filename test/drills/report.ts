import { TestRunner } from "vitest";

/** What each drill does, in the words and the order of its row. */
export const BREAKS = {
  kill: "kills `pull`, `emit` and a dev server while they write",
  record: "stops, kills, copies and moves builds that overlap with commits",
  outage: "takes the platform away, wholly or in part: DNS, TLS, proxy, slow answers",
  "hostile responses": "sends prompts and answers that somebody made to do harm",
  secrets: "looks for keys and tokens in all output, files, caches and memory",
};

export type DrillName = keyof typeof BREAKS;
export const DRILLS = Object.keys(BREAKS) as readonly DrillName[];

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
