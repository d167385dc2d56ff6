/**
 * One case for each of the 124 tests in five of the six core files of the public Mustache specification (version 1.4), under the
 * name that it has there. The templates and data are written for this file, so that a case is not the specification's
 * text but its rule: what the test of that name shows, with what it takes to tell a wrong implementation from a right
 * one. `mustache.test.ts` counts the cases of each file, compiles every template and asserts the whole text that the
 * emitted module renders. What differs on purpose: a partial is an error, so the sixth file has no cases; and nothing is
 * escaped for HTML.
 */
export interface MustacheCase {
  readonly name: string;
  readonly template: string;
  readonly data: unknown;
  /** The text, or the code of an error. */
  readonly expected: string;
}

type Row = readonly [name: string, template: string, data: unknown, expected: string];

const SIGNS = `& " < >`;

// biome-ignore format: one row a line
const comments: readonly Row[] = [
  ["Inline", "ab{{! not there }}cd", {}, "abcd"],
  ["Multiline", "ab{{!\n  not\n  there...\n}}cd\n", {}, "abcd\n"],
  ["Standalone", "first\n{{! not there }}\nlast\n", {}, "first\nlast\n"],
  ["Indented Standalone", "first\n   {{! not there }}\nlast\n", {}, "first\nlast\n"],
  ["Standalone Line Endings", "[\r\n{{! not there }}\r\n]", {}, "[\r\n]"],
  ["Standalone Without Previous Line", "   {{! not there }}\nlast", {}, "last"],
  ["Standalone Without Newline", "first\n   {{! not there }}", {}, "first\n"],
  ["Multiline Standalone", "first\n{{!\nnot there\n}}\nlast\n", {}, "first\nlast\n"],
  ["Indented Multiline Standalone", "first\n  {{!\n    not there\n  }}\nlast\n", {}, "first\nlast\n"],
  ["Indented Inline", "  ab {{! cd }}\n", {}, "  ab \n"],
  ["Surrounding Whitespace", "ab {{! not there }} cd", {}, "ab  cd"],
  ["Variable Name Collision", "never: >{{! note }}<", { "! note": 1, "! note ": 2, "!note": 3, note: 4 }, "never: ><"],
];

// biome-ignore format: one row a line
const delimiters: readonly Row[] = [
  ["Pair Behavior", "{{=<% %>=}}[<%word%>]", { word: "hi" }, "[hi]"],
  ["Special Characters", "[{{=( )=}}(word)]", { word: "hi" }, "[hi]"],
  [
    "Sections",
    "<\n{{#on}}\n  {{word}}\n  |word|\n{{/on}}\n\n{{= | | =}}\n|#on|\n  {{word}}\n  |word|\n|/on|\n>\n",
    { on: true, word: "hi" },
    "<\n  hi\n  |word|\n\n  {{word}}\n  hi\n>\n",
  ],
  [
    "Inverted Sections",
    "<\n{{^on}}\n  {{word}}\n  |word|\n{{/on}}\n\n{{= | | =}}\n|^on|\n  {{word}}\n  |word|\n|/on|\n>\n",
    { on: false, word: "hi" },
    "<\n  hi\n  |word|\n\n  {{word}}\n  hi\n>\n",
  ],
  ["Partial Inheritence", "<{{>part}}>\n{{= | | =}}\n<|>part|>\n", { word: "hi" }, "template_partial"],
  ["Post-Partial Behavior", "<{{>part}}>\n<({{word}}) (|word|)>\n", { word: "hi" }, "template_partial"],
  ["Surrounding Whitespace", "[ {{=@ @=}} ]", {}, "[  ]"],
  ["Outlying Whitespace (Inline)", " [ {{=@ @=}}\n", {}, " [ \n"],
  ["Standalone Tag", "first\n{{=@ @=}}\nlast\n", {}, "first\nlast\n"],
  ["Indented Standalone Tag", "first\n  {{=@ @=}}\nlast\n", {}, "first\nlast\n"],
  ["Standalone Line Endings", "[\r\n{{= @ @ =}}\r\n]", {}, "[\r\n]"],
  ["Standalone Without Previous Line", "  {{=@ @=}}\nlast", {}, "last"],
  ["Standalone Without Newline", "first\n  {{=@ @=}}", {}, "first\n"],
  ["Pair with Padding", "[{{= @   @ =}}]", {}, "[]"],
];

