import { expect, it } from "vitest";
import { memberColumns } from "../../../../src/compiler/3-emit/types/member-columns.ts";

const columns = (line: string) => [...memberColumns(line)];

it.each<[string, ReturnType<typeof columns>]>([
  ["type A = { readonly b: { c: string } };", [["b", 20]]],
  [
    "export type V = { a: 1; b?: Section<{ inner: 1; other: 2 }>; c: (x: { y: 1 }) => void };",
    [
      ["a", 18],
      ["b", 24],
      ["c", 61],
    ],
  ],
  [
    'const x: { "a;b {": string; $d_1: readonly [{ e: 1 }] };',
    [
      ["a;b {", 11],
      ["$d_1", 28],
    ],
  ],
  // The first object type alone.
  ["type A = { a: 1 } | { b: 2; c: 3 };", [["a", 11]]],
  ["type A = Record<string, never>;", []],
  ["type A = [{ a: 1 }]; type B = { b: 2 };", [["b", 32]]],
])("the members of %s", (line, expected) => {
  expect(columns(line)).toEqual(expected);
});
