import { DOMParser } from "linkedom";
import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const schema = { type: "object", properties: { score: { type: "number" } }, required: ["score"] };

async function pulled(samples: Readonly<Record<string, unknown>>) {
  const project = await testProject(
    {
      "scope.config.json": JSON.stringify({
        prompts: {
          greeting: { prompt: "welcome" },
          list: { syntax: "mustache" },
          rate: {},
          chat: { live: true },
        },
      }),
    },
    {
      "welcome/1.md": "Hello {{name}}",
      "list/1.md": "{{#items}}- {{.}}\n{{/items}}{{> footer}}",
      "footer/1.md": "Bye, {{team}}",
      "rate/1.md": "Rate {{text}}",
      "rate/prompt.json": JSON.stringify({ versions: { 1: { metadata: { output_schema: schema } } } }),
      "chat/1.json": JSON.stringify([
        { role: "system", content: "Be kind." },
        { role: "user", content: "{{q}}" },
      ]),
    },
  );
  const run = (...argv: string[]) => cli(argv, { cwd: project.root, env: project.env });
  const pull = await run("pull");
  expect(pull, pull.stderr).toMatchObject({ code: 0 });
  const files = Object.entries(samples).map(([name, one]) => [
    `scope/samples/${name}.json`,
    JSON.stringify(one),
  ]);
  await writeTree(project.root, Object.fromEntries(files));
  return { ...project, run };
}

it("renders texts, chats, mustache with its partials and live prompts, and passes what's as expected", async () => {
  const { run } = await pulled({
    welcome: {
      plain: { name: "Bo" },
      Ada: { name: "Ada", expect: { contains: "Ada", notContains: "{{", matches: "^Hello \\p{Lu}" } },
    },
    list: { two: { items: ["a", "b"], team: "us", expect: { contains: ["- a\n- b", "Bye, us"] } } },
    footer: { own: { team: "them", expect: { contains: "them" } } },
    rate: {
      good: {
        text: "x",
        answers: [{ accept: { score: 1 } }, { accept: '{"score":2}' }, { refuse: { score: "high" } }],
      },
    },
    chat: { why: { q: "Why?", expect: { contains: "kind.\n\nWhy?", maxTokens: 10 } } },
  });
  const { code, stdout, stderr } = await run("test");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("✓ 2  welcome (version 1)\n");
  expect(stdout).toContain("5 prompts, 6 samples: all pass");
  expect((await run("test", "greeting")).stdout).toContain("1 prompt, 2 samples: all pass");
  expect((await run("test", "footer")).stdout).toContain("1 prompt, 1 sample: all pass");
});

