import { configDefaults, defineConfig } from "vitest/config";
import { textImports } from "./text-imports.ts";

/** The tests of the rooms that `npm run mutation` changes; stryker.config.js names them. */
const tests = JSON.parse(process.env.MUTATION_TESTS ?? "[]") as string[];
const isLeftOut = (pattern: string) => pattern.startsWith("!");

export default defineConfig({
  plugins: [textImports],
  test: {
    include: tests.filter((pattern) => !isLeftOut(pattern)),
    exclude: [...configDefaults.exclude, ...tests.filter(isLeftOut).map((pattern) => pattern.slice(1))],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
