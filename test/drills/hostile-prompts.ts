// Prompts that are meant to break what is made of them: every piece calls `pwned` should it ever be code.
import fc from "fast-check";
import type { JsonObject, PromptContent, Syntax } from "../../src/prompt.ts";

export interface HostilePrompt {
  readonly name: string;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
  readonly syntax: Syntax;
  readonly declared: readonly string[] | null;
  readonly development: boolean;
}

const CODE = [
  "pwned()",
  "globalThis.pwned2=1",
  "import('node:fs')",
  "this.constructor.constructor('pwned()')()",
];

/** Ways out of every kind of text that code, types, comments and pages are made of. */
const wayOut = fc.constantFrom(...CODE).chain((code) =>
  // biome-ignore format: a list
  fc.constantFrom(
    `\${${code}}`, `\\\${${code}}`, `\`+${code}+\``, `\`;${code};\``, `";${code};"`, `';${code};'`, `*/${code}/*`, `\n${code}\n`,
    `\u2028${code}\u2029`, `\r\n};${code};{`, `</script><script>${code}</script>`, `<!--\n${code}\n-->`,
    `//# sourceMappingURL=data:text/javascript,${code}`, `\\u0060;${code}`, `{{${code}}}`, `{{{${code}}}}`, `{{&${code}}}`,
    `{{=<% %>=}}<%${code}%>`, `{{#a}}${code}{{/a}}`, `"; } ${code}; declare module "x" { export const y: "`,
  ),
);

const piece = fc.oneof(
  { weight: 4, arbitrary: wayOut },
  {
    weight: 4,
    // biome-ignore format: a list
    arbitrary: fc.constantFrom(
      ..."`$\\{}<>/!-*#@;=|&'\"()[]\n\r\t \0\x1b\u0085\ufeff", "\ud800", "\udc00", "\ud83d\ude00", "\u202e",
      ..."{{ }} {{name}} {{a}} {{__proto__}} {{constructor}} {{then}} {{名前}} {{a.b}} {{.}} {{#a}} {{^a}} {{/a}}".split(" "),
      ..."source MappingURL= script */ /* ${".split(" "), "{{ name }}", "{{! x}}", "{{> p}}", "{{={ }=}}", "export const ", "import ", "@type {",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

const key = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "then", "model", "*/", "a-b", "", "1", "\u2028"),
  wayOut,
);
const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false, -0),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  // As parsed JSON is: a key "__proto__" is an own one.
  object: fc
    .array(fc.tuple(key, tie("value")), { maxLength: 3 })
    .map((pairs) =>
      JSON.parse(
        `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
      ),
    ),
})).object as fc.Arbitrary<JsonObject>;

const messages = fc.array(
  fc.record(
    { role: fc.oneof(fc.constantFrom("system", "user", "__proto__"), wayOut), content: text },
    { noNullPrototype: true },
  ),
  { maxLength: 3 },
);

export const hostilePrompt: fc.Arbitrary<HostilePrompt> = fc.record(
  {
    name: fc.oneof(
      fc.constantFrom("greeting", "__proto__", "then", "a/b"),
      text.filter((one) => one !== ""),
    ),
    content: fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: messages }),
    metadata: json,
    syntax: fc.constantFrom("scope", "mustache"),
    declared: fc.option(fc.array(text, { maxLength: 2 })),
    development: fc.boolean(),
  },
  { noNullPrototype: true },
);
