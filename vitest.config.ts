import { configDefaults, defineConfig } from "vitest/config";
import SoakFirst from "./test/drills/soak-first.ts";
import { LONG_TESTS, NO_UNIT_TESTS, UNIT_TESTS } from "./test/unit-tests.ts";

const EVERY_TEST = ["test/**/*.test.ts"];
const SLOW_TESTS = ["test/**/*.slow.test.ts"];

/**
 * `npm run verify` is mode "verify": it runs the slow suites too, which are too long for every change.
 * `npm run test:unit` is mode "unit": only what needs neither a build nor a bundler.
 */
export default defineConfig(({ mode }) => {
  const left =
    mode === "verify" ? [] : mode === "unit" ? [...SLOW_TESTS, ...NO_UNIT_TESTS, ...LONG_TESTS] : SLOW_TESTS;
  return {
    test: {
      include: mode === "unit" ? [...UNIT_TESTS] : EVERY_TEST,
      exclude: [...configDefaults.exclude, ...left],
      // The unit tests clean up after themselves, and half of their time would go into loading modules for each file.
      ...(mode === "unit" ? { isolate: false } : {}),
      // Vitest leaves one core free, which is half of a small machine. Most tests wait for programs that they start.
      maxWorkers: "100%",
      testTimeout: 60_000,
      hookTimeout: 60_000,
      ...(mode === "verify" ? { sequence: { sequencer: SoakFirst } } : {}),
      // The framework suites of "verify" write docs/support.md, its drills docs/reliability.md.
      reporters: [
        "default",
        ...(mode === "verify"
          ? ["./test/frameworks/support-reporter.ts", "./test/drills/drill-reporter.ts"]
          : []),
        "./test/count-reporter.ts",
      ],
    },
  };
});
