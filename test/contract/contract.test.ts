import { describe, expect, it, vi } from "vitest";
import { compareContracts } from "../../src/contract/compare-versions.ts";
import { type Contract, keepsContract, kindText, shapeOf } from "../../src/contract/contract.ts";
import type { JsonObject, JsonValue } from "../../src/prompt.ts";

const contract = (change: Partial<Contract> = {}): Contract => ({
  type: "text",
  roles: null,
  variables: ["name"],
  metadata: shapeOf({}),
  ...change,
});
const metadata = (value: JsonObject) => contract({ metadata: shapeOf(value) });

describe("compareContracts", () => {
  // biome-ignore format: one row a line
  it.each<[string, Contract, Contract, boolean, string[]]>([
    ["another order", contract({ variables: ["a", "b"] }), contract({ variables: ["b", "a"] }), true, []],
    ["roles", contract({ type: "chat", roles: ["system", "user"] }), contract({ type: "chat", roles: ["user", "system"] }), false, ["roles changed from [system, user] to [user, system]"]],
    ["null to text", metadata({ t: null }), metadata({ t: "1" }), false, ['metadata "t" changed from null to string']],
    ["object to null", metadata({ t: { a: 1 } }), metadata({ t: null }), false, ['metadata "t" changed from object to null']],
    ["empty array filled", metadata({ t: [] }), metadata({ t: [3] }), false, ['metadata "t" changed from empty array to array']],
    ["array emptied", metadata({ t: [3] }), metadata({ t: [] }), false, ['metadata "t" changed from array to empty array']],
    ["empty array to number", metadata({ t: [] }), metadata({ t: 3 }), false, ['metadata "t" changed from empty array to number']],
    ["mixed array", metadata({ t: ["a"] }), metadata({ t: ["a", 1] }), false, ['metadata "t" changed from array to mixed array']],
    ["mixed arrays", metadata({ t: [1, "a"] }), metadata({ t: ["a", 1, {}] }), true, []],
    ["array of nulls", metadata({ t: [null] }), metadata({ t: [1] }), false, ['metadata "t[]" changed from null to number']],
    ["inside", metadata({ a: { b: 1 } }), metadata({ a: {} }), false, ['metadata "a.b" is gone']],
    ["array of another kind", metadata({ t: ["a"] }), metadata({ t: [1] }), false, ['metadata "t[]" changed from string to number']],
    [
      "names that would control a terminal",
      contract({ type: "chat", roles: ["user"] }),
      contract({
        type: "chat",
        roles: ["x]\n2026 ERROR \u001b[2J"],
        variables: ["name", 'a"\u009b\u202e'],
        metadata: shapeOf({ "k\u0007\u2028\u200b\u{e0041}": 1 }),
      }),
      false,
      [
        'roles changed from [user] to ["x]\\n2026 ERROR \\u001b[2J"]',
        'new variable "a\\"\\u009b\\u202e"',
        'new metadata "k\\u0007\\u2028\\u200b\\udb40\\udc41"',
      ],
    ],
    ["hostile keys", contract({ metadata: shapeOf(JSON.parse('{"__proto__":1,"constructor":1}')) }), metadata({}), false, ['metadata "__proto__" is gone', 'metadata "constructor" is gone']],
  ])("%s", (_, from, to, keeps, messages) => {
    const changes = compareContracts(from, to);
    expect(changes.map((change) => change.message)).toEqual(messages);
    expect(keepsContract(changes)).toBe(keeps);
  });
});

it("each kind of change is reported by its name", () => {
  const chat = (role: string) => contract({ type: "chat", roles: [role] });
  const kinds = (from: Contract, to: Contract) => compareContracts(from, to).map(({ kind }) => kind);
  expect(kinds(contract(), chat("user"))).toEqual(["type"]);
  expect(kinds(chat("system"), chat("user"))).toEqual(["roles"]);
  expect(kinds(metadata({ a: 1, b: 1 }), metadata({ a: "", c: 1 }))).toEqual([
    "metadata-kind",
    "metadata-dropped",
    "metadata-added",
  ]);
});

describe("shapeOf", () => {
  it.each<[JsonValue, string]>([
    [null, "null"],
    ["", "string"],
    [0, "number"],
    [false, "boolean"],
    [{}, "object"],
    [[], "empty array"],
    [[1, 2], "array"],
    [[1, null], "mixed array"],
    [[[1], [""]], "mixed array"],
    [[[1], 1], "mixed array"],
    [[{}, 1], "mixed array"],
    [[1, {}], "mixed array"],
    [[{}, []], "mixed array"],
    [[[], {}], "mixed array"],
    [[[], [1]], "mixed array"],
    [[[], []], "array"],
  ])("%j is reported as %s", (value, kind) => {
    expect(kindText(shapeOf(value))).toBe(kind);
  });

  it("has the keys of an object in one order", () => {
    const keys = (value: JsonObject) => {
      const shape = shapeOf(value);
      return shape.kind === "object" ? shape.keys.map(([key]) => key) : [];
    };
    expect(keys({ b: 1, c: 1, a: 1 })).toEqual(["a", "b", "c"]);
    expect(keys({ a: 1, b: 1, c: 1 })).toEqual(["a", "b", "c"]);
  });

  it("an array of objects has their shape only if all have the same keys and kinds", () => {
    const shape = (...items: JsonObject[]) => shapeOf({ items });
    expect(shape({ a: 1, b: [""] }, { b: ["x"], a: 2 })).toEqual(shape({ a: 3, b: ["y"] }));
    for (const other of [
      { a: 1 },
      { a: 1, b: [1] },
      { a: "", b: [""] },
      { a: 1, c: [""] },
      { a: 1, b: [] },
    ]) {
      expect(shape({ a: 1, b: [""] }, other)).toEqual({
        kind: "object",
        keys: [["items", { kind: "array", items: { kind: "mixed" } }]],
      });
    }
  });

  it("doesn't write a value out again for each array that it's in", () => {
    let value: JsonValue = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key${i}`, i]));
    const size = JSON.stringify(value).length;
    for (let depth = 0; depth < 90; depth++) value = [value];
    const stringify = vi.spyOn(JSON, "stringify");
    shapeOf(value);
    const written = stringify.mock.results.reduce((sum, { value: text }) => sum + String(text).length, 0);
    stringify.mockRestore();
    expect(written).toBeLessThan(2 * size);
  });
});
