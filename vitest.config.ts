import { configDefaults, defineConfig } from "vitest/config";

/** `npm run verify` is mode "verify": it runs the slow suites too, which are too long for every change. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(mode === "verify" ? [] : ["test/**/*.slow.test.ts"])],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The framework suites of "verify" write docs/support.md, its drills docs/reliability.md.
    reporters: [
      "default",
      ...(mode === "verify"
        ? ["./test/frameworks/support-reporter.ts", "./test/drills/drill-reporter.ts"]
        : []),
      "./test/count-reporter.ts",
    ],
  },
}));
