import { describe, expect, it } from "vitest";
import { makeApp } from "../support/app.ts";
import { cli } from "./cli-helpers.ts";

const COMMANDS = ["pull", "check", "diff", "list", "render", "emit", "extract", "init", "serve", "doctor"];

async function run(...argv: string[]) {
  return cli(argv, { cwd: await makeApp({}) });
}

describe("help and version", () => {
  it("--help lists every command and global flag, on standard output, exit 0", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const word of [...COMMANDS, "--config", "--cwd", "--mode", "--fetch"]) {
      expect(stdout).toContain(word);
    }
    for (const word of ["--json", "--quiet", "--no-color", "--version", "--help"])
      expect(stdout).toContain(word);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each(COMMANDS)("%s --help has an example and fits 80 columns", async (name) => {
    const { code, stdout } = await run(name, "--help");
    expect(code).toBe(0);
    expect(stdout).toContain(`scope-gen ${name}`);
    expect(stdout).toContain("Examples:");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("--version prints the version", async () => {
    expect(await run("--version")).toMatchObject({ code: 0, stdout: "0.1.0\n", stderr: "" });
    expect(await run("pull", "--version")).toMatchObject({ code: 0, stdout: "0.1.0\n" });
  });

  it("-h, -v and -V are their short forms", async () => {
    for (const short of ["-v", "-V"]) {
      expect(await run(short)).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
    }
    expect(await run("-h")).toEqual(await run("--help"));
    expect(await run("pull", "-h")).toEqual(await run("pull", "--help"));
  });

  it("help shows no default for an empty list", async () => {
    expect((await run("render", "--help")).stdout).not.toContain("default: []");
  });
});

describe("help and version with --json", () => {
  it.each([[["--json", "--version"]], [["--version", "--json"]], [["pull", "--json", "--version"]]])(
    "%j is one document",
    async (argv) => {
      const { code, stdout, stderr } = await run(...argv);
      expect([code, stderr]).toEqual([0, ""]);
      expect(JSON.parse(stdout)).toEqual({ version: "0.1.0" });
    },
  );

  it.each([
    [["--json", "--help"], ["--help"]],
    [["--help", "--json"], ["--help"]],
    [
      ["pull", "--json", "--help"],
      ["pull", "--help"],
    ],
    [
      ["--json", "help", "pull"],
      ["help", "pull"],
    ],
  ])("%j is one document", async (argv, plain) => {
    const { code, stdout, stderr } = await run(...argv);
    expect([code, stderr]).toEqual([0, ""]);
    const { stdout: help } = await run(...plain);
    expect(help).toContain("Examples:");
    expect(JSON.parse(stdout)).toEqual({ help });
  });
});

describe("unknown words exit with 1 and the nearest match", () => {
  it.each([
    [["lsit"], 'Unknown command "lsit".', 'Did you mean "list"?'],
    [["pul", "--json"], 'Unknown command "pul".', 'Did you mean "pull"?'],
    [["--cwd", ".", "rendr"], 'Unknown command "rendr".', 'Did you mean "render"?'],
    [["help", "nope"], 'Unknown command "nope".', "The commands are pull, types, check,"],
    [["help", "chek"], 'Unknown command "chek".', 'Did you mean "check"?'],
    [["export", "promptfoo"], 'The command "export" was removed.', "scope-gen emit --out-dir"],
    [["check", "--format", "junit"], '"--format junit" was removed.', "scope-gen test has --format junit"],
    [["extract", "--list"], 'The option "--list" was removed.', "scope-gen extract src/mail.ts:12"],
    [["welcome"], 'Unknown command "welcome".', "To fetch one prompt: npx scope-gen pull welcome"],
    [["--jsno"], 'Unknown option "--jsno".', 'Did you mean "--json"?'],
    [["list", "--biult", "x"], 'Unknown option "--biult".', 'Did you mean "--built"?'],
    [["pull", "--prun"], 'Unknown option "--prun".', 'Did you mean "--prune"?'],
    [["--pruen"], 'Unknown option "--pruen".', 'Did you mean "--prune"?'],
    [["list", "--xyzzyx"], 'Unknown option "--xyzzyx".', "See: npx scope-gen list --help"],
    [["--json=1", "list"], `Option "--json" doesn't take a value.`, "See: npx scope-gen list --help"],
    [["list", "--quiet=yes"], `Option "--quiet" doesn't take a value.`, "See: npx scope-gen list --help"],
    [["pull", "--prune=all"], `Option "--prune" doesn't take a value.`, "See: npx scope-gen pull --help"],
    [["--help=pull"], `Option "--help" doesn't take a value.`, ""],
    [["--version=1"], `Option "--version" doesn't take a value.`, ""],
    [["render"], "Missing required argument 'name'.", "See: npx scope-gen render --help"],
    [["emit"], "Required option '--out-dir <dir>' not specified.", "See: npx scope-gen emit --help"],
    [["list", "--built"], "Option '--built <file>' argument missing.", "See: npx scope-gen list --help"],
    [["serve", "a", "b"], "Too many arguments", "See: npx scope-gen serve --help"],
    [["serve", "--port", "http"], '--port must be a number from 0 to 65535, but is "http".', ""],
    [["--cwd", "gone", "list"], "There's no folder", "Check --cwd."],
    [["chek"], 'Unknown command "chek".', 'Did you mean "check"?'],
    [["check", "--lable", "latest"], 'Unknown option "--lable".', 'Did you mean "--label"?'],
    [
      ["check", "--fail-on", "text"],
      "Option '--fail-on <what>' argument 'text' is invalid. Allowed choices are any, breaking.",
      "See: npx scope-gen check --help",
    ],
    [
      ["check", "--label", "lates"],
      "Option '--label <label>' argument 'lates' is invalid. Allowed choices are production, latest.",
      "See: npx scope-gen check --help",
    ],
    [["diff", "--form", "latest"], 'Unknown option "--form".', 'Did you mean "--from"?'],
    [["init", "--yse"], 'Unknown option "--yse".', 'Did you mean "--yes"?'],
    [
      ["doctor", "now"],
      "Too many arguments for 'doctor'. Expected 0 arguments but got 1.\n",
      "See: npx scope-gen doctor --help",
    ],
    [["pull", "--watch", "--json"], "--watch and --json can't be used together.", ""],
  ])("%j", async (argv, message, hint) => {
    const { code, stdout, stderr } = await run(...argv);
    expect(code).toBe(1);
    expect(stderr).toContain(`cli_usage  ${message}`);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
    if (argv.some((word) => word.startsWith("--json")))
      expect(JSON.parse(stdout).error).toMatchObject({ code: "cli_usage", message });
    else expect(stdout).toBe("");
  });
});

describe("errors of the config", () => {
  it("are listed together, with paths relative to the working directory", async () => {
    const cwd = await makeApp({ "scope.config.json": '{ "fetsh": "never", "label": "prod" }' });
    const { code, stderr } = await cli(["list"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        "several_errors  2 options can't be used.",
        "",
        '  config_invalid  Unknown option "fetsh".',
        "",
        "    scope.config.json",
        "",
        '    Did you mean "fetch"?',
        "",
        '  config_invalid  label must be "production" or "latest", but is "prod".',
        "",
        "    scope.config.json",
        "",
        '    Did you mean "production"?',
        "",
        "  See unplugin-scope/docs/errors.md#config_invalid",
        "",
      ].join("\n"),
    );
    const json = await cli(["list", "--json", "--quiet"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: {
        code: "several_errors",
        errors: [{ where: { file: "scope.config.json" } }, { where: { file: "scope.config.json" } }],
      },
    });
  });

  it("a config that throws shows its error in one line, and a stack only with --debug", async () => {
    const cwd = await makeApp({ "scope.config.mjs": 'throw new RangeError("no\\nway");' });
    const { code, stderr } = await cli(["list"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("config_load_failed  The config file threw an error");
    expect(stderr).toContain("scope.config.mjs:1\n");
    expect(stderr).toContain("Caused by RangeError: no\n");
    expect(stderr).not.toContain("way");
    expect((await cli(["list", "--debug"], { cwd })).stderr).toMatch(/^\s+at /m);
  });

  it("misspelt --fetch and --config, and incomplete credentials", async () => {
    const cwd = await makeApp({});
    expect((await cli(["list", "--fetch", "nevr"], { cwd })).stderr).toContain('Did you mean "never"?');
    expect((await cli(["list", "--config", "x.json"], { cwd })).stderr).toContain(
      "There's no config file at",
    );
    const { stderr } = await cli(["list"], { cwd, env: { SCOPE_API_SECRET: "s3cret" } });
    expect(stderr).toContain("credentials_missing");
    expect(stderr).not.toContain("s3cret");
  });

  it("a workspace root whose packages have configs lists them and --cwd", async () => {
    const cwd = await makeApp({
      "package.json": '{ "workspaces": ["packages/*"] }',
      "packages/mail/scope.config.ts": "export default {};\n",
      "packages/web/scope.config.json": "{}",
      "packages/web/src/a.ts": 'import "scope:a";\n',
    });
    const { code, stderr } = await cli(["list"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("config_in_package");
    expect(stderr).toContain("packages/mail, packages/web");
    expect(stderr).toContain("scope-gen --cwd packages/mail");
    expect((await cli(["list", "--cwd", "packages/web"], { cwd })).stdout).toContain("src/a.ts:1");
    const doctor = await cli(["doctor"], { cwd });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("there's one in packages/mail, packages/web");
  });
});
