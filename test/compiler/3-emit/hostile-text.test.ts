import { afterEach, describe, expect, it, vi } from "vitest";
import { fillParts } from "../../../src/client/prompt-version.ts";
import { emitModule } from "../../../src/compiler/3-emit/emit-module.ts";
import { parseScope } from "../../../src/template/parse-scope.ts";
import { compile, HOSTILE_TEXTS, runModule } from "../prompts.ts";

const emit = (content: Parameters<typeof compile>[0], options?: Parameters<typeof compile>[1]) =>
  emitModule(compile(content, options), { development: false, helper: "./scope-runtime.js" });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("hostile text", () => {
  it.each(HOSTILE_TEXTS.map((text) => [text]))("%j comes out unchanged", async (text) => {
    const template = `${text}{{x}}${text}`;
    const compiled = compile(template, { metadata: { [`k${text}`]: text }, name: text });
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const development of [false, true]) {
      const module = await runModule(compiled, { development });
      const values = { x: text, name: text };
      expect([module.render(values)]).toEqual(fillParts([parseScope(template)], ["x"], values, "p"));
      expect(module).toMatchObject({ content: template, name: text, metadata: { [`k${text}`]: text } });
    }
    expect(warn).toHaveBeenCalledTimes(text.includes("{{name}}") ? 0 : 1);
  });

  it("can't end a script element or a comment, and names no source map", () => {
    const code = HOSTILE_TEXTS.map((text) =>
      emit([{ role: `r${text}`, content: text }], { metadata: { [text]: text }, name: text }),
    ).join("\n");
    expect(code).not.toMatch(/<\/script|<script|<!--|-->|sourceMappingURL/i);
    expect(code.replaceAll("/* @__PURE__ */", "").replace(/^\/\* eslint-disable \*\/$/gm, "")).not.toContain(
      "*/",
    );
    expect(code).not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
    );
    expect(code).not.toMatch(/\p{Surrogate}/u);
  });
});
