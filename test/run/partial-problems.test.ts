import { describe, expect, it } from "vitest";
import { pulledProject, testProject } from "../commands/cli-helpers.ts";

const FILES = {
  "src/app.ts": 'import host from "scope:host";\nexport const text = host();\n',
  "scope.config.json": '{ "syntax": "mustache" }',
};
const emit = ["emit", "--out-dir", "out", "--json"];

describe("a partial that isn't available names the prompt that includes it, and the tag", () => {
  const FOO = `The partial "sec?label=foo" has no valid name. The import "scope:sec?label=foo" can't be read. "foo" isn't a label.`;
  const NAMELESS = `The partial "" in message 1 (user) has no valid name. The import "scope:" can't be read. It doesn't name a prompt.`;
  const HOST = { prompt: "host", line: 1, column: 1 };
  const DRAFT = { "draft/1.md": "x", "draft/prompt.json": '{ "production": null }' };
  // biome-ignore format: one row a line
  it.each<[what: string, prompts: Readonly<Record<string, string>>, mark: string, message: string, where: object, cause?: string]>([
    ["no such prompt", { "host/1.md": "Hi\n  {{> nope}}\nbye" }, "|   ^^^^^^^^^^", "There's no prompt for the partial nope.", { ...HOST, versionNumber: 1, line: 2, column: 3 }, "prompt_not_found"],
    ["a prompt without a production version", { "host/1.md": "{{> draft}}", ...DRAFT }, "| ^^^^^^^^^^^", "No version is labelled production of the partial draft.", { ...HOST, versionNumber: 1 }, "no_production_version"],
    ["no such label", { "host/1.md": "{{> sec?label=foo}}" }, "| ^^^^^^^^^^^^^^^^^^^", FOO, HOST],
    ["no name", { "host/1.json": '[{ "role": "user", "content": "Hi {{>  }}" }]' }, "|    ^^^^^^^", NAMELESS, { ...HOST, column: 4 }],
    ["no such prompt, in a partial", { "host/1.md": "{{> mid}}", "mid/1.md": "a\n{{> nope}}" }, "| ^^^^^^^^^^", "There's no prompt for the partial nope.", { prompt: "mid", line: 2, column: 1 }, "prompt_not_found"],
  ])("%s", async (_, prompts, mark, message, where, cause) => {
    const { code, stdout, stderr } = await (await testProject(FILES, prompts)).run(...emit);
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: "template_partial_missing", message, where });
    expect(error.where.frame).toContain(mark);
    // A cause that the message already gives isn't printed.
    expect(/Caused by (\w+)/.exec(stderr)?.[1]).toBe(cause);
  });

  it("but not if the platform is down", async () => {
    const { platform, run } = await pulledProject(FILES, { "host/1.md": "{{> foot}}", "foot/1.md": "x" });
    await platform.close();
    const { stdout } = await run(...emit, "--fetch", "always");
    expect(JSON.parse(stdout).error.code).toBe("build_platform_down");
  });
});
