import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface NextVersion {
  readonly major: number;
  readonly minor: number;
}

/** The version of Next that a project has; undefined if none is found. */
export function nextVersion(dir: string): NextVersion | undefined {
  let file: string;
  try {
    file = createRequire(join(dir, "next.config.js")).resolve("next/package.json");
  } catch {
    // Not installed where Node looks. The config is made for the newest version.
    return undefined;
  }
  const [major, minor] = String(JSON.parse(readFileSync(file, "utf8")).version)
    .split(".")
    .map(Number);
  return major === undefined || minor === undefined ? undefined : { major, minor };
}
