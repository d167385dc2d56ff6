import { expect, it } from "vitest";
import { findCalls } from "../../src/inspector/views/find-calls.ts";

/** The calls of a file's imports of prompts, as text. */
function callsIn(text: string, file = "a.ts"): readonly string[] {
  const imports = [...text.matchAll(/"scope:\w+"/g)].map(({ index }) => index);
  return findCalls(text, file, imports).map(({ start, end }) => text.slice(start, end));
}

it.each([
  ["a default import", 'import a from "scope:a";\na({ name: "(" });', ['a({ name: "(" })']],
  ["over several lines", 'import a from "scope:a";\nb(a({\n  c: d(1),\n}));', ["a({\n  c: d(1),\n})"]],
  ["a named one", 'import { render as a, metadata } from "scope:a";\na({}); metadata();', ["a({})"]],
  ["both", 'import a, { render } from "scope:a";\na(); render();', ["a()", "render()"]],
  [
    "a namespace",
    'import * as a from "scope:a";\na.default({}); a.render(); a.getMetadata();',
    ["a.default({})", "a.render()"],
  ],
  ["the default by its name", 'import { default as a } from "scope:a";\na();', ["a()"]],
  ["two prompts", 'import a from "scope:a";\nimport b from "scope:b";\nb(a());', ["b(a())", "a()"]],
  [
    "members, types and comments",
    'import a from "scope:a";\nimport type b from "scope:b";\nx.a(); // a()\nb();',
    [],
  ],
  ["one that is passed on", 'import a from "scope:a";\nexport const all = [a];', []],
])("%s", (_, text, expected) => expect(callsIn(text)).toEqual(expected));

it("the scripts of components", () => {
  const text = '<p>a()</p>\n<script lang="ts">\nimport a from "scope:a";\nconst b = a({});\n</script>';
  expect(callsIn(text, "a.vue")).toEqual(["a({})"]);
});