it("names prompt, version, sample and file of each failure, and exits with 3", async () => {
  const { run } = await pulled({
    welcome: {
      Ada: { name: "Ada\u001b[2J", expect: { contains: "Bob", maxTokens: 1 } },
      none: {},
      wrong: { name: "x", expect: { contain: "x" } },
    },
    rate: { bad: { text: "x", answers: [{ accept: { score: "high" } }, { refuse: { score: 1 } }] } },
    chat: { answer: { q: "Why?", answers: [{ accept: 1 }] } },
  });
  const { code, stdout } = await run("test");
  expect(code).toBe(3);
  expect(stdout).toContain('    welcome (version 1), sample "Ada", scope/samples/welcome.json\n');
  expect(stdout).toContain('      doesn\'t contain "Bob"\n');
  expect(stdout).toMatch(/has ≈\d tokens; at most 1/);
  expect(stdout).toContain("rendering: Hello Ada\\x1b[2J\n");
  expect(stdout).toContain("lacks name");
  expect(stdout).toContain("unknown key: contain");
  expect(stdout).toMatch(/answers\[0\] isn't accepted: .*score/);
  expect(stdout).toContain("answers[1] isn't refused");
  expect(stdout).toContain("version 1 has no schema for answers");
  expect(stdout).toContain("3 prompts, 5 samples: 5 failed");
});

it("tests a label's candidate, also if it doesn't compile", async () => {
  const { run, prompt } = await pulled({
    welcome: { Ada: { name: "Ada", expect: { contains: "Hello" } } },
    list: { two: { items: ["a"], team: "us" } },
  });
  await prompt("welcome/prompt.json", JSON.stringify({ production: 1 }));
  await prompt("welcome/2.md", "Hi {{name}}");
  expect(await run("test")).toMatchObject({ code: 0 });
  const latest = await run("test", "--label", "latest");
  expect(latest).toMatchObject({ code: 3, stdout: expect.stringContaining("welcome (version 2)") });
  expect(await run("test", "--label", "production")).toMatchObject({ code: 0 });
  await prompt("list/2.md", "{{#items}}");
  const unclosed = await run("test", "list", "--label", "latest");
  expect(unclosed).toMatchObject({ code: 3, stdout: expect.stringContaining("list (version 2)") });
  expect(unclosed.stdout).toContain("items");
  expect((await run("test", "--label", "latest", "--fetch", "never")).code).toBe(1);
});

it("prints valid JSON and JUnit, whatever a rendering contains", async () => {
  const { run } = await pulled({
    welcome: {
      'a<&"\u0007>': { name: "<b>]]>\ud800", expect: { contains: "Bob & <i>\n'" } },
      ok: { name: "Ada" },
    },
  });
  const json = JSON.parse((await run("test", "--json")).stdout);
  expect(JSON.parse((await run("test", "--format", "json")).stdout)).toEqual(json);
  expect(json).toMatchObject({
    status: "failed",
    prompts: [
      {
        name: "welcome",
        pin: { label: "production" },
        versionNumber: 1,
        file: "scope/samples/welcome.json",
        samples: [{ failures: [expect.stringContaining("Bob")] }, { name: "ok", failures: [] }],
      },
    ],
  });
  const { code, stdout } = await run("test", "--format", "junit");
  expect(code).toBe(3);
  const suite = new DOMParser().parseFromString(stdout, "text/xml").querySelector("testsuite");
  expect(suite?.getAttribute("tests")).toBe("2");
  expect(suite?.getAttribute("failures")).toBe("1");
  const [failed, passed] = suite?.querySelectorAll("testcase") ?? [];
  expect(stdout).toContain('name="a&#60;&#38;&#34;\\x07&#62;"');
  expect(failed?.querySelector("failure")?.textContent).toContain("doesn't contain \"Bob & <i>\\n'\"");
  expect(passed?.getAttribute("name")).toBe("ok");
  expect(passed?.querySelector("failure")).toBeNull();
});

it("says how to make a sample if there are none, and names the nearest prompt", async () => {
  const { run } = await pulled({});
  expect(await run("test")).toMatchObject({ code: 0, stdout: expect.stringContaining("scope/samples/") });
  const unknown = await run("test", "wellcome");
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean "welcome"') });
});

it("doesn't render what a sample expects", async () => {
  const { run, prompt } = await pulled({
    list: { two: { items: ["a"], team: "us", expect: { contains: "a" }, answers: [] } },
    welcome: { Ada: { name: "Ada", expect: { contains: "Ada" } } },
  });
  const rendered = await run("render", "greeting", "--sample", "Ada");
  expect(rendered).toMatchObject({ code: 0, stdout: "Hello Ada", stderr: "" });
  await prompt("welcome/2.md", "Hello {{name}}, {{expect}}");
  const { prompts } = JSON.parse((await run("diff", "greeting", "--samples", "--json")).stdout);
  // The new version has a variable of that name, and the sample has a value for it.
  expect(prompts[0].samples[0].from).toEqual({ output: "Hello Ada" });
  expect(prompts[0].samples[0].to).toEqual({ output: "Hello Ada, [object Object]" });
});
