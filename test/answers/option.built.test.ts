// `answer` of a prompt's entry: its schema for answers is in the repository, not in the metadata.
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flatten } from "../../src/errors/format-error.ts";
import { isScopeError } from "../../src/errors/scope-error.ts";
import { loadOptions } from "../../src/project/config/load-options.ts";
import { cli, pulledProject, testProject } from "../commands/cli-helpers.ts";
import { startDevApp } from "../run/dev/dev-app.ts";
import { type Bundler, buildApp, makeApp, outputFile, replaceFile, temporaryFolder } from "../support/app.ts";
import { linkPackage, node, ROOT, succeed } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";

const schema = (...teams: string[]) =>
  JSON.stringify({ type: "object", properties: { team: { enum: teams } }, required: ["team"] }, null, 2);

/** A Standard Schema as a library makes it. */
const standard = (jsonSchema = "") => `
const validate = (value) => ({ value });
export const Triage = { own: "object", "~standard": { version: 1, vendor: "own", validate${jsonSchema} } };
`;
const WITH_JSON = ", jsonSchema: { input: ({ target }) => ({ title: 'own', target }) }";

const config = (answer: string) => ({
  "scope.config.json": JSON.stringify({ prompts: { triage: { answer } } }),
});
const PROMPTS = { "triage/1.md": "Sort {{ticket}}" };
const USE = `
import { metadata, output, outputSchema } from "scope:triage";
const parse = (answer) => { try { return output.parse?.(answer); } catch (error) { return error.code; } };
const parsed = [parse('{ "team": "billing" }'), parse({ team: "none" })];
console.log(JSON.stringify([...parsed, output.own, outputSchema, metadata]));
`;

/** Builds an app, and gives what its bundle prints. */
async function printedBy(
  bundler: Bundler,
  root: string,
  env: Readonly<Record<string, string>>,
  entry?: string,
) {
  const { stderr } = await succeed(buildApp(bundler, root, env, entry));
  const { stdout } = await succeed(node([outputFile(bundler, root)], { cwd: root, env }));
  return { stdout, stderr, bundle: await readFile(outputFile(bundler, root), "utf8") };
}

describe("in the config", () => {
  it.each([
    ...[1, "", "./answers.ts", "./answers.json#Triage", "./answers.ts#not a name", "./answers.ts#a;b"],
    ...["./answers.ts#", "#Triage", "./a?b.ts#Triage", "./a\nb.ts#Triage", "./a\0.json"],
  ])("%j is refused by name", async (answer) => {
    const cwd = await makeApp({
      "scope.config.json": JSON.stringify({ prompts: { triage: { answer, answr: "" } } }),
    });
    const error = await loadOptions({ cwd, env: {} }).catch((error) => error);
    const [wrong, unknown] = flatten(error).map((one) => isScopeError(one, "config_invalid") && one);
    expect(wrong).toMatchObject({
      message: expect.stringMatching(
        /^prompts\.triage\.answer must be a JSON Schema \(\.json\) or an export/,
      ),
      where: { file: join(cwd, "scope.config.json") },
    });
    expect(unknown).toMatchObject({ hint: 'Did you mean "answer"?' });
  });

  it("a path is relative to the config, in the plugin's options to the bundler's root", async () => {
    const cwd = await makeApp({ ...config("./shared/a.json"), "app/index.js": "" });
    const file = (options: object = {}) =>
      loadOptions({ cwd: join(cwd, "app"), env: {}, ...options }).then(
        ({ prompts }) => prompts.get("triage")?.answer,
      );
    expect(await file()).toEqual({
      written: "./shared/a.json",
      file: join(cwd, "shared/a.json"),
      name: undefined,
    });
    expect(await file({ options: { prompts: { triage: { answer: "./b.mts#default" } } } })).toEqual({
      written: "./b.mts#default",
      file: join(cwd, "app/b.mts"),
      name: "default",
    });
  });
});

