import { describe, expect, it } from "vitest";
import { parseScript, renderCalls } from "../../../src/commands/lint/render-calls.ts";

/** The calls in a file, each import of `scope:x` in it counted as one of the prompt. */
function callsIn(code: string, file = "/app/a.ts") {
  const places = [...code.matchAll(/(["'`])scope:x\1/g)].map(({ index }) => {
    const before = code.slice(0, index).split("\n");
    return { line: before.length, column: (before.at(-1) as string).length + 1 };
  });
  expect(places).not.toEqual([]);
  return renderCalls(parseScript(file, code), places);
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
    expect(callsIn(`${IMPORT}${call};`)).toEqual([{ line: 2, constants }]);
  });

  it.each(["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"])("are found in a .%s file", (extension) => {
    expect(callsIn(`${IMPORT}x({ a: "b" });`, `/app/a.${extension}`)).toEqual([
      { line: 2, constants: { a: "b" } },
    ]);
  });
});

describe("every call is known", () => {
  it.each([
    ['import { render as y, metadata, type Variables } from "scope:x";\nexport const z = () => y({});', 1],
    [`${IMPORT}x({});\nconsole.log(other.x, { x: 1 });\ntype T = typeof x;`, 1],
    [`${IMPORT}import { render } from "scope:x";\n[x({}), render({})];`, 2],
    ['import type x from "scope:x";\nlet a: x;', 0],
    ['type V = import("scope:x").Variables;', 0],
    ['/** @type {import("scope:x").Variables} */\nconst v = {};', 0],
    ['import "scope:x";', 0],
  ])("in %j", (code, count) => {
    expect(callsIn(code)).toHaveLength(count);
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
    expect(callsIn(code)).toBeUndefined();
  });
});
