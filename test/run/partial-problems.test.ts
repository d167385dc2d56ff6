import { describe, expect, it } from "vitest";
import { cli, pulledProject, testProject } from "../commands/cli-helpers.ts";

const FILES = {
  "src/app.ts": 'import host from "scope:host";\nexport const text = host();\n',
  "scope.config.json": '{ "syntax": "mustache" }',
};
const emit = ["emit", "--out-dir", "out", "--json"];

describe("a partial that isn't available names the prompt that includes it, and the tag", () => {
  it.each<
    [string, Readonly<Record<string, string>>, string, { message: string; where: object; cause?: string }]
  >([
    [
      "no such prompt",
      { "host/1.md": "Hi\n  {{> nope}}\nbye" },
      "|   ^^^^^^^^^^",
      {
        message: "There's no prompt for the partial nope.",
        where: { prompt: "host", versionNumber: 1, line: 2, column: 3 },
        cause: "prompt_not_found",
      },
    ],
    [
      "a prompt without a production version",
      { "host/1.md": "{{> draft}}", "draft/1.md": "x", "draft/prompt.json": '{ "production": null }' },
      "| ^^^^^^^^^^^",
      {
        message: "No version is labelled production of the partial draft.",
        where: { prompt: "host", versionNumber: 1, line: 1, column: 1 },
        cause: "no_production_version",
      },
    ],
    [
      "no such label",
      { "host/1.md": "{{> sec?label=foo}}" },
      "| ^^^^^^^^^^^^^^^^^^^",
      {
        message: `The partial "sec?label=foo" has no valid name. The import "scope:sec?label=foo" can't be read. "foo" isn't a label.`,
        where: { prompt: "host", line: 1, column: 1 },
      },
    ],
    [
      "no name",
      { "host/1.json": '[{ "role": "user", "content": "Hi {{>  }}" }]' },
      "|    ^^^^^^^",
      {
        message: `The partial "" in message 1 (user) has no valid name. The import "scope:" can't be read. It doesn't name a prompt.`,
        where: { prompt: "host", line: 1, column: 4 },
      },
    ],
    [
      "no such prompt, in a partial",
      { "host/1.md": "{{> mid}}", "mid/1.md": "a\n{{> nope}}" },
      "| ^^^^^^^^^^",
      {
        message: "There's no prompt for the partial nope.",
        where: { prompt: "mid", line: 2, column: 1 },
        cause: "prompt_not_found",
      },
    ],
  ])("%s", async (_, prompts, mark, { message, where, cause }) => {
    const { root, env } = await testProject(FILES, prompts);
    const { code, stdout, stderr } = await cli(emit, { cwd: root, env });
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: "template_partial_missing", message, where });
    expect(error.where.frame).toContain(mark);
    // A cause that the message already gives isn't printed.
    expect(/Caused by (\w+)/.exec(stderr)?.[1]).toBe(cause);
  });

  it("but not if the platform is down", async () => {
    const { root, env, platform } = await pulledProject(FILES, {
      "host/1.md": "{{> foot}}",
      "foot/1.md": "x",
    });
    await platform.close();
    const { stdout } = await cli([...emit, "--fetch", "always"], {
      cwd: root,
      env,
    });
    expect(JSON.parse(stdout).error.code).toBe("build_platform_down");
  });
});
