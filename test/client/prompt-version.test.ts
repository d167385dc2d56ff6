import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { decodeVersion } from "../../src/client/api/decode-version.ts";
import { PromptVersion, VERSION, versionData } from "../../src/client/index.ts";
import { fillParts, versionWarning } from "../../src/client/prompt-version.ts";
import { MissingVariableError } from "../../src/errors/render-errors.ts";
import { isScopeError } from "../../src/errors/scope-error.ts";
import type { PromptRef } from "../../src/prompt.ts";
import { parseScope, variablesOf } from "../../src/template/parse-scope.ts";
import { thrownBy } from "./client-setup.ts";
import { version } from "./faulty-platform.ts";

function make(overrides: Record<string, unknown> = {}): PromptVersion {
  const ref = { name: "greeting", pin: { kind: "label", label: "production" } } as const;
  return new PromptVersion(ref, decodeVersion(version(overrides), ref));
}

describe("PromptVersion", () => {
  it("returns metadata by key, only its own, with a default", () => {
    const prompt = make({ metadata: JSON.parse('{"model": "small", "none": null, "__proto__": {"x": 1}}') });
    expect(prompt.getMetadata("model")).toBe("small");
    expect(prompt.getMetadata("none", "default")).toBeNull();
    expect(prompt.getMetadata("absent")).toBeUndefined();
    expect(prompt.getMetadata("absent", 5)).toBe(5);
    expect(prompt.getMetadata("toString")).toBeUndefined();
    expect(prompt.getMetadata("__proto__")).toEqual({ x: 1 });
    expect(prompt.getMetadata("x")).toBeUndefined();
  });

  it("reads metadata by one method that all versions share", () => {
    const [one, other] = [make({ metadata: { model: "a" } }), make({ metadata: { model: "b" } })];
    expect(one.getMetadata).toBe(one.getMetadata);
    expect(one.getMetadata).toBe(other.getMetadata);
    expect(Object.hasOwn(one, "getMetadata")).toBe(false);
    expect(Object.keys(PromptVersion.prototype)).toEqual([]);
    expect([one.getMetadata("model"), other.getMetadata("model")]).toEqual(["a", "b"]);
  });

  it.each([null, undefined])("metadata that is %s is empty", (metadata) => {
    expect(make({ metadata }).metadata).toEqual({});
  });

  it.each(["draft", "published", "archived"])("tells its status: %s", (status) => {
    const { isDraft, isPublished, isArchived } = make({ status });
    expect({ isDraft, isPublished, isArchived }).toEqual({
      isDraft: status === "draft",
      isPublished: status === "published",
      isArchived: status === "archived",
    });
  });

  it("gives the build its plain data", () => {
    expect(versionData(make({ variables: ["name", "old"] })).declaredVariables).toEqual(["name", "old"]);
  });

  it("says which one it is", () => {
    expect(String(make())).toBe("PromptVersion greeting version 1 (production)");
    expect(inspect(make())).toContain("versionNumber: 1");
  });
});

const CHAT = {
  prompt_type: "chat",
  content: [
    { role: "system", content: "{{tone}} only." },
    { role: "user", content: "{{name}} and {{tone}}" },
  ],
  variables: ["tone", "name"],
};

describe("a version", () => {
  it("by ID has no label, and says its ID", () => {
    const ref: PromptRef = { name: "greeting", pin: { kind: "version", versionId: "version_1" } };
    const prompt = new PromptVersion(ref, decodeVersion(version(), ref));
    expect(prompt.label).toBeUndefined();
    expect(String(prompt)).toBe("PromptVersion greeting version 1 (version_1)");
  });

  it("has its status and name, is its JSON plus variables, and is frozen", () => {
    const prompt = make({ is_production: false, status: "draft" });
    expect(prompt).toMatchObject({ isProduction: false, status: "draft", name: "greeting" });
    expect(prompt.toJSON()).toEqual({ ...prompt, variables: ["name"] });
    expect(Object.isFrozen(prompt)).toBe(true);
  });

  it("reads its variables once, in order of first use", () => {
    const prompt = make({ content: "{{b}}{{a}}{{b}}", variables: null });
    expect(prompt.variables).toEqual(["b", "a"]);
    expect(prompt.variables).toBe(prompt.variables);
    expect(Object.isFrozen(prompt.variables)).toBe(true);
  });

  it("has a metadata method that can be replaced like any other", () => {
    expect(Object.getOwnPropertyDescriptor(PromptVersion.prototype, "getMetadata")).toMatchObject({
      writable: true,
      configurable: true,
      enumerable: false,
    });
  });
});

describe("rendering", () => {
  it.each<[content: string, given: string[], hint: string]>([
    ["none", ["a", "b"], "It has no variables."],
    ["{{colour}}{{size}}", ["zzz", "a"], "It has colour, size."],
    ["{{colour}}{{size}}", ["color", "zzz"], 'Did you mean "colour"?'],
  ])("%s refuses %j", (content, given, hint) => {
    const values = Object.fromEntries(given.map((name) => [name, 1]));
    const error = thrownBy(() => make({ content, variables: null }).render(values));
    expect(error.message).toBe(`Prompt "greeting" has no variable ${given.join(", ")}.`);
    expect({ ...error }).toEqual({
      code: "variable_unknown",
      field: "variables",
      value: given,
      where: { prompt: "greeting" },
      hint,
    });
  });
});

