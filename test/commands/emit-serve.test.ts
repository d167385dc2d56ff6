import { readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { build as esbuild } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeApp } from "../support/app.ts";
import { node, tsc } from "../support/run.ts";
import { cli, pulledProject, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": JSON.stringify({ prompts: { greeting: { prompt: "greeting-template" } } }),
  "src/a.ts": `import a from "scope:greeting?label=latest";\nimport t from "scope:Support/Triage";\n`,
};
const PROMPTS = {
  "greeting-template/1.md": "Hello {{name}}!",
  "greeting-template/2.md": "Hi {{name}}!",
  "greeting-template/prompt.json": JSON.stringify({ production: 1 }),
  "Support/Triage/1.json": JSON.stringify([{ role: "user", content: "{{mail}}" }]),
};

describe("emit", () => {
  it("writes modules that run and type-check with nothing installed", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    const { code, stderr } = await cli(["emit", "--out-dir", "out"], { cwd: root, env });
    expect(code).toBe(0);
    await writeFile(
      join(root, "use.mts"),
      `import greeting from "./out/greeting.js";
       import latest, { versionNumber } from "./out/greeting@latest.js";
       import triage from "./out/~53upport~2F~54riage.js";
       const [{ role, content }] = triage({ mail: "m" });
       const user: "user" = role;
       console.log(greeting({ name: "Ada" }), latest({ name: "Bo" }), versionNumber, user, content);
       // @ts-expect-error a misspelt variable
       try { greeting({ nme: "Ada" }); } catch (error) { console.log((error as { code: string }).code); }
      `,
    );
    const flags = ["--module", "nodenext", "--target", "es2022", "--strict", "--ignoreConfig"];
    expect(await tsc([...flags, "use.mts"], { cwd: root })).toMatchObject({ code: 0, stdout: "" });
    const ran = await node(["use.mjs"], { cwd: root });
    expect(ran.stdout).toBe("Hello Ada! Hi Bo! 2 user m\nvariable_missing\n");
    expect(stderr).not.toContain("error");
  });

  const READS_PATHS = {
    "scope.config.json": JSON.stringify({
      prompts: { greeting: { prompt: "greeting-template" } },
      dts: false,
    }),
    "src/main.ts": `
      import greeting from "scope:greeting";
      import latest from "scope:greeting?label=latest";
      import triage from "scope:Support/Triage";
      import script from "scope:greeting.js";
      import declared from "scope:greeting.d";
      const values = { name: "Ada" };
      console.log(greeting(values), latest(values), triage({ mail: "m" })[0].content, script(values), declared(values));
      // @ts-expect-error a misspelt variable
      export const wrong = () => greeting({ nme: "Ada" });`,
    "tsconfig.json": JSON.stringify({
      extends: ["./tsconfig.base.json", "./src/out/tsconfig.paths.json"],
      include: ["src/*"],
    }),
    "tsconfig.base.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: "esnext",
        moduleResolution: "bundler",
        types: [],
      },
    }),
  };
  const ALIKE = { ...PROMPTS, "greeting.js/1.md": "Script {{name}}", "greeting.d/1.md": "Declared {{name}}" };

  it("writes the paths that lead a tsconfig's imports to the files: for tsc, and for tools that read it", async () => {
    const { root, env } = await testProject(READS_PATHS, ALIKE);
    await cli(["emit", "--out-dir", "src/out"], { cwd: root, env });
    // What ends like a script has no other name for tsc than its own types, which the next test has.
    const untyped = await tsc(["-p", "."], { cwd: root });
    expect(untyped.stdout.match(/TS\d+: .*'scope:[^']*'/g)).toEqual([
      expect.stringContaining("'scope:greeting.js'"),
      expect.stringContaining("'scope:greeting.d'"),
    ]);
    const main = join(root, "main.mjs");
    await esbuild({ entryPoints: [join(root, "src/main.ts")], bundle: true, format: "esm", outfile: main });
    expect((await node([main], { cwd: root })).stdout).toBe("Hello Ada! Hi Ada! m Script Ada Declared Ada\n");
  });

  it("if the generated types are there too, they and the paths agree", async () => {
    const { root, env } = await pulledProject(
      { ...READS_PATHS, "scope.config.json": APP["scope.config.json"] },
      ALIKE,
    );
    await cli(["emit", "--out-dir", "src/out"], { cwd: root, env });
    const all = JSON.stringify({ extends: "../tsconfig.json", include: ["*", "scope-types"] });
    await writeFile(join(root, "src/tsconfig.json"), all);
    expect(await tsc(["-p", "src"], { cwd: root })).toMatchObject({ code: 0, stdout: "" });
  });

  it("follows no link out of the project, and writes to a folder elsewhere if you name it", async () => {
    const { root, env } = await testProject(APP, PROMPTS);
    const elsewhere = await makeApp({});
    onTestFinished(() => rm(elsewhere, { recursive: true }));
    await symlink(elsewhere, join(root, "src/prompts"), "junction");
    for (const outDir of ["src/prompts", "src/prompts/deeper"]) {
      const { code, stderr } = await cli(["emit", "--out-dir", outDir], { cwd: root, env });
      expect(code).toBe(1);
      expect(stderr).toContain("leads_outside");
    }
    expect(await readdir(elsewhere)).not.toContain("greeting.js");
    expect(await cli(["emit", "--out-dir", elsewhere], { cwd: root, env })).toMatchObject({ code: 0 });
    expect(await readdir(elsewhere)).toContain("greeting.js");
  });
});