describe("a JSON Schema", () => {
  it("is compiled as one in the metadata; a change of it is a change of code", async () => {
    const files = {
      ...config("./src/triage.json"),
      "src/triage.json": schema("billing"),
      "src/main.ts": USE,
    };
    const { root, env, run: scope } = await testProject(files, PROMPTS);
    expect(await scope("pull")).toMatchObject({ code: 0 });
    const types = () => readFile(join(root, "src/scope-types/triage.d.ts"), "utf8");
    expect(await types()).toMatch(/type Output = \{\s+team: "billing";\s+\}/);

    const offline = { ...env, SCOPE_FETCH: "never" };
    const build = async (bundler: "vite" | "esbuild" = "vite") => {
      const { stdout, stderr } = await printedBy(bundler, root, offline);
      return { stderr, printed: JSON.parse(stdout) };
    };
    const printed = [{ team: "billing" }, "output_invalid", null, JSON.parse(schema("billing")), {}];
    expect((await build()).printed).toEqual(printed);
    expect((await build("esbuild")).printed).toEqual(printed);

    expect(await scope("emit", "--out-dir", "out/prompts")).toMatchObject({ code: 0 });
    await writeFile(join(root, "emitted.mjs"), USE.replace("scope:triage", "./out/prompts/triage.js"));
    const emitted = await succeed(node(["emitted.mjs"], { cwd: root }));
    expect(JSON.parse(emitted.stdout)).toEqual(printed);

    // The types don't declare it yet: code that they allow could fail.
    await writeFile(join(root, "src/triage.json"), schema("support"));
    const stale = await buildApp("vite", root, offline);
    expect(stale.code).not.toBe(0);
    expect(stale.stderr).toContain("types_differ");
    expect(await scope("types")).toMatchObject({ code: 0 });
    expect(await types()).toContain('team: "support"');
    expect((await build()).printed.slice(0, 2)).toEqual(["output_invalid", "output_invalid"]);
    // It isn't the platform's.
    expect(await scope("check")).toMatchObject({ code: 0 });
    expect(JSON.parse((await scope("diff", "--json")).stdout)).toEqual({ prompts: [] });
  });

  it.each([
    ["{ nothing", "it isn't JSON", ":1:3"],
    ["[]", "it isn't a JSON object", ""],
    ['{\n  "type": "strin"\n}', '"type"', ":2:3"],
    [`{ "x": ${"[".repeat(300)}${"]".repeat(300)} }`, "nested too deep", ""],
  ])("%j is an error that names the file and the place", async (text, message, place) => {
    const files = { ...config("./triage.json"), "triage.json": text, "a.ts": 'import "scope:triage";' };
    const { code, stderr } = await (await testProject(files, PROMPTS)).run("pull");
    expect(code).toBe(1);
    expect(stderr).toContain("output_schema_invalid");
    expect(stderr).toContain(message);
    expect(stderr).toContain(`triage.json${place}`);
    if (text.startsWith("{ n")) expect(stderr).not.toContain("nothing");
  });

  it("is an error together with one in the metadata, that names both", async () => {
    const metadata = { versions: { 1: { metadata: { output_schema: { type: "object" } } } } };
    const { root, env } = await testProject(
      { ...config("./triage.json"), "triage.json": schema("a"), "a.ts": 'import "scope:triage";' },
      { ...PROMPTS, "triage/prompt.json": JSON.stringify(metadata) },
    );
    const { code, stderr } = await cli(["pull"], { cwd: root, env });
    expect(code).toBe(1);
    expect(stderr).toContain("output_schema_invalid");
    expect(stderr).toContain('"output_schema" in its metadata, and answer: "./triage.json"');
  });

  it("that isn't there is an error with the nearest name; a link out of the repository isn't followed", async () => {
    const { root, env } = await testProject(
      {
        ...config("./answers/triag.json"),
        "answers/triage.json": schema("a"),
        "a.ts": 'import "scope:triage";',
      },
      PROMPTS,
    );
    const missing = await cli(["pull"], { cwd: root, env });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("config_invalid");
    expect(missing.stderr).toContain('Did you mean "triage.json"?');
    const elsewhere = join(await temporaryFolder(), "secret.json");
    await writeFile(elsewhere, '{ "type": "string", "secret": 1 }');
    await symlink(elsewhere, join(root, "answers/triag.json"));
    const linked = await cli(["pull"], { cwd: root, env });
    expect(linked.code).toBe(1);
    expect(linked.stderr).toContain("leads_outside");
  });

  it("is watched by a dev server, which makes the module and the types again", async () => {
    await using app = await startDevApp({
      prompts: { triage: "Sort {{ticket}}" },
      files: {
        ...config("./triage.json"),
        "triage.json": schema("one"),
        "src/render.js":
          'import { outputSchema } from "scope:triage";\nexport const render = () => outputSchema.properties.team.enum.join();\n',
      },
    });
    const { platform, root } = app;
    const server = app.serve({ maxRequestsPerSecond: 100, label: "latest" });
    await server.gives(" one");
    await replaceFile(join(root, "triage.json"), schema("two", "three"));
    await server.gives(" two,three");
    const types = () => app.types("triage");
    await waitFor("the types", async () => (await types())?.includes('"two" | "three"'), { describe: types });
    await replaceFile(join(root, "triage.json"), "{");
    await server.said(/it isn't JSON/);
    await server.gives(" two,three");
    await replaceFile(join(root, "triage.json"), schema("four"));
    await server.gives(" four");
    // While a draft can't be previewed.
    await platform.settings("triage", { production: 1 });
    await platform.save("triage", "Sort {{other}}");
    await server.said(/Can't preview/);
    await replaceFile(join(root, "triage.json"), schema("five"));
    await server.gives(" five");
  });
});

describe("a Standard Schema", () => {
  const printed = (schema: unknown) => [null, null, "object", schema, {}];
  const own = { title: "own", target: "draft-2020-12" };

  it.each([
    [WITH_JSON, own, ["vite", "esbuild", "webpack"]],
    ["", null, ["esbuild"]],
  ] as const)(
    "is exported as it is, with its JSON Schema if the library gives one: %j",
    async (rest, given, bundlers) => {
      const { root, env } = await pulledProject(
        {
          ...config("./src/answers.ts#Triage"),
          "src/answers.ts": `${standard(rest)}\nexport type Used = string;\n`,
          "src/main.ts": USE,
          "src/render.ts": 'import triage from "scope:triage";\nconsole.log(triage({ ticket: "x" }));\n',
        },
        PROMPTS,
      );
      const offline = { ...env, SCOPE_FETCH: "never" };
      for (const bundler of bundlers) {
        const { stdout, bundle } = await printedBy(bundler, root, offline);
        expect(JSON.parse(stdout), bundler).toEqual(printed(given));
        expect(bundle).not.toContain("makeOutput");
        // What isn't used isn't there.
        const minified = await printedBy(bundler, root, { ...offline, TEST_MINIFY: "true" }, "src/render.ts");
        expect(minified.bundle, bundler).not.toContain("draft-2020-12");
      }
      // Another key of the same prompt has its own.
      const prompts = {
        other: { prompt: "triage", answer: "./src/answers.ts#Other" },
        triage: { answer: "./src/answers.ts#Triage" },
      };
      await writeFile(join(root, "scope.config.json"), JSON.stringify({ dts: false, prompts }));
      await writeFile(
        join(root, "src/answers.ts"),
        `${standard(rest)}export const Other = { ...Triage, own: "other" };`,
      );
      const both =
        'import { output as one } from "scope:triage";\nimport { output as two } from "scope:other";\nconsole.log(one.own, two.own);\n';
      await writeFile(join(root, "src/main.ts"), both);
      expect((await printedBy("vite", root, offline)).stdout).toBe("object other\n");
    },
  );

  it.each(["esbuild", "rolldown"] as const)(
    "isn't in a bundle that reads no answer, nor is its library: %s",
    async (bundler) => {
      const { root, env } = await testProject(
        {
          ...config("./src/answers.ts#Triage"),
          "src/answers.ts":
            'import * as z from "zod/v4";\nexport const Triage = z.object({ at: z.date() });\n',
          "src/render.ts": 'import triage from "scope:triage";\nconsole.log(triage({ ticket: "x" }));\n',
          "src/main.ts":
            'import { output } from "scope:triage";\nconsole.log(output.parse({ at: new Date(0) }).at.getTime());\n',
        },
        PROMPTS,
      );
      await mkdir(join(root, "node_modules"));
      await symlink(join(ROOT, "node_modules/zod"), join(root, "node_modules/zod"));
      expect(await cli(["pull"], { cwd: root, env })).toMatchObject({ code: 0 });
      const ran = async (entry: string) => {
        const minified = { ...env, SCOPE_FETCH: "never", TEST_MINIFY: "true" };
        await succeed(buildApp(bundler, root, minified, entry));
        // The second build is answered from the record.
        const { stdout, bundle } = await printedBy(bundler, root, minified, entry);
        return [stdout, bundle.length] as const;
      };
      expect(await ran("src/main.ts")).toEqual(["0\n", expect.toSatisfy((size) => size > 10_000)]);
      expect(await ran("src/render.ts")).toEqual(["Sort x\n", expect.toSatisfy((size) => size < 1000)]);
    },
  );

  it("without a JSON Schema of its answers, as of a date, fails where that is used alone", async () => {
    const { root, env } = await pulledProject(
      {
        ...config("./answers.js#Triage"),
        "package.json": '{ "type": "module" }',
        "answers.js": standard(", jsonSchema: { input() { throw new Error('no dates') } }"),
        "main.js": `
          import triage, { output, outputSchema } from "scope:triage";
          console.log(triage({ ticket: "x" }), output.own);
          for (const use of [JSON.stringify, (schema) => ({ ...schema })])
            try { use(outputSchema); } catch ({ message }) { console.log(message); }
        `,
      },
      PROMPTS,
    );
    const ran = await node(["--import", join(ROOT, "dist/register.js"), "main.js"], { cwd: root, env });
    expect(ran.stdout).toBe("Sort x object\nno dates\nno dates\n");
  });

  it("in JavaScript runs without a bundler; in TypeScript that's an error that names both ways", async () => {
    const {
      root,
      env,
      run: scope,
    } = await testProject(
      {
        ...config("./src/answers.js#Triage"),
        "package.json": '{ "type": "module" }',
        "src/answers.js": standard(WITH_JSON),
        "src/answers.ts": standard(WITH_JSON),
        "src/main.js": USE,
      },
      PROMPTS,
    );
    const register = () =>
      node(["--import", join(ROOT, "dist/register.js"), "src/main.js"], { cwd: root, env });
    expect(await scope("pull")).toMatchObject({ code: 0 });
    expect(JSON.parse((await succeed(register())).stdout)).toEqual(printed(own));
    expect(await scope("emit", "--out-dir", "out/prompts")).toMatchObject({ code: 0 });
    const emitted = join(root, "out/prompts/triage.js");
    const [, answers = ""] = /from "\.\/(\+answer[^"]+)"/.exec(await readFile(emitted, "utf8")) ?? [];
    expect(await readFile(join(root, "out/prompts", answers), "utf8")).toContain(
      'import { Triage as output } from "../../src/answers.js";',
    );
    const main = USE.replace("scope:triage", "../out/prompts/triage.js");
    await writeFile(join(root, "src/emitted.js"), main);
    expect(JSON.parse((await succeed(node(["src/emitted.js"], { cwd: root }))).stdout)).toEqual(printed(own));

    await writeFile(join(root, "scope.config.json"), config("./src/answers.ts#Triage")["scope.config.json"]);
    for (const { code, stderr } of [await register(), await scope("emit", "--out-dir", "out/prompts")]) {
      expect(code).not.toBe(0);
      expect(stderr).toContain("config_invalid");
      expect(stderr).toMatch(/JavaScript[\s\S]*JSON/);
    }
  });

  it("of a live prompt is its module's own, whatever version is adopted; a JSON Schema too", async () => {
    const use = `
      import { current, metadata, output, outputSchema } from "scope:triage";
      import { output as json } from "scope:json";
      import { refreshLive } from "unplugin-scope/runtime";
      await refreshLive();
      const answer = json.parse({ team: "billing" });
      console.log(JSON.stringify([metadata.model, current().versionNumber, output.own, outputSchema, answer]));
      process.exit();
    `;
    const { root, env, prompts } = await testProject(
      {
        "scope.config.json": JSON.stringify({
          prompts: {
            triage: { answer: "./src/answers.ts#Triage", live: true },
            json: { prompt: "triage", answer: "./src/triage.json", live: true },
          },
        }),
        "src/answers.ts": standard(WITH_JSON),
        "src/triage.json": schema("billing"),
        "src/main.ts": use,
      },
      { ...PROMPTS, "triage/prompt.json": JSON.stringify({ versions: { 1: { metadata: { model: "a" } } } }) },
    );
    await linkPackage(root);
    expect(await cli(["pull"], { cwd: root, env })).toMatchObject({ code: 0 });
    await succeed(buildApp("vite", root, { ...env, SCOPE_FETCH: "never" }));
    // The next version says in its metadata what answers are like: that's no schema of this module.
    const metadata = { model: "b", output_schema: { type: "number" } };
    await writeFile(join(prompts, "triage/2.md"), "Sort {{ticket}} now");
    await writeFile(
      join(prompts, "triage/prompt.json"),
      JSON.stringify({ versions: { 1: { metadata: { model: "a" } }, 2: { metadata } } }),
    );
    const { stdout } = await succeed(node([outputFile("vite", root)], { cwd: root, env }));
    expect(JSON.parse(stdout)).toEqual(["b", 2, "object", own, { team: "billing" }]);
  });

  it("isn't run by any command, and examples of answers can't be checked against it", async () => {
    const { run: scope } = await testProject(
      {
        ...config("./src/answers.ts#Triage"),
        "src/answers.ts": 'throw new Error("it ran");\nexport const Triage = {};\n',
        "scope/samples/triage.json": JSON.stringify({
          one: { values: { ticket: "x" }, answers: [{ accept: {} }] },
        }),
      },
      PROMPTS,
    );
    for (const command of [
      "pull",
      "types",
      "check",
      "doctor",
      "lint",
      "list",
      "render triage --var ticket=x",
    ]) {
      const { code, stdout, stderr } = await scope(...command.split(" "));
      expect(stdout + stderr, command).not.toContain("it ran");
      expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
    }
    const tested = await scope("test");
    expect(tested.code).toBe(3);
    expect(tested.stdout + tested.stderr).toContain("answers.ts#Triage");
  });
});
