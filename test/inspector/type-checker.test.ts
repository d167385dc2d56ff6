import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { startTypeChecker } from "../../src/inspector/type-checker.ts";
import { makeApp } from "../support/app.ts";

const TSCONFIG = '{ "compilerOptions": { "strict": true, "types": [] }, "include": ["a.ts"] }';
const types = (variables: string) =>
  new Map([
    ["scope:a", `declare module "scope:a" { export default function a(given: ${variables}): string; }`],
  ]);

/** Checks a call that lacks a new variable. */
async function check(checker: ReturnType<typeof startTypeChecker>, tsconfig = TSCONFIG) {
  const root = await makeApp({ "tsconfig.json": tsconfig, "a.ts": 'import a from "scope:a";\na({});\n' });
  return checker.findBrokenCalls({
    befores: [types("{}")],
    afters: [types("{ name: string }")],
    typesFile: join(root, "scope.d.ts"),
    sources: [join(root, "a.ts")],
    components: [],
  });
}

it("refuses a check that is in progress when it's closed, and later ones", async () => {
  const checker = startTypeChecker();
  const checks = [check(checker), check(checker)];
  await setTimeout(50);
  checker.close();
  for (const one of [...checks, check(checker)]) await expect(one).rejects.toThrow("has ended");
});

it("finds broken calls without blocking this thread, also after a config that doesn't parse", async () => {
  const checker = startTypeChecker();
  onTestFinished(() => checker.close());
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  onTestFinished(() => clearInterval(timer));
  expect((await check(checker)).calls).toMatchObject([{ line: 2, specifiers: ["scope:a"] }]);
  expect(turns).toBeGreaterThan(5);
  await expect(check(checker, "{ nothing")).rejects.toMatchObject({ code: "tsconfig_invalid" });
  expect((await check(checker)).calls).toHaveLength(1);
}, 60_000);
