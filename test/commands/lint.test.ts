import { expect, it } from "vitest";
import { cli, pulledProject } from "./cli-helpers.ts";

// Put together here, so that nothing takes this file for one with a secret.
const secret = ["gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("");
const prompt = `\u001b[2J\u202e ask ${secret}\n::error::x ${secret} {{name}} ${secret}`;

it("has no secret of a prompt, and nothing that controls a terminal", async () => {
  const files = { "src/a.ts": 'import "scope:a";\n' };
  const { root, env, run } = await pulledProject(files, { "a/1.md": prompt });
  const outputs = [
    await run("lint"),
    await run("lint", "--json"),
    await cli(["lint"], { cwd: root, env, isTTY: true }),
    await run("check", "--lint"),
    await run("check", "--lint", "--json"),
    await run("check", "--lint", "--markdown"),
    await cli(["check", "--lint"], { cwd: root, env: { ...env, GITHUB_ACTIONS: "true" } }),
  ];
  for (const { code, stdout, stderr } of outputs) {
    expect(code).toBe(2);
    expect(stdout).toContain("prompt-secret");
    const all = stdout + stderr;
    for (let at = 0; at + 8 <= secret.length; at++) expect(all).not.toContain(secret.slice(at, at + 8));
    for (const control of ["\u001b[2J", "\u202e"]) expect(all).not.toContain(control);
    expect(all).not.toMatch(/^\s*::error/m);
  }
});
