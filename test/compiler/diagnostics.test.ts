import fc from "fast-check";
import mustachePackage from "mustache";
import { describe, expect, it } from "vitest";
import { readTags } from "../../src/compiler/1-parse/read-tags.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import { ResourceError } from "../../src/errors/classes.ts";
import type { PromptContent } from "../../src/prompt.ts";
import { compile, promptSource, refusalOf, type TestPrompt } from "./prompts.ts";

/** Each warning in one line, after its place if it has one. */
const warnings = (content: PromptContent, options?: TestPrompt): string[] =>
  compile(content, options).diagnostics.map(({ code, message, where: { line, column } }) =>
    [...(line === undefined ? [] : [`${line}:${column}`]), code, message].join(" "),
  );

describe("warnings", () => {
  it("name a near miss with its place, prompt, version and frame", () => {
    const [warning, ...others] = compile("Dear\nfriend {{ name }},\nhello").diagnostics;
    expect(others).toEqual([]);
    expect(warning).toEqual({
      code: "prompt-near-miss",
      message: "{{ name }} isn't a variable and stays as it is.",
      where: {
        prompt: "greeting",
        versionNumber: 7,
        versionId: "version_01",
        line: 2,
        column: 8,
        frame: "  1 | Dear\n> 2 | friend {{ name }},\n    |        ^^^^^^^^^^\n  3 | hello",
      },
      hint: "A variable is {{name}}: letters, digits and underscores, without spaces.",
    });
  });

  it("say once that a template with sections looks like mustache, and which option it needs", () => {
    const template = "{{#items}}\n- {{.}}\n{{/items}}\n{{^items}}none{{/items}} {{> footer}} {{ name }}";
    const { diagnostics } = compile(template);
    expect(diagnostics.map(({ message, where }) => [message, where.line])).toEqual([
      ["This looks like mustache: {{#items}} and tags like it stay as they are.", 1],
      ["{{ name }} isn't a variable and stays as it is.", 4],
    ]);
    expect(diagnostics[0]?.hint).toContain('syntax: "mustache"');
    expect(compile("{{#1}} is an issue").diagnostics).toEqual([]);
  });

  const CHAT = [
    { role: "system", content: "fine" },
    { role: "user", content: "say\n{{user.name}} {{b}}" },
  ];
  const UNLISTED = "which isn't in the platform's list of variables.";
  const NARROWED = "which isn't a top-level variable of the template.";
  const listed = (declared: string[]) => ({ syntax: "mustache", declared }) as const;
  const narrowed = (name: string) => ({ syntax: "mustache", variables: { [name]: ["x"] } }) as const;

  // biome-ignore format: one row a line
  it.each<[what: string, content: PromptContent, options: TestPrompt, expected: string[]]>([
    ["count lines like the frame, whatever ends them", "a\r\nb\n\nc {{ x }}\u2028{{ y }}", {}, ["4:3 prompt-near-miss {{ x }} isn't a variable and stays as it is.", "5:1 prompt-near-miss {{ y }} isn't a variable and stays as it is."]],
    ["say which message of a chat prompt they're about", CHAT, { declared: [] }, [
      "2:1 prompt-near-miss {{user.name}} in message 2 (user) isn't a variable and stays as it is.",
      `2:15 template_variable_undeclared The template uses b in message 2 (user), ${UNLISTED}`,
    ]],
    ["report a used variable that the platform does not list, at its first use", "{{a}} {{b}} {{b}}", { declared: ["a"] }, ["1:7 template_variable_undeclared The template uses b, which isn't in the platform's list of variables."]],
    ["report a listed or narrowed variable that the template doesn't use", "{{a}}", { declared: ["a", "gone"], variables: { tone: ["x"], a: "string" } }, [
      "template_variable_unused The platform lists the variable gone, which the template doesn't use.",
      `template_variable_unused The config narrows tone, ${NARROWED}`,
    ]],
    ["treat a mustache section as a use, and ignore what is inside", "{{x}}{{#items}}{{title}}{{other}}{{/items}}", listed(["items", "title", "gone"]), [
      `1:1 template_variable_undeclared The template uses x, ${UNLISTED}`,
      "template_variable_unused The platform lists the variable gone, which the template doesn't use.",
    ]],
    ["are empty for a mustache tag that the platform doesn't read as a variable", "Dear {{ vip }}, {{& plan}} {{=<% %>=}}<%name%>", listed([]), []],
    ["report a narrowed name that is one inside a section", "{{#items}}{{tone}}{{/items}}", narrowed("tone"), [`template_variable_unused The config narrows tone, ${NARROWED}`]],
    ["report a narrowed name that is a path", "{{#a.b}}{{c}}{{/a.b}}", narrowed("a.b"), [`template_variable_unused The config narrows a.b, ${NARROWED}`]],
    ["don't report a narrowed name that is outside a section too", "{{#a}}{{tone}}{{/a}}{{tone}}", narrowed("tone"), []],
  ])("%s", (_, content, options, expected) => {
    expect(warnings(content, options)).toEqual(expected);
  });

  // Found from outside: 16,000 names killed a pull, and 6,000 printed 248 MB.
  it("are ten of each kind and how many more, cut short, and fast", () => {
    const names = (letter: string) => Array.from({ length: 30_000 }, (_, i) => `${letter}${i}`);
    const startedAt = performance.now();
    const { diagnostics } = compile(
      names("used")
        .map((name) => `{{${name}}}`)
        .join("\n"),
      {
        declared: names("listed"),
        variables: Object.fromEntries(names("narrowed").map((name) => [name, "number"])),
      },
    );
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(diagnostics.length).toBe(33);
    const rest = diagnostics.filter(({ message }) => message.startsWith("And 29990 more"));
    expect(rest).toHaveLength(3);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(30_000);
  });

  it("cut a name that is as long as a text", () => {
    const long = "x".repeat(900_000);
    const { diagnostics } = compile(`{{${long}}}`, {
      declared: [`${long}y`],
      variables: { [`${long}z`]: "number" },
    });
    expect(diagnostics).toHaveLength(3);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(3000);
  });

  it("mark a mustache tag that the platform reads as a variable, and doesn't list", () => {
    const [plain, triple, ...others] = compile("Dear {{vip}}, {{{plan}}} {{vip}}", listed([])).diagnostics;
    expect(others).toEqual([]);
    expect(plain?.where).toMatchObject({ line: 1, column: 6 });
    expect(plain?.where.frame).toContain(`| ${" ".repeat(5)}^^^^^^^\n`.trimEnd());
    expect(triple?.message).toContain("The template uses plan");
    expect(triple?.where.frame).toMatch(/\| {15}\^{10}$/);
  });

  it("mark the whole tag, also if it's written with spaces", () => {
    const [warning] = compile("a {{#  b c  }}x{{/b c}}", { syntax: "mustache" }).diagnostics;
    expect(warning?.where).toMatchObject({ line: 1, column: 3 });
    expect(warning?.where.frame).toMatch(/\| {3}\^{12}$/);
  });

  it.each<[string, string[]]>([
    ['{{"a": 1}}', ['{{"a": 1}}']],
    ["{{}} {{ }}", ["{{}}", "{{ }}"]],
    ["{{a..b}} {{.a}} {{a.}}", ["{{a..b}}", "{{.a}}", "{{a.}}"]],
    ["{{a b}} {{#c d}}{{/c d}}", ["{{a b}}", "{{#c d}}"]],
    ["{{{ {a }}}", ["{{{ {a }}}"]],
    ["{{a\n\u001bb}}", ["{{a b}}"]],
    ["{{.}} {{a.b}} {{a-b}} {{名前}} {{a/b}} {{&a}} {{ a }}{{! a b}}", []],
  ])("report an invalid mustache name: %j", (text, tags) => {
    const found = warnings(text, { syntax: "mustache" });
    const misses = found.filter((one) => one.includes("prompt-near-miss"));
    expect(misses.map((one) => one.replace(/^\S+ /, ""))).toEqual(
      tags.map((tag) => `prompt-near-miss ${tag} is read as a variable, with an unusual name.`),
    );
  });

  it("keep a prompt's control characters out of the frame", () => {
    const [warning] = compile("\u001b[31m{{ x }}").diagnostics;
    expect(warning?.where.frame).toContain("·[31m{{ x }}");
  });
});

