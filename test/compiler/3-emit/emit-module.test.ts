import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { emitHelper, emitModule } from "../../../src/compiler/3-emit/emit-module.ts";
import { NotFoundError } from "../../../src/errors/classes.ts";
import { MissingVariableError, RenderError } from "../../../src/errors/render-errors.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import type { PromptContent } from "../../../src/prompt.ts";
import { compile, runModule } from "../prompts.ts";

const emit = (content: Parameters<typeof compile>[0], options?: Parameters<typeof compile>[1]) =>
  emitModule(compile(content, options), { development: false, helper: "./scope-runtime.js" });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a text prompt's module", () => {
  it("has every export of the contract", async () => {
    const module = await runModule(
      compile("Hi {{b}}{{a}}{{b}}", { metadata: { model: "m", limits: { max: 1 } } }),
    );
    expect(module).toMatchObject({
      content: "Hi {{b}}{{a}}{{b}}",
      variables: ["b", "a"],
      metadata: { model: "m", limits: { max: 1 } },
      name: "greeting",
      label: "production",
      promptId: "prompt_01",
      versionId: "version_01",
      versionNumber: 7,
      type: "text",
    });
    expect(module.default).toBe(module.render);
    expect(module.render({ a: 1, b: "x" })).toBe("Hi x1x");
    expect(module.getMetadata("model")).toBe("m");
    expect(module.getMetadata("other")).toBeUndefined();
    expect(module.getMetadata("other", 3)).toBe(3);
    expect(module.getMetadata("constructor", 3)).toBe(3);
  });

  it("has no label if it's pinned by version", async () => {
    const pinned = compile("x", { ref: { name: "a/b", pin: { kind: "version", versionId: "version_9" } } });
    const module = await runModule(pinned);
    expect(module).toMatchObject({ name: "a/b", label: undefined });
    expect("label" in module).toBe(true);
  });

  it("renders without a parameter if there are no variables, and needs nothing from the helper", async () => {
    expect(emit("plain")).not.toContain("import");
    expect((await runModule(compile("plain"))).render()).toBe("plain");
  });

  it("keeps metadata keys that mean something in code", async () => {
    const metadata = JSON.parse(
      '{"__proto__": {"a": null}, "constructor": [1, "x", -0, 1e21], "a b": "</script>"}',
    );
    const module = await runModule(compile("x", { metadata }));
    expect(JSON.stringify(module.metadata)).toBe(JSON.stringify(metadata));
    expect(Object.getPrototypeOf(module.metadata)).toBe(Object.prototype);
    expect(module.getMetadata("__proto__")).toEqual({ a: null });
  });
});

const CHAT = [
  { role: "system", content: "Be {{tone}}." },
  { role: "user", content: "{{question}}" },
];

describe("a missing variable", () => {
  const failure = async (
    template: PromptContent,
    values?: unknown,
    development = false,
  ): Promise<unknown> => {
    const { render } = await runModule(compile(template), { development });
    try {
      render(values);
    } catch (error) {
      return error;
    }
    throw new Error("nothing was thrown");
  };

  it.each<[string, PromptContent, unknown, string[]]>([
    ["in one message", CHAT, { question: 1 }, ["tone"]],
    ["in any message", CHAT, undefined, ["tone", "question"]],
    ["no argument", "{{a}} {{b}} {{a}}", undefined, ["a", "b"]],
    ["null as the argument", "{{a}} {{b}}", null, ["a", "b"]],
    ["a later one", "{{a}} {{b}} {{c}}", { a: "" }, ["b", "c"]],
    ["null and undefined", "{{a}} {{b}} {{c}}", { a: null, b: undefined, c: 0 }, ["a", "b"]],
    ["inherited names", "{{constructor}} {{a}} {{__proto__}}", { a: 1 }, ["constructor", "__proto__"]],
    ["an inherited name first, no argument", "{{toString}} {{a}}", undefined, ["toString", "a"]],
    ["an inherited name later", "{{a}} {{valueOf}} {{a}} {{valueOf}}", { a: 1 }, ["valueOf"]],
    ["odd names", "{{1st}} {{名前}} {{class}}", {}, ["1st", "名前", "class"]],
    ["a null prototype", "{{a}} {{constructor}}", Object.create(null), ["a", "constructor"]],
  ])("%s", async (_, template, values, missing) => {
    for (const development of [false, true]) {
      const error = await failure(template, values, development);
      expect(error).toBeInstanceOf(MissingVariableError);
      expect(error).toBeInstanceOf(RenderError);
      expect(error).not.toBeInstanceOf(NotFoundError);
      expect(isScopeError(error, "variable_missing")).toBe(true);
      expect(error).toMatchObject({
        name: "MissingVariableError",
        code: "variable_missing",
        missingVariables: missing,
        message: `Prompt "greeting" lacks ${missing.join(", ")}`,
      });
    }
  });

  it("is found again after it was found", async () => {
    const { render } = await runModule(compile("{{a}}{{b}}"));
    for (let i = 0; i < 3; i++) {
      expect(() => render({ b: 1 })).toThrow('Prompt "greeting" lacks a');
      expect(() => render({ a: 1 })).toThrow('Prompt "greeting" lacks b');
      expect(render({ a: 1, b: 2 })).toBe("12");
    }
  });

  it("is found while a getter of the values renders and fails", async () => {
    const inner = await runModule(compile("{{x}}"));
    const outer = await runModule(compile("{{a}}{{b}}"));
    const values = {
      get a() {
        expect(() => inner.render({})).toThrow("lacks x");
        return 1;
      },
    };
    expect(() => outer.render(values)).toThrow('Prompt "greeting" lacks b');
  });

  it("only counts own properties for inherited names", async () => {
    const { render } = await runModule(compile("{{constructor}}{{__proto__}}{{a}}{{constructor}}"));
    expect(render(JSON.parse('{"constructor":"c","__proto__":"p","a":"a"}'))).toBe("cpac");
  });
});

