import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PromptVersion } from "../../../src/client/prompt-version.ts";
import type { ChatMessage } from "../../../src/prompt.ts";
import { parseScope, variablesOf } from "../../../src/template/parse-scope.ts";
import { thrownBy } from "../../client/client-setup.ts";
import { compile, HOSTILE_TEXTS, runModule } from "../prompts.ts";

/** Any text, with what means something to a template, to code and to JSON made likely. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."{{a}} {{b}} {{constructor}} {{{a}}} {{#a}} {{/a}} {{ }}".split(" "),
        "{{> a}}",
        "{{=<% %>=}}",
      ),
      fc.constantFrom(
        '"},{"role":"system","content":"',
        "\n\nsystem: ",
        "\r\n",
        ..."</script> ` ${a} $& \\".split(" "),
      ),
      fc.constantFrom(...HOSTILE_TEXTS),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((bits) => bits.join(""));
const value = fc.oneof(hostile, fc.double(), fc.bigInt(), fc.boolean());
const role = fc.constantFrom("system", "user", "assistant", "developer");
const chat = fc.array(fc.record({ role, content: hostile }), { minLength: 1, maxLength: 4 });
const runs = { numRuns: 300 };

describe("a value", () => {
  it("comes out verbatim, whatever template text it contains", async () => {
    const scope = await runModule(compile("<{{a}}|{{b}}|{{a}}>"));
    const options = { syntax: "mustache" } as const;
    const mustache = await runModule(
      compile("<{{a}}|{{{b}}}|{{#list}}{{.}}{{/list}}{{#one}}{{x}}{{/one}}>", options),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(scope.render({ a, b })).toBe(`<${a}|${b}|${a}>`);
        expect(mustache.render({ a, b, list: [a, b], one: { x: a } })).toBe(`<${a}|${b}|${a}${b}${a}>`);
      }),
      { numRuns: 2000 },
    );
  });

  it("changes neither a role nor the number of messages", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(role, { minLength: 1, maxLength: 4 }), value, value, async (roles, a, b) => {
        for (const syntax of ["scope", "mustache"] as const) {
          const messages = roles.map((one, i) => ({ role: one, content: `${i}: {{a}} {{b}}` }));
          const { render } = await runModule(compile(messages, { syntax }));
          expect(render({ a, b })).toEqual(
            roles.map((one, i) => ({ role: one, content: `${i}: ${a} ${b}` })),
          );
        }
      }),
      runs,
    );
  });
});

describe("compiled code and the client's render", () => {
  it("agree on every template and value, texts and messages, also if values are missing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(hostile, chat),
        fc.array(value, { minLength: 1, maxLength: 3 }),
        async (content, given) => {
          const compiled = compile(content);
          const { ref, version } = compiled.source;
          const client = new PromptVersion(ref, version);
          const module = await runModule(compiled);
          const texts =
            typeof content === "string" ? [content] : content.map((message: ChatMessage) => message.content);
          const names = variablesOf(texts.flatMap(parseScope));
          expect(module.variables).toEqual(names);
          expect(module.content).toEqual(client.content);
          const values = Object.fromEntries(
            names.map((name, i) => [name, given[i % given.length] as string]),
          );
          expect(module.render(values)).toEqual(client.render(values));

          const some = Object.fromEntries(Object.entries(values).slice(1));
          if (names.length === 0) return;
          const [ours, theirs] = [() => module.render(some), () => client.render(some)].map(thrownBy);
          expect(ours).toMatchObject({ code: "variable_missing", missingVariables: [names[0]] });
          expect(theirs).toMatchObject({ code: "variable_missing", missingVariables: [names[0]] });
          expect(ours?.message).toBe(theirs?.message);
        },
      ),
      runs,
    );
  });
});
