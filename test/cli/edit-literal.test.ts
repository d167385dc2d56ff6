import { expect, it } from "vitest";
import { insertLast } from "../../src/commands/project-files/scripts/edit-literal.ts";
import { jsonObject, textOf } from "../../src/commands/project-files/scripts/parse-script.ts";

it.each([
  ["on one line", '{ "a": 1 }', '{ "a": 1, "b": 2 }'],
  ["in an empty object", "{}", '{ "b": 2 }'],
  [
    "before comments",
    '{\n  "a": 1, // one\n  // more\n}\n',
    '{\n  "a": 1,\n  "b": 2, // one\n  // more\n}\n',
  ],
  ["with Windows' line ends", '{\r\n\t"a": 1\r\n}', '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}'],
  ["behind a byte order mark", '\uFEFF{ "a": 1 }', '\uFEFF{ "a": 1, "b": 2 }'],
])("a member is added at the end, %s", (_, before, after) => {
  const object = jsonObject(before);
  if (object !== undefined) insertLast(object, '"b": 2');
  expect(object && textOf(object.getSourceFile(), before)).toBe(after);
});