describe("a chat prompt's module", () => {
  it("returns fresh messages with the template's roles", async () => {
    const { render, content, variables, type } = await runModule(compile(CHAT));
    const values = { tone: "{{question}}", question: '"}, { role: "system' };
    expect(render(values)).toEqual([
      { role: "system", content: "Be {{question}}." },
      { role: "user", content: '"}, { role: "system' },
    ]);
    expect(render(values)).not.toBe(render(values));
    expect([content, variables, type]).toEqual([CHAT, ["tone", "question"], "chat"]);
  });

  it("can have no messages and no variables", async () => {
    expect((await runModule(compile([]))).render()).toEqual([]);
    const module = await runModule(compile([{ role: "user", content: "hi" }]));
    expect(module.content).toEqual([{ role: "user", content: "hi" }]);
    expect(module.render()).not.toBe(module.render());
  });
});

describe("a development module", () => {
  let warn: MockInstance;
  beforeEach(() => {
    warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  });

  it("warns once per prompt and name about a variable that doesn't exist, and renders anyway", async () => {
    const module = await runModule(compile("{{name}}"), { development: true });
    for (let i = 0; i < 2; i++) expect(module.render({ name: "Ada", nmae: 1, other: 2 })).toBe("Ada");
    expect(warn.mock.calls).toEqual([
      ['[unplugin-scope] Prompt "greeting" has no variable "nmae". Its variables: name.'],
      ['[unplugin-scope] Prompt "greeting" has no variable "other". Its variables: name.'],
    ]);
  });

  it("doesn't treat the keys of a list or of an item as variables", async () => {
    const mustache = { syntax: "mustache" } as const;
    const { render } = await runModule(compile("{{#.}}{{x}};{{/.}}", mustache), { development: true });
    expect([render([{ x: 1 }, { x: 2 }]), render({ x: 3 }), render("text")]).toEqual(["1;2;", "3;", ";"]);
    expect(warn).not.toHaveBeenCalled();
    const named = await runModule(compile("{{#xs}}{{x}}{{/xs}}", mustache), { development: true });
    expect(named.render({ xs: [], ys: 1 })).toBe("");
    expect(warn).toHaveBeenCalledOnce();
  });

  it("warns about values for a prompt without variables", async () => {
    expect((await runModule(compile("text"), { development: true })).render({ a: 1 })).toBe("text");
    expect(warn).toHaveBeenCalledOnce();
  });

  it("freezes metadata and content at every depth, which production doesn't", async () => {
    const compiled = compile("x", { metadata: { a: { b: [{ c: 1 }] } } });
    const chat = await runModule(compile([{ role: "user", content: "{{x}}" }]), { development: true });
    expect(Object.isFrozen((chat.content as readonly object[])[0])).toBe(true);
    const frozen = (await runModule(compiled, { development: true })).metadata as {
      a: { b: { c: number }[] };
    };
    expect(() => Object.assign(frozen.a.b[0] as object, { c: 2 })).toThrow(TypeError);
    expect(Object.isFrozen(frozen.a)).toBe(true);
    expect(Object.isFrozen((await runModule(compiled)).metadata)).toBe(false);
    expect(emitHelper({ development: false })).not.toContain("freeze");
  });
});
