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

it.each(["vite", "rollup", "rolldown", "esbuild", "webpack", "rspack"])(
  "the entry for %s doesn't load compiler, client or packages before something has changed",
  (name) => {
    const files = [...loaded(`${name}.js`)];
    expect(files.filter((file) => !file.endsWith(".js"))).toEqual([]);
    // Each file costs time of its own: the groups in tsdown.config.ts name what belongs into one.
    expect(files.length, files.join(", ")).toBeLessThanOrEqual(8);
    const code = files.map((file) => readFileSync(join(DIST, file), "utf8"));
    expect(code.join("").length).toBeLessThan(106_000);
    expect(
      code.filter((text) =>
        /src\/(?:compiler|client\/(?!connection\/types)|project\/(?:snapshot|config\/validate))/.test(text),
      ),
    ).toEqual([]);
  },
);

it("what a page or an edge runtime loads contains none of it", () => {
  const files = [...loaded("runtime.js")];
  expect(files.filter((file) => file.includes("first-look"))).toEqual([]);
  // A lazy import of what is in a shared chunk brings in the bundler's own helpers, which import Node.
  expect(files.filter((file) => /^import .*"node:/m.test(readFileSync(join(DIST, file), "utf8")))).toEqual(
    [],
  );
});
