import { allMappings, fromMap } from "@jridgewell/gen-mapping";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  emitModuleTypes,
  localName,
  promptComment,
} from "../../../../src/compiler/3-emit/types/emit-module-types.ts";
import { emitTypes, type TypesEntry } from "../../../../src/compiler/3-emit/types/emit-types.ts";
import { compilePrompt } from "../../../../src/compiler/compile-prompt.ts";
import { compile, promptSource, type TestPrompt } from "../../prompts.ts";

const entry = (name: string): TypesEntry => ({
  specifier: `scope:${name}`,
  compiled: compile("Hi {{who}}", { name }),
  snapshotFile: `../scope/${name}@production.json`,
});

it("has a map from each export to the text", () => {
  const { code, map } = emitTypes([entry("b"), entry("a")], { dtsFile: "scope.d.ts" });
  const lines = code.split("\n");
  const found = allMappings(fromMap(map)).map(({ generated, original, source }) => [
    /^("[^"]*"|\w+)/.exec(lines[generated.line - 1]?.slice(generated.column) ?? "")?.[0],
    source,
    (original?.line ?? 0) - 1,
  ]);
  const exports =
    "content variables cachePrefix metadata getMetadata name label promptId versionId versionNumber type attributes";
  const of = (name: string) =>
    [`"scope:${name}"`, "Variables", name, ...exports.split(" ")].map((one) => [
      one,
      `../scope/${name}@production.json`,
      1,
    ]);
  expect(found).toEqual([...of("a"), ...of("b")]);
});

it("gives the same bytes for the same entries in any order", () => {
  const options = { dtsFile: "src/scope.d.ts" };
  const one = emitTypes([entry("b"), entry("a")], options);
  expect(emitTypes([entry("a"), entry("b")], options)).toEqual(one);
  expect([...one.code.matchAll(/declare module "(.*)"/g)].map(([, name]) => name)).toEqual([
    "scope:a",
    "scope:b",
  ]);
});

/** What a version may change without changing the contract: words, ids, numbers and the values of metadata. */
const version = fc.record({
  words: fc.tuple(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.constantFrom("", "{ a }", "*/", "\n\n", "`"),
  ),
  id: fc.string(),
  promptId: fc.string(),
  versionNumber: fc.nat(),
  status: fc.constantFrom("draft", "published", "archived"),
  createdAt: fc.string(),
  metadata: fc
    .record({
      model: fc.string(),
      temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
      tags: fc.array(fc.string(), { minLength: 1 }),
      limits: fc.record({ max: fc.integer(), "a key": fc.boolean() }),
    })
    .chain((one) => fc.shuffledSubarray(Object.entries(one), { minLength: 4 }))
    .map(Object.fromEntries),
});

function typesOf(
  {
    words: [before, between, after],
    ...changed
  }: typeof version extends fc.Arbitrary<infer One> ? One : never,
  options: TestPrompt,
  isChat: boolean,
) {
  const text = (one: string) => one.replace(/[{}]/g, "");
  const content = `${text(before)}{{name}}${text(between)}{{place}}${after}`;
  const source = promptSource(isChat ? [{ role: "user", content }] : content, options);
  const compiled = compilePrompt({ ...source, version: { ...source.version, ...changed } });
  const entry = { specifier: "scope:a", compiled, live: options.syntax === "scope", snapshotFile: "a.json" };
  return [emitTypes([entry], { dtsFile: "scope.d.ts" }), emitModuleTypes(compiled)];
}

it.each([
  ["a label", { kind: "label", label: "production" }],
  ["a version", { kind: "version", versionId: "version_01", versionNumber: 1 }],
] as const)("changes by no byte with text, version, ids and values, for a pin on %s", (_, pin) => {
  const metadataRule = { model: "string", "top_p?": "number" } as const;
  for (const options of [
    { syntax: "scope" },
    { syntax: "mustache" },
    { syntax: "scope", metadataRule },
  ] as const)
    for (const isChat of [false, true])
      fc.assert(
        fc.property(version, version, (one, other) => {
          const given = { ...options, ref: { name: "a", pin }, variables: { name: ["Ada", "Bo"] } };
          expect(typesOf(one, given, isChat)).toEqual(typesOf(other, given, isChat));
        }),
        { numRuns: 50 },
      );
});

it("has no character that reverses or hides text in a comment, and nothing that ends one", () => {
  const hidden = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f";
  const comment = promptComment(compile("Hi", { name: `n${hidden} */ {@link x} \u0060@see\n` }));
  expect(comment).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\n]|[\s{]@/);
  expect(comment).toContain(`n${"\u00b7".repeat(14)} *\\/ {\u2060@link x}`);
  expect(comment.indexOf("*/")).toBe(comment.length - 2);
});

it("is a block for each specifier", () => {
  const { code } = emitTypes([entry("a")], { dtsFile: "src/scope.d.ts" });
  // Without its last line, which tools would take for one about this test.
  expect(code.slice(0, code.indexOf("//# "))).toMatchInlineSnapshot(`
    "/* eslint-disable */
    // biome-ignore-all lint: generated
    // biome-ignore-all format: generated
    // Generated by scope-gen from the snapshot, the config and the scope: imports in the code. Not meant to be edited.
    // Commit it together with the snapshot.

    /** Prompt \`a\`, label \`production\` */
    declare module "scope:a" {
      export type Variables = { who: string | number | bigint | boolean };
      /** Prompt \`a\`, label \`production\` */
      function a(variables: Variables): string;
      export { a as render, a as default };
      export const content: string;
      export const variables: readonly ["who"];
      /** How far every rendering is the same: what a provider can cache. */
      export const cachePrefix: { readonly message: number; readonly characters: number } | undefined;
      export const metadata: {};
      export const getMetadata: UnpluginScopeGetMetadata<typeof metadata>;
      export const name: "a";
      export const label: "production";
      export const promptId: string;
      export const versionId: string;
      export const versionNumber: number;
      export const type: "text";
      /** For a span or a log line. */
      export const attributes: { readonly "gen_ai.prompt.name": "a"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "a"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
    }
    "
  `);
});

it("has a map that leads to the snapshot", () => {
  const { code, map } = emitTypes([entry("a")], {
    dtsFile: "../../src/a.d.ts",
    mapFile: "../.scope/types/a.d.ts.map",
  });
  expect(JSON.parse(map)).toMatchObject({
    version: 3,
    file: "../../src/a.d.ts",
    sources: ["../scope/a@production.json"],
  });
  expect(code.trimEnd().split("\n").at(-1)).toBe("//# sourceMappingURL=../.scope/types/a.d.ts.map");
  expect(emitTypes([entry("a")], { dtsFile: "scope.d.ts" }).code).toContain("=scope.d.ts.map\n");
});

it.each([
  ["greeting-template", "greetingTemplate"],
  ["support/triage", "supportTriage"],
  ["support_topic", "support_topic"],
  ["2nd try", "ndTry"],
  ["Übersetzung", "übersetzung"],
  ["metadata", "metadataPrompt"],
  ["render", "renderPrompt"],
  // A letter that TypeScript doesn't know yet.
  ["a\u{10d59}b", "aB"],
  ["delete", "deletePrompt"],
  ["42", "Prompt"],
])("%s is declared as %s", (name, local) => {
  expect(localName(name)).toBe(local);
});
