import { expect, it } from "vitest";
import { addToList } from "../../src/commands/init/edit-jsonc.ts";

it.each<[string, string, string[], unknown[], string]>([
  ["a list on one line", '{ "a": ["x"] }', ["a"], ["y"], '{ "a": ["x", "y"] }'],
  ["an empty list", '{ "a": [] }', ["a"], ["y"], '{ "a": ["y"] }'],
  [
    "what is there already",
    '{ "a": ["y", { "b": 1 }] }',
    ["a"],
    ["y", { b: 1 }],
    '{ "a": ["y", { "b": 1 }] }',
  ],
  [
    "a list on lines, with comments",
    '{\n  // ours\n  "a": [\n    "x", // all\n  ],\n}\n',
    ["a"],
    ["y", { env: "Z" }],
    '{\n  // ours\n  "a": [\n    "x",\n    "y",\n    { "env": "Z" }, // all\n  ],\n}\n',
  ],
  [
    "a list that gets too long for its line",
    `{\r\n\t"a": ["${"x".repeat(50)}"]\r\n}`,
    ["a"],
    ["y".repeat(30)],
    `{\r\n\t"a": [\r\n\t\t"${"x".repeat(50)}",\r\n\t\t"${"y".repeat(30)}"\r\n\t]\r\n}`,
  ],
  ["no list, in an empty object", "{}\n", ["a"], ["y"], '{\n  "a": ["y"]\n}\n'],
  ["no list, on one line", '{ "b": 1 }', ["a"], ["y"], '{ "b": 1, "a": ["y"] }'],
  ["no list, behind others", '{\n\t"b": ["z"]\n}\n', ["a"], ["y"], '{\n\t"b": ["z"],\n\t"a": ["y"]\n}\n'],
  [
    "no list, behind a trailing comma",
    '{\n  "b": 1, // one\n}\n',
    ["a"],
    ["y"],
    '{\n  "b": 1,\n  "a": ["y"], // one\n}\n',
  ],
  ["no object around it", '{\n  "b": 1\n}\n', ["f", "a"], ["y"], '{\n  "b": 1,\n  "f": { "a": ["y"] }\n}\n'],
  [
    "an object around it",
    '{\n  "f": {\n    "b": 1\n  }\n}\n',
    ["f", "a"],
    ["y"],
    '{\n  "f": {\n    "b": 1,\n    "a": ["y"]\n  }\n}\n',
  ],
])("%s takes values", (_, before, keys, values, after) => {
  expect(addToList(before, keys, values)).toBe(after);
});

it.each([
  ["{", ["a"]],
  ['{ "a": "b" }', ["a"]],
  ['{ "a": 1 }', ["a", "b"]],
  ["[]", ["a"]],
])("%s is left alone", (text, keys) => {
  expect(addToList(text, keys, ["y"])).toBeUndefined();
});