/** A rule that holds for each of the three ways to print: double, triple, ampersand. */
const three = (
  names: readonly [string, string, string],
  template: (tag: (name: string) => string) => string,
  data: unknown,
  expected: string,
): readonly Row[] => [
  [names[0], template((name) => `{{${name}}}`), data, expected],
  [names[1], template((name) => `{{{${name}}}}`), data, expected],
  [names[2], template((name) => `{{&${name}}}`), data, expected],
];
const ways = (rule: string): [string, string, string] => [
  `Basic ${rule}`,
  `Triple Mustache ${rule}`,
  `Ampersand ${rule}`,
];

// biome-ignore format: one row a line
const interpolation: readonly Row[] = [
  ["No Interpolation", "a {brace} stays\n", {}, "a {brace} stays\n"],
  ["Basic Interpolation", "Good {{time}}!\n", { time: "day" }, "Good day!\n"],
  ["No Re-interpolation", "{{a}} and {{b}}", { a: "{{b}}", b: "x" }, "{{b}} and x"],
  ...three(
    ["HTML Escaping", "Triple Mustache", "Ampersand"],
    (tag) => `signs: ${tag("signs")}\n`,
    { signs: SIGNS },
    `signs: ${SIGNS}\n`,
  ),
  ...three(ways("Integer Interpolation"), (tag) => `"${tag("n")} km"`, { n: 42 }, '"42 km"'),
  ...three(ways("Decimal Interpolation"), (tag) => `"${tag("n")} km"`, { n: 4.2 }, '"4.2 km"'),
  ...three(ways("Null Interpolation"), (tag) => `no (${tag("n")}) here`, { n: null }, "no () here"),
  ...three(ways("Context Miss Interpolation"), (tag) => `no (${tag("n")}) here`, {}, "no () here"),
  ...three(
    ["Dotted Names - Basic Interpolation", "Dotted Names - Triple Mustache Interpolation", "Dotted Names - Ampersand Interpolation"],
    (tag) => `${tag("pet.name")} is {{#pet}}${tag("name")}{{/pet}}`,
    { pet: { name: "Rex" } },
    "Rex is Rex",
  ),
  ["Dotted Names - Arbitrary Depth", "{{a.b.c.d.e.name}}", { a: { b: { c: { d: { e: { name: "Rex" } } } } } }, "Rex"],
  ["Dotted Names - Broken Chains", "({{a.b.c}})", { a: {} }, "()"],
  ["Dotted Names - Broken Chain Resolution", "({{a.b.c.name}})", { a: { b: {} }, c: { name: "Rex" } }, "()"],
  ["Dotted Names - Initial Resolution", "{{#a}}{{b.c.name}}{{/a}}", { a: { b: { c: { name: "right" } } }, b: { c: { name: "wrong" } } }, "right"],
  ["Dotted Names - Context Precedence", "({{#a}}{{b.c}}{{/a}})", { a: { b: {} }, b: { c: "wrong" } }, "()"],
  ["Dotted Names are never single keys", "({{a.b}})", { "a.b": "wrong" }, "()"],
  ["Dotted Names - No Masking", "({{a.b}})", { "a.b": "wrong", a: { b: "right" } }, "(right)"],
  ["Implicit Iterators - Basic Interpolation", "Good {{.}}!\n", "day", "Good day!\n"],
  ...three(
    ["Implicit Iterators - HTML Escaping", "Implicit Iterators - Triple Mustache", "Implicit Iterators - Ampersand"],
    (tag) => `signs: ${tag(".")}\n`,
    SIGNS,
    `signs: ${SIGNS}\n`,
  ),
  ["Implicit Iterators - Basic Integer Interpolation", '"{{.}} km"', 42, '"42 km"'],
  ...three(
    ["Interpolation - Surrounding Whitespace", "Triple Mustache - Surrounding Whitespace", "Ampersand - Surrounding Whitespace"],
    (tag) => `[ ${tag("x")} ]`,
    { x: "+" },
    "[ + ]",
  ),
  ...three(["Interpolation - Standalone", "Triple Mustache - Standalone", "Ampersand - Standalone"], (tag) => `   ${tag("x")}\n`, { x: "+" }, "   +\n"),
  ...three(["Interpolation With Padding", "Triple Mustache With Padding", "Ampersand With Padding"], (tag) => `[${tag(" x ")}]`, { x: "+" }, "[+]"),
];

