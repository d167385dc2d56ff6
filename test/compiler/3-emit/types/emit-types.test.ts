import { expect, it } from "vitest";
import { emitTypes, type TypesEntry } from "../../../../src/compiler/3-emit/types/emit-types.ts";
import { compile } from "../../prompts.ts";

const entry = (name: string): TypesEntry => ({
  specifier: `scope:${name}`,
  compiled: compile("Hi {{who}}", { name }),
  snapshotFile: `../scope/${name}@production.json`,
});

it("gives the same bytes for the same entries in any order", () => {
  const options = { dtsFile: "src/scope.d.ts" };
  const one = emitTypes([entry("b"), entry("a")], options);
  expect(emitTypes([entry("a"), entry("b")], options)).toEqual(one);
  expect([...one.code.matchAll(/declare module "(.*)"/g)].map(([, name]) => name)).toEqual([
    "scope:a",
    "scope:b",
  ]);
});

it("has a map that leads to the snapshot", () => {
  const { code, map } = emitTypes([entry("a")], { dtsFile: "src/scope.d.ts" });
  expect(JSON.parse(map)).toMatchObject({
    version: 3,
    file: "scope.d.ts",
    sources: ["../scope/a@production.json"],
  });
  expect(code.trimEnd().split("\n").at(-1)).toBe("//# sourceMappingURL=scope.d.ts.map");
});
