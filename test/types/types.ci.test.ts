import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitModuleTypes } from "../../src/compiler/3-emit/types/emit-module-types.ts";
import { emitTypes, SHARED_TYPES_FILE, type TypesEntry } from "../../src/compiler/3-emit/types/emit-types.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt } from "../../src/compiler/compiled-prompt.ts";
import type { MetadataRule, PromptContent } from "../../src/prompt.ts";
import { compile, HOSTILE_TEXTS, promptSource, type TestPrompt } from "../compiler/prompts.ts";
import { createProject, type Project, TYPESCRIPTS, type TypeScriptVersion } from "./project.ts";
import { USES } from "./uses.ts";

const entryOf = (specifier: string, compiled: CompiledPrompt): TypesEntry => ({
  specifier,
  compiled,
  snapshotFile: "scope/x.json",
});
const entry = (specifier: string, content: PromptContent, options: TestPrompt = {}) =>
  entryOf(specifier, compile(content, options));

const GREETING = "Hello {{name}}, be {{tone}}, {{count}} times.";
const NARROWED: TestPrompt = {
  variables: { tone: ["formal", "casual"], count: "number" },
  metadata: {
    model: "some-model",
    temperature: 0.5,
    limits: { stop: ["a"] },
    examples: [
      { input: "a", output: "b" },
      { input: "c", output: "d" },
    ],
    nothing: null,
    mixed: [1, "a"],
    empty: [],
    "a key": true,
  },
};

/** Sections within each other. */
function nested(depth: number): string {
  return Array.from({ length: depth }).reduceRight(
    (inside, _, i) => `{{#s${i}}}${inside}{{/s${i}}}`,
    "{{x}}",
  ) as string;
}

/** Of a project that says what an editor may choose, with names and values as they come. */
const CHOICE: MetadataRule = {
  model: ["a", "b\u2028", 1, true],
  "a key?": "number",
  "*/ export {}?": "string",
};

export const ENTRIES: readonly TypesEntry[] = [
  entry("scope:greeting", GREETING, NARROWED),
  entry("scope:greeting?label=latest", GREETING, NARROWED),
  entry("scope:greeting?version=version_01", GREETING, {
    ...NARROWED,
    ref: { name: "greeting", pin: { kind: "version", versionId: "version_01" } },
  }),
  entry("scope:constant", "No variables."),
  entry("scope:support/triage", [
    { role: "system", content: "Help." },
    { role: "user", content: "{{question}}" },
  ]),
  entry("scope:odd%20names", "{{1st}} {{名前}} {{class}} {{constructor}} {{__proto__}}"),
  entry("scope:list", "{{title}}{{#items}}{{label}}{{#tags}}{{.}}{{/tags}}{{/items}}{{^empty}}x{{/empty}}", {
    syntax: "mustache",
  }),
  entry("scope:root", "{{#.}}{{x}}{{/.}}", { syntax: "mustache" }),
  entry(
    "scope:conditions",
    "{{#vip}}VIP{{/vip}}{{#user}}{{name}}{{/user}} {{user.mail}}{{#items}}{{a}}{{/items}}",
    {
      syntax: "mustache",
    },
  ),
  entry("scope:optional", "{{^x}}none{{/x}}", { syntax: "mustache" }),
  entry("scope:deep", nested(100), { syntax: "mustache" }),
  entryOf(
    "scope:chosen",
    compilePrompt({ ...promptSource("x", { metadata: { model: "a", note: 1 } }), metadataRule: CHOICE }),
  ),
  ...HOSTILE_TEXTS.map((text, i) =>
    entry(`scope:hostile-${i}`, [{ role: `r${text}`, content: text }], {
      name: text,
      metadata: { [`k${text}`]: { [text]: [text] } },
    }),
  ),
];

const RESOLUTIONS = {
  bundler: { module: "preserve", moduleResolution: "bundler" },
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
} as const;

let project: Project;
beforeAll(async () => {
  const { code, map } = emitTypes(ENTRIES, { dtsFile: "scope.d.ts" });
  project = await createProject({
    "scope.d.ts": code,
    "shared.d.ts": SHARED_TYPES_FILE,
    "scope.d.ts.map": map,
    "uses.ts": USES,
  });
});
afterAll(() => project.remove());

describe("the types of prompts", () => {
  for (const version of Object.keys(TYPESCRIPTS) as TypeScriptVersion[]) {
    it.each(Object.entries(RESOLUTIONS))(
      `accept right calls and refuse wrong ones: TypeScript ${version}, %s`,
      async (_, options) => {
        expect(await project.tsc(version, options)).toEqual([]);
      },
      240_000,
    );
  }

  it("add no name to the program", async () => {
    const names = ["JsonValue", "Variables", "render", "metadata", "Section", "Condition", "getMetadata"];
    const other = await createProject({
      "scope.d.ts": emitTypes(ENTRIES, { dtsFile: "scope.d.ts" }).code,
      "shared.d.ts": SHARED_TYPES_FILE,
      "own.ts": `${names.map((name) => `// @ts-expect-error not declared\nexport type Of${name} = typeof ${name} | ${name};`).join("\n")}\n`,
    });
    try {
      expect(await other.tsc("6", RESOLUTIONS.bundler)).toEqual([]);
    } finally {
      await other.remove();
    }
  });

  it("declare a specifier once, however often it's used", () => {
    const { code } = emitTypes([...ENTRIES, ...ENTRIES], { dtsFile: "scope.d.ts" });
    expect(code).toBe(emitTypes(ENTRIES, { dtsFile: "scope.d.ts" }).code);
  });

  it("contain only text", () => {
    const { code } = emitTypes(ENTRIES, { dtsFile: "scope.d.ts" });
    expect(code.match(/sourceMappingURL/g)).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(code).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\p{Surrogate}/u);
  });
});

it("the declaration next to an emitted module is as strict", async () => {
  const files = Object.fromEntries(
    ENTRIES.slice(0, 13).map((one, i) => [
      `prompts/p${i}.d.ts`,
      emitModuleTypes(one.compiled, { declares: true }),
    ]),
  );
  const stubs = Object.fromEntries(Object.keys(files).map((name) => [name.replace(".d.ts", ".js"), ""]));
  let uses = USES.replace(/^\/\/ @ts-expect-error (a prompt|also).*\n.*$/gm, "").replace(", unknown }", " }");
  ENTRIES.slice(0, 13).forEach((one, i) => {
    uses = uses.replaceAll(`"${one.specifier}"`, `"./prompts/p${i}.js"`);
  });
  const emitted = await createProject({ ...files, ...stubs, "uses.ts": uses });
  try {
    expect(uses).not.toContain("scope:");
    expect(await emitted.tsc("6", RESOLUTIONS.nodenext)).toEqual([]);
  } finally {
    await emitted.remove();
  }
});