describe("a template that doesn't compile", () => {
  const mustache = (text: string) => promptSource(text, { syntax: "mustache" });

  // biome-ignore format: one row a line
  it.each<[string, string, string, number, number, string]>([
    ["an unclosed tag", "Dear\nHello {{name, and thanks", "template_unclosed_tag", 2, 7, "^^^^^^"],
    ["an unclosed triple tag", "a {{{name}} b", "template_unclosed_tag", 1, 3, "^^^^^^^"],
    ["an unclosed section", "a\n {{#items}}\n{{title}}", "template_unclosed_section", 2, 2, "^^^^^^^^^^"],
    ["sections that cross", "{{#a}}{{#b}}{{/a}}{{/b}}", "template_unclosed_section", 1, 7, "^^^^^^"],
    ["an unopened section", "a {{/items}}", "template_unopened_section", 1, 3, "^^^^^^^^^^"],
    ["odd delimiters", "{{=<%=}}", "template_invalid_delimiters", 1, 1, "^^^^^^^^"],
    ["a problem after a change of delimiters", "{{=<% %>=}}{{#a}}<%#b%>", "template_unclosed_section", 1, 18, "^^^^^^"],
    ["a problem after delimiters with extra text", "{{=<% %>=x=}}<%#a%>", "template_unclosed_section", 1, 14, "^^^^^^"],
    ["sections nested too deep", `a\n${"{{#a}}".repeat(101)}${"{{/a}}".repeat(101)}`, "template_invalid", 2, 601, ""],
    ["dotted names too long", `a {{ ${"a.".repeat(100)}a }}`, "template_invalid", 1, 3, "^^^^"],
    ["a partial", "x\n\n{{> footer}}", "template_partial", 3, 1, "^^^^^^^^^^^^"],
  ])("%s", (_, text, code, line, column, mark) => {
    const error = refusalOf(mustache(text));
    const version = { prompt: "greeting", versionNumber: 7, versionId: "version_01" };
    expect(error).toMatchObject({ code, where: { ...version, line, column } });
    if (column < 80) expect(error.where?.frame).toContain(`| ${" ".repeat(column - 1)}${mark}`);
    else expect(error.where?.frame).toContain("^^^^^^");
    expect(error.hint).toBeTruthy();
  });

  it("always has a place, however broken it is", () => {
    const bit = fc.constantFrom(..."{{ }} {{{ }}} #a ^b /a /b = <% %> x ! &".split(" "), " ", "\n");
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 14 }), (bits) => {
        const text = bits.join("");
        try {
          compilePrompt(mustache(text));
        } catch (error) {
          expect(error).toBeInstanceOf(ResourceError);
          expect((error as ResourceError).where).toMatchObject({
            line: expect.any(Number),
            frame: expect.any(String),
          });
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("is the problem that mustache's own parser finds", () => {
    const bit = fc.constantFrom(
      ..."{}#^/=!&> \nab|",
      ..."{{ }} {{{ }}} {{#a}} {{/a}} {{^b}} {{/b}} <%#a%> <%/a%>".split(" "),
      ...["{{= ", " =}}", "{{=<% %>=}}", "{{=| | x=}}", "<%={{ }}=%>"],
    );
    const codes: readonly [RegExp, string][] = [
      [/^Unclosed tag/, "template_unclosed_tag"],
      [/^Unclosed section/, "template_unclosed_section"],
      [/^Unopened section/, "template_unopened_section"],
      [/^Invalid tags/, "template_invalid_delimiters"],
    ];
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 10 }), (bits) => {
        const text = bits.join("");
        let message: string | undefined;
        try {
          new mustachePackage.Writer().parse(text);
        } catch (error) {
          message = (error as Error).message;
        }
        const want = codes.find(([pattern]) => message !== undefined && pattern.test(message))?.[1];
        expect(readTags(text).problem?.code, `${JSON.stringify(text)} ${message}`).toBe(want);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each<[string, string]>([
    ["{{=<% %>=}}<%#a%>x", "Close it with <%/a%>,"],
    ["{{#a}}{{=[ ]=}}x", "Close it with [/a],"],
    ["{{=<% %>=}}<%/a%>", "Open it with <%#a%> or <%^a%>,"],
    ["{{#a}}", "Close it with {{/a}},"],
  ])("is fixed with the delimiters in use there: %s", (text, hint) => {
    expect(refusalOf(mustache(text)).hint).toContain(hint);
  });

  it("says which message", () => {
    const chat = [
      { role: "system", content: "fine" },
      { role: "user", content: "{{#a}}" },
    ];
    expect(refusalOf(promptSource(chat, { syntax: "mustache" })).message).toBe(
      "The section a is opened but not closed where it should be in message 2 (user).",
    );
  });

  it.each([
    ["triage", "{{> policy }}", "policy", "triage"],
    ["triage", "{{#vip}}\n  {{>support/policy?label=latest}}\n{{/vip}}", "support_policy", "triage"],
    ["support/triage", "{{=<% %>=}}<%> 名前 %>", "名前", "render"],
    ["triage", "{{> }}", "text", "triage"],
  ])("says how %s gets the text of another prompt: %j", (name, text, variable, caller) => {
    const error = refusalOf(promptSource(text, { syntax: "mustache", name }));
    const tag = /(?:\{\{|<%)>.*?(?:\}\}|%>)/.exec(text)?.[0];
    expect(error).toMatchObject({
      code: "template_partial",
      message: `A prompt can't include another one, as ${tag} does.`,
      hint: `Write {{${variable}}} in its place, and pass what the other prompt renders: ${caller}({ ${variable}: ${variable}() }). Until then you can pin an earlier version.`,
    });
  });
});

describe("large input", () => {
  it("cuts a frame's long lines around the mark", () => {
    const text = `${"a".repeat(5000)}\n${"b".repeat(3000)}{{ name }}${"c".repeat(3000)}\n${"d".repeat(200)}`;
    const [warning] = compile(text).diagnostics;
    expect(warning?.where).toMatchObject({ line: 2, column: 3001 });
    const lines = (warning?.where.frame ?? "").split("\n");
    expect(lines.map((line) => line.slice(0, 6))).toEqual(["  1 | ", "> 2 | ", "    | ", "  3 | "]);
    for (const line of lines) expect(line.length).toBeLessThan(130);
    const marked = (lines[1] as string).indexOf("{{ name }}");
    expect(marked).toBeGreaterThan(0);
    expect(lines[2]).toBe(`    | ${" ".repeat(marked - 6)}${"^".repeat(10)}`);
  });

  it("frames only take the time of their own lines, and a scope template has a size limit", {
    timeout: 20_000,
  }, () => {
    const text = "{{ a }}".repeat(30) + "\n".repeat(999_000);
    expect(compile(text).diagnostics).toHaveLength(11);
    const late = `${"\n".repeat(900_000)}{{ a }}\nafter`;
    expect(compile(late).diagnostics[0]?.where.frame).toBe(
      "  900000 |\n> 900001 | {{ a }}\n         | ^^^^^^^\n  900002 | after",
    );
    const error = refusalOf(promptSource("a".repeat(1_000_001)));
    expect(error).toMatchObject({
      code: "template_invalid",
      message: "The template has too many characters. The maximum is 1,000,000.",
    });
  });

  it("quotes a role like a name", () => {
    const [first] = warnings([{ role: "r".repeat(100_000), content: "{{ a }}" }]);
    expect(first?.length).toBeLessThan(220);
  });

  it("ends a mark that is longer than the frame with it, and splits no surrogate pair", () => {
    for (const before of [0, 1, 79, 80, 81, 82, 300, 301]) {
      const { frame = "" } =
        compile(`${"a".repeat(before)}😀{{ ${"x".repeat(76)} }}${"😀".repeat(99)}`).diagnostics[0]?.where ??
        {};
      expect(frame).not.toMatch(/\p{Surrogate}/u);
      expect(Math.max(...frame.split("\n").map((line) => line.length))).toBeLessThan(135);
    }
  });
});

it("a form that isn't documented is shown", () => {
  const source = promptSource("Hi");
  const version = { ...source.version, declaredType: "chat" as const };
  expect(compilePrompt({ ...source, version }).diagnostics).toEqual([
    {
      code: "response_chat_text",
      message:
        'This version came with prompt_type "chat" and one plain text: it\'s used as a text prompt, without roles.',
      where: { prompt: "greeting", versionNumber: 7, versionId: "version_01" },
      hint: expect.stringContaining("scope-gen doctor --json"),
    },
  ]);
});
