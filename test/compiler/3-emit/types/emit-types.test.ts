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

it("declares for the client what has its own name first, then what an alias leads to, sorted", () => {
  const alias = (specifier: string, name: string): TypesEntry => ({ ...entry(name), specifier });
  const entries = [alias("scope:x", "zebra"), alias("scope:y", "ant"), entry("bee"), alias("scope:b", "bee")];
  const { code } = emitTypes(entries, { dtsFile: "scope.d.ts", forClient: true });
  const [, names = ""] =
    /\ninterface UnpluginScopePrompts \{\n([^}]*(?:\}[^}]*)*?)\n\}\n\/\//.exec(code) ?? [];
  expect(names.split("\n").map((line) => line.split(":")[0]?.trim())).toEqual(['"ant"', '"zebra"']);
  expect(names).toContain('"ant": [typeof import("scope:y").');
  expect(code.match(/global \{ interface UnpluginScopePrompts \{ "bee": /g)).toHaveLength(1);
  expect(emitTypes(entries, { dtsFile: "scope.d.ts" }).code).not.toContain("UnpluginScopePrompts");
});
