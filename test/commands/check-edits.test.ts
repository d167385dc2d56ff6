import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CallsApp, startCallsApp } from "./calls-app.ts";
import { cli } from "./cli-helpers.ts";
import { bothWelcome, chat, EDITS, WELCOME, WELCOME_METADATA } from "./prompt-edits.ts";

let app: CallsApp;
beforeAll(async () => {
  app = await startCallsApp();
});
afterEach(() => app.restore());
afterAll(() => app.close());

/**
 * Runs `check --json`: by prompt and pin what is not in step, with the lines that break. A version that changes the
 * contract and breaks no call counts as compatible: builds of this application only warn of it.
 */
async function check(...flags: string[]): Promise<{ code: number; found: Record<string, string[]> }> {
  const { code, stdout, stderr } = await cli(["check", "--json", ...flags], { cwd: app.root, env: app.env });
  expect(code, stderr).not.toBe(1);
  const { prompts, platform } = JSON.parse(stdout);
  expect(platform).toBe("compared");
  const found: Record<string, string[]> = {};
  for (const { name, pin, change, calls } of prompts) {
    const lines = calls.map((call: { file: string; line: number }) => `${call.file}:${call.line}`);
    const breaks = change === "missing" ? change : calls.length > 0 ? "breaking" : undefined;
    const means = breaks ?? (change === "breaking" ? "compatible" : change);
    if (change !== "none") found[`${name}@${pin.label}`] = [means, ...new Set<string>(lines)].sort();
  }
  return { code, found };
}

it("there are at least 60 edits, and 40 places in the application", () => {
  expect(EDITS.length).toBeGreaterThanOrEqual(60);
  for (let number = 1; number <= 40; number += 1) expect(app.place(`#${number}`)).toMatch(/^src\//);
});

it("without an edit, everything is up to date", async () => {
  expect(await check()).toEqual({ code: 0, found: {} });
});

describe("every edit gets the right grade, and a broken call is named with its line", () => {
  it.each(EDITS)("$prompt: $edit", async ({ prompt, content, metadata, write = {}, expected }) => {
    if (content !== undefined) await app.addVersion(prompt, content, metadata);
    for (const [path, text] of Object.entries(write)) await app.write(path, text);
    const wanted = Object.fromEntries(
      Object.entries(expected).map(([name, [change, ...marks]]) => [
        name,
        [change, ...marks.map(app.place)].sort(),
      ]),
    );
    const changes = Object.values(expected).map(([change]) => change);
    const breaks = changes.includes("breaking") || changes.includes("missing");
    expect(await check()).toEqual({ code: breaks ? 3 : changes.length > 0 ? 2 : 0, found: wanted });
  });

  it("a removed prompt", async () => {
    await app.remove("legal");
    expect(await check()).toEqual({
      code: 3,
      found: { "legal/disclaimer@production": ["missing", app.place("#34-import")] },
    });
  });
});

describe("several edits at once are attributed correctly", () => {
  it("when each file uses one prompt, and when one file uses both", async () => {
    await app.addVersion("reply", "{{tone}} {{message}} {{length}}");
    await app.addVersion("legal/disclaimer", "For {{name}}.");
    await app.addVersion("support/triage", chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]));
    await app.addVersion("moderation", chat(["tool", "{{post}}"]));
    await app.addVersion("welcome", WELCOME, { ...WELCOME_METADATA, owner: "me" });
    const marks = (...names: string[]) => names.map(app.place).sort();
    expect((await check()).found).toEqual({
      "reply@production": ["breaking", ...marks("#33", "#35")],
      "legal/disclaimer@production": ["breaking", ...marks("#34")],
      "support/triage@production": ["breaking", ...marks("#25", "#27", "#30")],
      "moderation@production": ["breaking", ...marks("#31")],
      ...bothWelcome("compatible"),
    });
  });
});
