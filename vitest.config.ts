import { configDefaults, defineConfig } from "vitest/config";
import { textImports } from "./build/text-imports.ts";

/**
 * A file's name says when it runs. `x.test.ts`: always. `x.ci.test.ts`: where a run may take half an hour, with
 * `npm test -- --mode ci`, as the pipeline does. `x.slow.test.ts`: with `npm run verify`, which runs everything.
 * `npm run test:unit` is mode "unit": the folders that need neither a build nor a bundler, without what is named
 * `x.built.test.ts`.
 */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  unit: ["test/**/*.{built,ci,slow}.test.ts"],
  test: ["test/**/*.{ci,slow}.test.ts"],
  ci: ["test/**/*.slow.test.ts"],
  verify: [],
};

export default defineConfig(({ mode }) => ({
  plugins: [textImports],
  test: {
    include: [
      mode === "unit"
        ? "test/{client,compiler,errors,files,project/{config,snapshot},runtime,template}/**/*.test.ts"
        : "test/**/*.test.ts",
    ],
    exclude: [...configDefaults.exclude, ...(LEFT_OUT[mode] ?? [])],
    // Vitest leaves one core free, which is half of a small machine. Most tests wait for programs that they start.
    maxWorkers: "100%",
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