// biome-ignore format: one row a line
const inverted: readonly Row[] = [
  ["Falsey", "({{^on}}shown{{/on}})", { on: false }, "(shown)"],
  ["Truthy", "({{^on}}hidden{{/on}})", { on: true }, "()"],
  ["Null is falsey", "({{^on}}shown{{/on}})", { on: null }, "(shown)"],
  ["Context", "({{^pet}}no {{name}}{{/pet}})", { pet: { name: "Rex" } }, "()"],
  ["List", "({{^pets}}{{name}}{{/pets}})", { pets: [{ name: 1 }, { name: 2 }] }, "()"],
  ["Empty List", "({{^pets}}none{{/pets}})", { pets: [] }, "(none)"],
  ["Doubled", "{{^on}}\n1 first\n{{/on}}\n2 {{two}}\n{{^on}}\n3 third\n{{/on}}\n", { on: false, two: "second" }, "1 first\n2 second\n3 third\n"],
  ["Nested (Falsey)", "[ a {{^on}}b {{^on}}c{{/on}} d{{/on}} e ]", { on: false }, "[ a b c d e ]"],
  ["Nested (Truthy)", "[ a {{^on}}b {{^on}}c{{/on}} d{{/on}} e ]", { on: true }, "[ a  e ]"],
  ["Context Misses", "({{^gone}}nothing found{{/gone}})", {}, "(nothing found)"],
  ["Dotted Names - Truthy", "({{^a.b.c}}hidden{{/a.b.c}})", { a: { b: { c: true } } }, "()"],
  ["Dotted Names - Falsey", "({{^a.b.c}}shown{{/a.b.c}})", { a: { b: { c: false } } }, "(shown)"],
  ["Dotted Names - Broken Chains", "({{^a.b.c}}shown{{/a.b.c}})", { a: {} }, "(shown)"],
  ["Surrounding Whitespace", " [ {{^on}}\t[\t{{/on}} ] \n", { on: false }, " [ \t[\t ] \n"],
  ["Internal Whitespace", " [ {{^on}} {{! a note }}\n {{/on}} ] \n", { on: false }, " [  \n  ] \n"],
  ["Indented Inline Sections", " {{^on}}a{{/on}}\n {{^on}}b{{/on}}\n", { on: false }, " a\n b\n"],
  ["Standalone Lines", "[ first\n{{^on}}\n[\n{{/on}}\n[ last\n", { on: false }, "[ first\n[\n[ last\n"],
  ["Standalone Indented Lines", "[ first\n  {{^on}}\n[\n  {{/on}}\n[ last\n", { on: false }, "[ first\n[\n[ last\n"],
  ["Standalone Line Endings", "[\r\n{{^on}}\r\n{{/on}}\r\n]", { on: false }, "[\r\n]"],
  ["Standalone Without Previous Line", "  {{^on}}\n*{{/on}}\nlast", { on: false }, "*\nlast"],
  ["Standalone Without Newline", "*{{^on}}\nlast\n  {{/on}}", { on: false }, "*\nlast\n"],
  ["Padding", "[{{^ on }}+{{/ on }}]", { on: false }, "[+]"],
];

