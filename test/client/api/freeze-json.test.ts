import { expect, it } from "vitest";
import { freezeJson } from "../../../src/client/api/freeze-json.ts";

const any = () => ({ left: Infinity });

it("freezes arrays and objects at every depth", () => {
  const deep = { list: [{ a: 1 }, null, true, "text"] };
  expect(freezeJson(deep, any())).toBeUndefined();
  for (const each of [deep, deep.list, deep.list[0]]) expect(Object.isFrozen(each)).toBe(true);
});

it.each([[Infinity], [-Infinity], [[1, { a: Infinity }, 2]]])(
  "refuses a number that JSON can't write: %j",
  (value) => {
    expect(freezeJson(value, any())).toBe("numbers out of range");
  },
);

it.each<[value: unknown, parts: number]>([
  [1, 1],
  [null, 1],
  [[], 1],
  [[1, 2], 3],
  [{ a: [true] }, 3],
  ["", 1],
  ["no variable", 1],
  ["{{a}} and {{b}}", 3],
  [["{{a}}", "b"], 4],
])("%j has %i parts", (value, parts) => {
  const budget = { left: 100 };
  freezeJson(value, budget);
  expect(budget.left).toBe(100 - parts);
});

it("uses up the whole budget, and leaves the rest alone", () => {
  const inner = ["in the budget"];
  const outer = [inner, ["beyond it"]];
  const budget = { left: 3 };
  expect(freezeJson(outer, budget)).toBeUndefined();
  expect(budget.left).toBe(-1);
  expect(Object.isFrozen(inner)).toBe(true);
  expect(Object.isFrozen(outer[1])).toBe(false);
  expect(freezeJson(Infinity, { left: 0 })).toBeUndefined();
});

it("the last value in the budget is frozen too", () => {
  const last: unknown[] = [];
  freezeJson(last, { left: 1 });
  expect(Object.isFrozen(last)).toBe(true);
});

it("stops counting a text just beyond the budget", () => {
  const budget = { left: 3 };
  freezeJson("{{".repeat(50), budget);
  expect(budget.left).toBe(-1);
});
