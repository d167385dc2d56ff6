import { expect, it } from "vitest";
import { makeApp } from "../../support/app.ts";
import { cli } from "../cli-helpers.ts";

const COMMANDS = ["pull", "check", "diff", "list", "render", "emit", "init", "serve", "doctor"];
it.each(["", ...COMMANDS])(
  "%s --help has an example, fits 80 columns, and is one document with --json",
  async (name) => {
    const cwd = await makeApp({});
    const argv = name === "" ? ["--help"] : [name, "--help"];
    const { code, stdout: help, stderr } = await cli(argv, { cwd });
    expect([code, stderr]).toEqual([0, ""]);
    const words =
      name === "" ? [...COMMANDS, "--config", "--cwd", "--mode", "--fetch", "--json", "--quiet"] : [];
    for (const word of [`scope-gen ${name}`, "Examples:", ...words]) expect(help).toContain(word);
    expect(help).not.toContain("default: []");
    expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const flags of [
      ["--json", ...argv],
      [...argv, "--json"],
    ])
      expect(JSON.parse((await cli(flags, { cwd })).stdout)).toEqual({ help });
  },
);

it("shows every command if help is asked for before a command", async () => {
  const cwd = await makeApp({});
  const all = await cli(["--help"], { cwd });
  expect((await cli(["--help", "check"], { cwd })).stdout).toBe(all.stdout);
});

it("shows the stack of a config's error with --debug", async () => {
  const cwd = await makeApp({ "scope.config.mjs": 'throw new RangeError("no way");' });
  expect((await cli(["list"], { cwd })).stderr).not.toMatch(/^\s+at /m);
  expect((await cli(["list", "--debug"], { cwd })).stderr).toMatch(/^\s+at /m);
});
