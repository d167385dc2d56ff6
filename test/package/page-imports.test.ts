import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

const DIST = join(ROOT, "dist");

/** The files that a file of `dist` loads before it runs, and the packages. */
function loaded(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { fileName } of ts.preProcessFile(readFileSync(join(DIST, file), "utf8"), true, true)
    .importedFiles) {
    if (fileName.startsWith("./") && isStatic(file, fileName)) loaded(fileName.slice(2), seen);
    else if (!fileName.startsWith("./") && !fileName.startsWith("node:") && isStatic(file, fileName))
      seen.add(fileName);
  }
  return seen;
}

function isStatic(file: string, specifier: string): boolean {
  return new RegExp(`^(?:import|export)\\b[^"]*"${specifier.replaceAll(".", "\\.")}";`, "m").test(
    readFileSync(join(DIST, file), "utf8"),
  );
}

it("what a page or an edge runtime loads imports nothing of Node", () => {
  const files = [...loaded("runtime.js")];
  // A lazy import of what is in a shared chunk brings in the bundler's own helpers, which import Node.
  expect(files.filter((file) => /^import .*"node:/m.test(readFileSync(join(DIST, file), "utf8")))).toEqual(
    [],
  );
});
