import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";

/**
 * `npm run mutation` changes the code of one room at a time and runs the room's unit tests, so that it shows which
 * statements no test would miss. `ROOM=compiler npm run mutation` takes one room, without it all take their turn in one run.
 * `SAMPLE=10` changes every tenth piece of ten lines alone: the large rooms take hours. `FROM=3` begins with the fourth
 * piece, for a sample that no test was written for.
 * The tests named here start no bundler and no compiler, and try no case by the thousand: each mutant runs them again.
 */
const ROOMS = {
  contract: {
    files: ["src/contract/**/*.ts"],
    tests: ["test/contract/{compare-inputs,compare-versions,contract,input-type}.test.ts"],
  },
  template: { files: ["src/template/**/*.ts"], tests: ["test/template/**/*.test.ts"] },
  snapshot: {
    files: ["src/project/snapshot/**/*.ts"],
    tests: ["test/project/snapshot/{format,git-history,snapshot}.test.ts"],
  },
  files: {
    files: ["src/files/**/*.ts"],
    tests: ["test/files/**/*.test.ts"],
  },
  compiler: {
    files: ["src/compiler/**/*.ts", "!src/compiler/**/*.d.ts"],
    tests: [
      "test/compiler/**/*.test.ts",
      "!test/compiler/*/{contract-types,hostile-text,injection,mustache-injection,unused-exports.ci}.test.ts",
    ],
  },
  client: {
    files: ["src/client/**/*.ts"],
    tests: [
      "test/client/**/*.test.ts",
      "!test/client/**/{core.built,transports.built,hostile-responses.ci}.test.ts",
    ],
  },
  live: {
    files: ["src/runtime/live/**/*.ts"],
    tests: [
      "test/runtime/live/{adopt-version,credentials,live-parts,live-prompt,requests}.test.ts",
      "test/runtime/configure-live.test.ts",
    ],
  },
};

const chosen = process.env.ROOM ? [process.env.ROOM] : Object.keys(ROOMS);
const rooms = chosen.map((name) => {
  if (!Object.hasOwn(ROOMS, name))
    throw new Error(`ROOM=${name}: known are ${Object.keys(ROOMS).join(", ")}.`);
  return ROOMS[name];
});
// The runner's processes read their tests from here: see vitest.mutation.config.ts.
process.env.MUTATION_TESTS = JSON.stringify(rooms.flatMap(({ tests }) => tests));

/** The files of a pattern, or `file:from-to` for every nth piece of ten lines of them. */
function sampled(patterns, every, from) {
  if (every === 1) return patterns;
  const isLeftOut = (pattern) => pattern.startsWith("!");
  const files = globSync(
    patterns.filter((one) => !isLeftOut(one)),
    { ignore: patterns.filter(isLeftOut).map((one) => one.slice(1)) },
  ).sort();
  const pieces = files.flatMap((file) => {
    const count = Math.ceil(readFileSync(file, "utf8").split("\n").length / 10);
    return Array.from({ length: count }, (_, i) => `${file}:${i * 10 + 1}-${i * 10 + 10}`);
  });
  return pieces.filter((_, i) => i % every === from);
}

export default {
  testRunner: "vitest",
  vitest: { configFile: "build/vitest.mutation.config.ts", related: false },
  coverageAnalysis: "perTest",
  // What runs once, when a module loads, would need all tests again for each mutant.
  ignoreStatic: true,
  concurrency: 1,
  mutate: sampled(
    rooms.flatMap(({ files }) => files),
    Number(process.env.SAMPLE ?? 1),
    Number(process.env.FROM ?? 0),
  ),
  ignorePatterns: ["dist", "demo", "bench", "fixtures", "test/python/recorded"],
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `reports/mutation-${process.env.ROOM ?? "all"}.json` },
  // A second run takes from the first what neither the code nor the tests have changed.
  incremental: true,
  incrementalFile: `reports/incremental-${process.env.ROOM ?? "all"}.json`,
  cleanTempDir: "always",
  // It would put a comment into the expected outputs too.
  disableTypeChecks: false,
};