/** Runs `serve`, does some work with what it prints first, and stops it. */
async function serving<T>(cwd: string, argv: readonly string[], work: (printed: string) => Promise<T>) {
  const stop = new AbortController();
  let working: Promise<T> | undefined;
  const ran = await cli(["serve", "--port", "0", ...argv], {
    cwd,
    signal: stop.signal,
    onStdout(text) {
      working = work(text);
      working.catch(() => {}).finally(() => stop.abort());
    },
  });
  return { ...ran, worked: await working };
}

describe("serve", () => {
  it("serves a folder until it's stopped, and prints what a process needs on standard output", async () => {
    const cwd = await makeApp({ "prompts/welcome/1.md": "Hi {{name}}", "prompts/broken/1.json": "{" });
    const { code, stdout, stderr, worked } = await serving(cwd, [], (text) =>
      cli(["render", "welcome", "--var", "name=Ada"], { cwd, env: parseEnv(text) }),
    );
    expect(code).toBe(0);
    expect(worked).toMatchObject({ code: 0, stdout: "Hi Ada" });
    expect(stdout).toMatch(/^SCOPE_ORG_ID=local\n[\s\S]*SCOPE_AUTH_API_URL=http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(stderr).toContain("Set these where you build; --write-env .env.local does it:");
    expect(stderr).toContain("Serving 2 prompts from prompts at http://127.0.0.1:");
    expect(stderr).toContain("warning  broken: ");
    expect(stderr).toContain("GET /api/v1/prompts/welcome/production 200");
  });

  /** Runs `serve --write-env` until it has said what it did; what the file is then, and what was said. */
  async function writeEnv(before: string | Buffer | undefined, argv: readonly string[] = []) {
    const cwd = await makeApp({ "prompts/welcome/1.md": "Hi {{name}}" });
    const file = join(cwd, ".env.local");
    if (before !== undefined) await writeFile(file, before);
    const stop = new AbortController();
    const { code, stdout, stderr } = await cli(
      ["serve", "--port", "0", "--write-env", ".env.local", ...argv],
      {
        cwd,
        signal: stop.signal,
        onStderr: (text) => text.includes(".env.local: ") && stop.abort(),
      },
    );
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(stderr)?.[0] ?? "";
    const after = (await readFile(file, "latin1")).replaceAll(url, "URL");
    return { cwd, file, code, stdout, said: /\.env\.local: .*/.exec(stderr)?.[0], after };
  }

  it("--write-env makes the file, for its owner alone", async () => {
    const { file, code, stdout, said, after } = await writeEnv(undefined);
    expect([code, stdout]).toEqual([0, ""]);
    expect(after).toBe(
      "SCOPE_ORG_ID=local\nSCOPE_API_KEY=local\nSCOPE_API_SECRET=local\nSCOPE_API_URL=URL\nSCOPE_AUTH_API_URL=URL\n",
    );
    expect(said).toBe(
      ".env.local: wrote SCOPE_ORG_ID, SCOPE_API_KEY, SCOPE_API_SECRET, SCOPE_API_URL, SCOPE_AUTH_API_URL.",
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("--write-env adds to what is there", async () => {
    const mine = "# mine\r\nA='1\r\n2'\r\nSCOPE_FETCH=never";
    const { after } = await writeEnv(mine);
    expect(after.startsWith(`${mine}\r\nSCOPE_ORG_ID=local\r\n`)).toBe(true);
    expect(after.endsWith("SCOPE_AUTH_API_URL=URL\r\n")).toBe(true);
  });

  it("--write-env a second time changes nothing", async () => {
    const { cwd, file } = await writeEnv("A=1");
    const first = await readFile(file, "utf8");
    const [, port = ""] = /:(\d+)$/m.exec(first) ?? [];
    const stop = new AbortController();
    const { stdout, stderr } = await cli(["serve", "--port", port, "--write-env", ".env.local"], {
      cwd,
      signal: stop.signal,
      onStderr: (text) => text.includes(".env.local: ") && stop.abort(),
    });
    expect([stdout, stderr]).toEqual(["", expect.stringContaining(".env.local: nothing to change.")]);
    expect(await readFile(file, "utf8")).toBe(first);
  });

  it.each([
    ["other values", "SCOPE_ORG_ID=local\nSCOPE_API_KEY=acme\n", "SCOPE_ORG_ID, SCOPE_API_KEY"],
    ["names that win", "export SCOPE_CLIENT_ID=acme\n", "SCOPE_CLIENT_ID"],
  ])("--write-env leaves a file that has %s, and prints the lines", async (_, before, names) => {
    const cwd = await makeApp({ "prompts/welcome/1.md": "Hi {{name}}", ".env.local": before });
    const { stdout, stderr } = await serving(cwd, ["--write-env", ".env.local"], async () => {});
    expect(stderr).toContain(`.env.local has its own ${names}, and was left as it is. Set these there:`);
    expect(stdout).toMatch(/^SCOPE_ORG_ID=local\n[\s\S]*SCOPE_AUTH_API_URL=http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await readFile(join(cwd, ".env.local"), "utf8")).toBe(before);
  });

  it("--write-env writes nothing if the port is taken, the file isn't text, or a link leads out", async () => {
    const { root, platform } = await testProject({ "prompts/a/1.md": "", ".env.local": "A=1\n" }, PROMPTS);
    const serve = (port: string) =>
      cli(["serve", "--port", port, "--write-env", ".env.local"], { cwd: root });
    const taken = await serve(String(platform.port));
    expect(taken).toMatchObject({ code: 1, stdout: "" });
    expect(taken.stderr).toContain("port_unavailable");
    expect(await readFile(join(root, ".env.local"), "utf8")).toBe("A=1\n");
    const utf16 = Buffer.from("\uFEFFA=1\r\n", "utf16le");
    await writeFile(join(root, ".env.local"), utf16);
    expect(await serve("0")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("file_unreadable"),
    });
    expect(await readFile(join(root, ".env.local"))).toEqual(utf16);
    const elsewhere = await makeApp({ profile: "A=1\n" });
    await rm(join(root, ".env.local"));
    await symlink(join(elsewhere, "profile"), join(root, ".env.local"));
    expect(await serve("0")).toMatchObject({ code: 1, stderr: expect.stringContaining("leads_outside") });
    expect(await readFile(join(elsewhere, "profile"), "utf8")).toBe("A=1\n");
  });

  it("--drafts: a new file is a draft until scope-gen promote, which a running serve sees", async () => {
    const settings = JSON.stringify({ id: "pmt_1", versions: { 1: { metadata: { model: "m" } } } }, null, 4);
    const cwd = await makeApp({
      "prompts/welcome/1.md": "Hi",
      "prompts/welcome/2.md": "Hello",
      "prompts/welcome/prompt.json": settings,
      "prompts/greeting-template/1.md": "x",
      "prompts/support/triage/1.md": "x",
    });
    const { stderr } = await serving(cwd, ["--drafts", "--json"], async (text) => {
      const { env, ...rest } = JSON.parse(text);
      expect(rest).toEqual({ url: env.SCOPE_API_URL, dir: join(cwd, "prompts") });
      const production = () => cli(["render", "welcome"], { cwd, env });
      expect((await production()).stderr).toContain("no_production_version");
      expect(await cli(["promote", "welcome", "1"], { cwd })).toEqual({
        code: 0,
        stdout: `Version 1 of welcome is production now, in ${join("prompts", "welcome", "prompt.json")}.\n`,
        stderr: "",
      });
      expect((await production()).stdout).toBe("Hi");
      const { stdout } = await cli(["promote", "welcome", "2", "--json"], { cwd });
      expect(stdout).toContain('"production": 2');
      expect((await production()).stdout).toBe("Hello");
    });
    expect(stderr).toContain("You can't create support/triage on the hosted platform: a name there has");
    expect(stderr).toContain("No version of greeting-template, support/triage, welcome is production yet.");
    expect(stderr).toContain("scope-gen promote greeting-template 1 prompts\n");
    const written = await readFile(join(cwd, "prompts/welcome/prompt.json"), "utf8");
    expect(written).toMatch(/^\{\n {4}"id": "pmt_1",\n {4}"versions": \{\n {8}"1": \{\n {12}"metadata": /);
  });

  it("a folder without a prompt: says where the first one goes", async () => {
    const cwd = await makeApp({ "prompts/greeting.md": "Hi" });
    const { stderr } = await serving(cwd, [], async () => {});
    expect(stderr).toContain("put the first one at prompts/<name>/1.md");
  });
});
