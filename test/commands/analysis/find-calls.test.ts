import { describe, expect, it } from "vitest";
import { findCalls, parseCode } from "../../../src/commands/analysis/find-calls.ts";

/** The calls in a file, each import of `scope:x` in it counted as one of the prompt. */
function callsIn(code: string, file = "/app/a.ts") {
  const places = [...code.matchAll(/(["'`])scope:x\1/g)].map(({ index }) => {
    const before = code.slice(0, index).split("\n");
    return { line: before.length, column: (before.at(-1) as string).length + 1 };
  });
  expect(places).not.toEqual([]);
  const script = parseCode(file, code);
  return script && findCalls(script, places);
}

const IMPORT = 'import x from "scope:x";\n';

describe("a call's constants", () => {
  it.each([
    ['x({ a: "b" })', { a: "b" }],
    ["x({ a: 'b', c: `d` })", { a: "b", c: "d" }],
    ["x({ a: 1.50, b: -2, c: true, d: false })", { a: "1.5", b: "-2", c: "true", d: "false" }],
    ['x(({ "a": ("b" as const) }) satisfies object)', { a: "b" }],
    ['x?.({ a: "b" })', { a: "b" }],
    ["x({ a: `b${c}`, d: e, f, g() {}, h: null })", {}],
    ['x({ a: "b", ...rest })', {}],
    ['x({ ...rest, a: "b" })', { a: "b" }],
    ['x({ a: "b", [key]: "c" })', {}],
    ['x({ a: "b", a: c })', {}],
    ["x(values)", {}],
    ["x()", {}],
  ])("%s", (call, constants) => {
    expect(callsIn(`${IMPORT}${call};`)?.calls).toMatchObject([{ line: 2, constants }]);
    expect(callsIn(`${IMPORT}${call};`)?.calls[0]?.constants).toEqual(constants);
  });

  it.each(["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"])("are found in a .%s file", (extension) => {
    const found = callsIn(`${IMPORT}x({ a: "b" });`, `/app/a.${extension}`);
    expect(found?.calls).toMatchObject([{ line: 2, constants: { a: "b" } }]);
  });
});

describe("all calls are known", () => {
  it.each([
    ['import { render as y, metadata, type Variables } from "scope:x";\nexport const z = () => y({});', 1],
    [`${IMPORT}x({});\nconsole.log(other.x, { x: 1 });\ntype T = typeof x;`, 1],
    [`${IMPORT}import { render } from "scope:x";\n[x({}), render({})];`, 2],
    ['import type x from "scope:x";\nlet a: x;', 0],
    ['type V = import("scope:x").Variables;', 0],
    ['/** @type {import("scope:x").Variables} */\nconst v = {};', 0],
    ['import "scope:x";', 0],
  ])("in %j", (code, count) => {
    const found = callsIn(code);
    expect(found?.calls).toHaveLength(count);
    expect(found?.isComplete).toBe(true);
  });
});

describe("other calls are possible", () => {
  it.each([
    `${IMPORT}x({});\nexport { x };`,
    `${IMPORT}export default x;`,
    `${IMPORT}x({}); use(x);`,
    `${IMPORT}const all = { x };`,
    `${IMPORT}const all = { y: x };`,
    `${IMPORT}class A extends x {}`,
    `${IMPORT}x.call(null, {});`,
    `${IMPORT}function f(x) { x({}); }`,
    'import * as x from "scope:x";\nx.render({});',
    'import { content } from "scope:x";\nfill(content);',
    'import { current } from "scope:x";\ncurrent().render({});',
    'export { default } from "scope:x";',
    'export * from "scope:x";',
    'const { default: x } = await import("scope:x");',
    'const x = require("scope:x");',
  ])("after %j", (code) => {
    expect(callsIn(code)?.isComplete).toBe(false);
  });
});

describe("the text of a call", () => {
  /** The calls of a file's imports of prompts, as text. */
  function textsIn(text: string, file = "a.ts"): readonly string[] {
    const places = [...text.matchAll(/"scope:\w+"/g)].map(({ index }) => {
      const before = text.slice(0, index).split("\n");
      return { line: before.length, column: (before.at(-1) as string).length + 1 };
    });
    const script = parseCode(file, text);
    const { calls } = script === undefined ? { calls: [] } : findCalls(script, places);
    return calls.map(({ start, end }) => text.slice(start, end));
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
  ])("of %s", (_, text, expected) => expect(textsIn(text)).toEqual(expected));

  it("in the scripts of components", () => {
    const text = '<p>a()</p>\n<script lang="ts">\nimport a from "scope:a";\nconst b = a({});\n</script>';
    expect(textsIn(text, "a.vue")).toEqual(["a({})"]);
  });
});
