// Names, roles, metadata and texts are the platform's. Whatever is in them, no command prints what a terminal or the log
// of a pipeline obeys.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { emitHelper } from "../../src/compiler/3-emit/emit-module.ts";
import { formatError } from "../../src/errors/format-error.ts";
import { ScopeError } from "../../src/errors/scope-error.ts";
import { makeClient } from "../client/client-setup.ts";
import { startFaultyPlatform } from "../client/faulty-platform.ts";
import { cli, testProject } from "./cli-helpers.ts";

const EVIL =
  "evil\n::add-mask::hush\n \t::error::forged\n##[error]x ##vso[task.setvariable]y ##teamcity[z] \u202e\u001b[2J\u001b[31mforged\u009b31m\u2066\u{e0041}\u0085\r::stop";
// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
const STEERS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the one of a name isn't ours
const OWN_COLORS = /\x1b\[\d+m(?!forged)/g;

function expectHarmless(text: string, what: string): void {
  expect(STEERS.exec(text)?.input.slice(0, 500), what).toBeUndefined();
  const commands = text.split("\n").filter((line) => /^\s*::/.test(line) || /##[a-z]*\[/.test(line));
  expect(
    commands.filter(
      (line) =>
        !/^::(?:error|warning) file=[^:]*(?:,title=[^:]*)?::[^\n]*$/.test(line) || /##[a-z]*\[/.test(line),
    ),
    what,
  ).toEqual([]);
}

it("no command runs what a name contains", { timeout: 120_000 }, async () => {
  const project = await testProject(
    {
      "package-lock.json": "{}",
      "tsconfig.json": "{}",
      "app.ts": "export {};\n",
      "scope.config.json": JSON.stringify({ prompts: [EVIL, "chat", "gone"] }),
    },
    {
      [`${EVIL}/1.md`]: `{{name}}\n::error::from the text\n${EVIL}`,
      "chat/1.json": JSON.stringify([{ role: EVIL, content: `${EVIL}{{ ${"x".repeat(9)} }}` }]),
      "chat/prompt.json": JSON.stringify({ versions: { 1: { metadata: { [EVIL]: EVIL } } } }),
      "gone/1.md": "{{a}}",
    },
  );
  const { env, root: cwd } = project;
  const run = async (...argv: string[]) => {
    const log = await cli(argv, { cwd, env: { ...env, GITHUB_ACTIONS: "true", CI: "true" } });
    expectHarmless(argv[0] === "render" ? log.stderr : log.stdout + log.stderr, argv.join(" "));
    // A terminal obeys no commands of a pipeline. The only control characters that it gets are those of our colours.
    const seen = await cli(argv, { cwd, env: { ...env, CI: "true" }, isTTY: true });
    const text = (seen.stdout + seen.stderr).replace(OWN_COLORS, "");
    expect(STEERS.exec(text)?.input.slice(0, 500), argv.join(" ")).toBeUndefined();
    return log.code;
  };
  const all = async () => {
    for (const json of [[], ["--json"]]) {
      await run("list", ...json);
      await run("doctor", ...json);
      await run("check", ...json);
      await run("diff", ...json);
      await run("render", EVIL, "--var", `${EVIL}=1`, ...json);
      await run("emit", "--out-dir", "out", ...json);
      await run(EVIL, ...json);
      await run("render", `${EVIL}2`, ...json);
      await run("list", `--${EVIL}`, ...json);
    }
    for (const format of ["markdown", "github", "gitlab"]) await run("check", "--format", format);
    await run("check");
    await run("diff");
    await run("list");
    await run("types");
    await run("pin", EVIL, "--to", "1", "--yes");
    await run("unpin", EVIL, "--yes");
    await run("init", "--yes");
  };
  expect(await run("pull")).toBe(0);
  await all();
  await project.prompt(`${EVIL}/2.md`, `{{other}}\n::error::from the text\n${EVIL}\n`);
  await project.prompt("chat/2.json", JSON.stringify([{ role: `${EVIL}2`, content: `${EVIL}\n` }]));
  await rm(join(project.prompts, "gone"), { recursive: true });
  await all();
  await run("pull");
  await run("pull", "--json");
});

it("an error in a build log runs nothing that a name contains", () => {
  const error = new ScopeError(`Prompt ${EVIL} is wrong.`, {
    code: "template_invalid",
    hint: `See ${EVIL}`,
    where: { prompt: EVIL, frame: EVIL },
    cause: new Error(`::error::${EVIL}`),
  });
  expectHarmless(formatError(error), "formatError");
});

it("the client's own warnings and the helper's are harmless", async () => {
  const said: string[] = [];
  const warn = vi.spyOn(console, "warn").mockImplementation((text) => void said.push(String(text)));
  onTestFinished(() => warn.mockRestore());
  const platform = await startFaultyPlatform();
  onTestFinished(() => platform.close());
  const store = {
    get: async () => {
      throw new Error(EVIL);
    },
    set: async () => true,
    delete: async () => true,
  };
  const client = makeClient(platform, { cacheStore: store });
  await client.getPromptVersion(EVIL);
  await client.close();
  const folder = await mkdtemp(join(tmpdir(), "scope-helper-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { writeFile } = await import("node:fs/promises");
  await writeFile(join(folder, "helper.mjs"), emitHelper({ development: true }));
  const helper = await import(join(folder, "helper.mjs"));
  helper.unknown(EVIL, [EVIL], { [`${EVIL}2`]: 1 });
  expect(said).toHaveLength(2);
  for (const text of said) expectHarmless(text, "console.warn");
});