describe("what a version declares", () => {
  const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "latest" } };
  const difference = (content: unknown, variables: string[] | null, type = "text") =>
    versionWarning(REF, make({ content, variables, prompt_type: type }));
  const about = (parts: string) =>
    `Prompt "greeting" (latest, version 1) ${parts}. What counts is its template.`;

  it.each<[content: unknown, variables: string[] | null, type?: string]>([
    ["{{a}}", null],
    ["none", []],
    ["{{a}}", ["a"]],
    ["x{{a}}{{b}}, {{a}}", ["b", "a", "a"]],
    ["}}{{a}}", ["a"]],
    ["{{名前_1}}", ["名前_1"]],
    ["{{a}} and {{", ["a"]],
    ["{{a}}{{ b }}", ["a"]],
    [CHAT.content, CHAT.variables, "chat"],
  ])("%j and %j agree", (content, variables, type) => {
    expect(difference(content, variables, type)).toBeUndefined();
  });

  it.each<[content: unknown, variables: string[], parts: string, type?: string]>([
    ["{{a}}", [], "uses a, which it doesn't declare"],
    ["none", ["b", "a"], "declares b, a, which it doesn't use"],
    ["{{a}}", ["a", "b"], "declares b, which it doesn't use"],
    ["{{a}}", ["b"], "declares b, which it doesn't use and uses a, which it doesn't declare"],
    ["{{a b}}", ["a b"], "declares a b, which it doesn't use"],
    ["{{a}}{{b c}}", ["a", "b c"], "declares b c, which it doesn't use"],
    ["{{ab", ["a"], "declares a, which it doesn't use"],
    [CHAT.content, ["tone"], "uses name, which it doesn't declare", "chat"],
  ])("%j and %j differ", (content, variables, parts, type) => {
    expect(difference(content, variables, type)).toBe(about(parts));
  });

  it("names ten of many", () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`);
    const ten = names(10).join(", ");
    expect(difference("none", names(10))).toBe(about(`declares ${ten}, which it doesn't use`));
    expect(difference("none", names(12))).toBe(about(`declares ${ten} and 2 more, which it doesn't use`));
  });
});

it("VERSION is the package's", () => {
  expect(VERSION).toBe(packageJson.version);
});

it("roles are rendered as the ones that model SDKs know, and stay in content as they are stored", () => {
  const content = [
    { role: "SYSTEM", content: "Sort." },
    { role: "HUMAN", content: "{{name}}" },
  ];
  const ref = { name: "triage", pin: { kind: "label", label: "production" } } as const;
  const data = decodeVersion(version({ prompt_type: "chat", content }), ref);
  const rendered = [
    { role: "system", content: "Sort." },
    { role: "user", content: "Ada" },
  ];
  const known: PromptVersion = new PromptVersion(ref, data);
  expect(known.render({ name: "Ada" })).toEqual(rendered);
  expect(known.content).toEqual(content);
  const stored: PromptVersion = new PromptVersion(ref, data, false);
  expect(stored.render({ name: "Ada" })).toEqual(
    [rendered[0], rendered[1]].map((message, at) => ({ ...message, role: content[at]?.role })),
  );
});

describe("fillParts", () => {
  const fill = (text: string, values: Record<string, unknown>) => {
    const parts = parseScope(text);
    return fillParts([parts], variablesOf(parts), values, "greeting")[0];
  };

  // biome-ignore format: one row a line
  it.each<[string, Record<string, unknown>, string]>([
    ["{{a}} {{b}} {{c}} {{d}}", { a: "x", b: 1.5, c: 10n, d: false }, "x 1.5 10 false"],
    ["[{{a}}{{b}}{{c}}]", { a: "", b: 0, c: Number.NaN }, "[0NaN]"],
    ["{{constructor}}{{__proto__}}{{toString}}", JSON.parse('{"constructor":"a","__proto__":"b","toString":"c"}'), "abc"],
  ])("%s is filled with its values", (text, values, filled) => {
    expect(fill(text, values)).toBe(filled);
  });

  it("never reads a value as template text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const values = { a: `{{b}}${a}`, b: `{{a}}$&${b}` };
        expect(fill("<{{a}}|{{b}}>", values)).toBe(`<${values.a}|${values.b}>`);
      }),
    );
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["{{a}}{{b}}{{c}}{{b}}", { c: 1, b: null }, ["a", "b"]],
    ["{{a}}{{b}}", { a: 1, b: undefined }, ["b"]],
    // Only own properties count.
    ["{{constructor}}{{__proto__}}{{toString}}", {}, ["constructor", "__proto__", "toString"]],
  ])("%j with %j names everything that is missing, and the prompt", (text, values, missingVariables) => {
    const error = thrownBy(() => fill(text, values));
    expect(error).toBeInstanceOf(MissingVariableError);
    expect(isScopeError(error, "variable_missing")).toBe(true);
    expect(error).toMatchObject({
      missingVariables,
      message: `Prompt "greeting" lacks ${missingVariables.join(", ")}`,
      where: { prompt: "greeting" },
      hint: "Pass a string, number, bigint or boolean for every variable.",
    });
  });

  it.each<[string, unknown]>([
    ["an object", {}],
    ["an array", [1]],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
  ])("refuses %s as a value", (kind, value) => {
    expect(thrownBy(() => fill("{{a}}", { a: value }))).toMatchObject({
      name: "ValidationError",
      code: "variable_invalid",
      message: `The value of a in prompt "greeting" is ${kind}, but must be a string, number, bigint or boolean.`,
      field: "a",
      where: { prompt: "greeting" },
    });
  });
});