// biome-ignore format: one row a line
const sections: readonly Row[] = [
  ["Truthy", "({{#on}}shown{{/on}})", { on: true }, "(shown)"],
  ["Falsey", "({{#on}}hidden{{/on}})", { on: false }, "()"],
  ["Null is falsey", "({{#on}}hidden{{/on}})", { on: null }, "()"],
  ["Context", "({{#pet}}Here, {{name}}!{{/pet}})", { pet: { name: "Rex" } }, "(Here, Rex!)"],
  ["Parent contexts", "({{#in}}{{a}}, {{b}}, {{c.d}}{{/in}})", { a: "outer", b: "wrong", in: { b: "inner" }, c: { d: "dotted" } }, "(outer, inner, dotted)"],
  ["Variable test", "({{#x}}{{.}} is {{x}}{{/x}})", { x: "it" }, "(it is it)"],
  [
    "List Contexts",
    "{{#as}}{{#bs}}{{n.low}}{{b}}.{{#cs}}{{n.up}}{{b}}{{c}}.{{/cs}}{{/bs}}{{/as}}",
    { as: [{ n: { up: "N", low: "n" }, bs: [{ b: 1, cs: [{ c: "x" }, { c: "y" }] }] }] },
    "n1.N1x.N1y.",
  ],
  [
    "Deeply Nested Contexts",
    "{{#a}}\n{{p}}\n{{#b}}\n{{p}}{{q}}\n{{#c}}\n{{p}}{{q}}{{r}}\n{{#d}}\n{{p}}{{q}}{{r}}{{s}}\n{{#t}}\n{{s}}{{t}}{{.}}{{s}}\n{{/t}}\n{{s}}{{r}}{{q}}{{p}}\n{{/d}}\n{{r}}{{q}}{{p}}\n{{/c}}\n{{q}}{{p}}\n{{/b}}\n{{p}}\n{{/a}}\n",
    { a: { p: 1 }, b: { q: 2 }, c: { r: 3, d: { s: 4, t: 5 } } },
    "1\n12\n123\n1234\n4554\n4321\n321\n21\n1\n",
  ],
  ["List", "({{#pets}}{{name}}{{/pets}})", { pets: [{ name: 1 }, { name: 2 }, { name: 3 }] }, "(123)"],
  ["Empty List", "({{#pets}}some{{/pets}})", { pets: [] }, "()"],
  ["Doubled", "{{#on}}\n1 first\n{{/on}}\n2 {{two}}\n{{#on}}\n3 third\n{{/on}}\n", { on: true, two: "second" }, "1 first\n2 second\n3 third\n"],
  ["Nested (Truthy)", "[ a {{#on}}b {{#on}}c{{/on}} d{{/on}} e ]", { on: true }, "[ a b c d e ]"],
  ["Nested (Falsey)", "[ a {{#on}}b {{#on}}c{{/on}} d{{/on}} e ]", { on: false }, "[ a  e ]"],
  ["Context Misses", "({{#gone}}found{{/gone}})", {}, "()"],
  ["Implicit Iterator - String", "({{#xs}}[{{.}}]{{/xs}})", { xs: ["a", "b"] }, "([a][b])"],
  ["Implicit Iterator - Integer", "({{#xs}}[{{.}}]{{/xs}})", { xs: [1, 2, 0] }, "([1][2][0])"],
  ["Implicit Iterator - Decimal", "({{#xs}}[{{.}}]{{/xs}})", { xs: [1.5, 2.25] }, "([1.5][2.25])"],
  ["Implicit Iterator - Array", "({{#xs}}[{{#.}}{{.}}{{/.}}]{{/xs}})", { xs: [[1, 2], ["a", "b"]] }, "([12][ab])"],
  ["Implicit Iterator - HTML Escaping", "({{#xs}}[{{.}}]{{/xs}})", { xs: ["&", '"'] }, '([&]["])'],
  ["Implicit Iterator - Triple mustache", "({{#xs}}[{{{.}}}]{{/xs}})", { xs: ["&", '"'] }, '([&]["])'],
  ["Implicit Iterator - Ampersand", "({{#xs}}[{{&.}}]{{/xs}})", { xs: ["&", '"'] }, '([&]["])'],
  ["Implicit Iterator - Root-level", "({{#.}}[{{x}}]{{/.}})", [{ x: "a" }, { x: "b" }], "([a][b])"],
  ["Dotted Names - Truthy", "({{#a.b.c}}shown{{/a.b.c}})", { a: { b: { c: true } } }, "(shown)"],
  ["Dotted Names - Falsey", "({{#a.b.c}}hidden{{/a.b.c}})", { a: { b: { c: false } } }, "()"],
  ["Dotted Names - Broken Chains", "({{#a.b.c}}hidden{{/a.b.c}})", { a: {} }, "()"],
  ["Surrounding Whitespace", " [ {{#on}}\t[\t{{/on}} ] \n", { on: true }, " [ \t[\t ] \n"],
  ["Internal Whitespace", " [ {{#on}} {{! a note }}\n {{/on}} ] \n", { on: true }, " [  \n  ] \n"],
  ["Indented Inline Sections", " {{#on}}a{{/on}}\n {{#on}}b{{/on}}\n", { on: true }, " a\n b\n"],
  ["Standalone Lines", "[ first\n{{#on}}\n[\n{{/on}}\n[ last\n", { on: true }, "[ first\n[\n[ last\n"],
  ["Indented Standalone Lines", "[ first\n  {{#on}}\n[\n  {{/on}}\n[ last\n", { on: true }, "[ first\n[\n[ last\n"],
  ["Standalone Line Endings", "[\r\n{{#on}}\r\n{{/on}}\r\n]", { on: true }, "[\r\n]"],
  ["Standalone Without Previous Line", "  {{#on}}\n*{{/on}}\nlast", { on: true }, "*\nlast"],
  ["Standalone Without Newline", "*{{#on}}\nlast\n  {{/on}}", { on: true }, "*\nlast\n"],
  ["Padding", "[{{# on }}+{{/ on }}]", { on: true }, "[+]"],
];

export const MUSTACHE_CASES: Readonly<Record<string, readonly MustacheCase[]>> = Object.fromEntries(
  Object.entries({ comments, delimiters, interpolation, inverted, sections }).map(([file, rows]) => [
    file,
    rows.map(([name, template, data, expected]) => ({ name, template, data, expected })),
  ]),
);
