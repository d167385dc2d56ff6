// Edits of a schema for answers, each a prompt of one project: check, diff, build, pull and live adoption say the same.
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import { compileOutput } from "../../../src/compiler/output/compile-output.ts";
import { configureLive } from "../../../src/runtime/configure-live.ts";
import { refreshLive } from "../../../src/runtime/index.ts";
import type { LiveIncompatible, LiveRefresh } from "../../../src/runtime/live-types.ts";
import { loadSnapshot } from "../../../src/snapshot/store.ts";
import { cli, type TestProject, testProject } from "../../cli/cli-helpers.ts";
import { promptSource } from "../../compiler/prompts.ts";
import { liveBuild, loadLiveModule } from "../../runtime/live/emitted-live-module.ts";
import { forgetLiveState } from "../../runtime/live/live-server.ts";
import { buildApp } from "../../support/app.ts";
import { EDITS, edited, SCHEMA } from "./schema-edits.ts";

const names = EDITS.map((_, at) => `p${at}`);
const metadataOf = (schema: object) => ({ model: "small-1", output_schema: schema });

const APP = {
  "scope.config.json": JSON.stringify({ prompts: names, onContractChange: "warn" }),
  "tsconfig.json":
    '{ "include": ["src"], "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": [] } }',
  "src/main.ts": [
    'import { output } from "scope:p0";',
    "const answer = output.parse('{}');",
    "export const title: string = answer.title.trim();",
    "export const mail = answer.owner?.mail.length;",
    'import "./render.js";',
  ].join("\n"),
  "src/render.js": names
    .map(
      (name, at) =>
        `import p${at}, { output as o${at} } from "scope:${name}"; export const r${at} = [p${at}(), o${at}];`,
    )
    .join("\n"),
};

let project: TestProject;
beforeEach(async () => {
  const settings = (versions: object) => JSON.stringify({ versions });
  const prompts = Object.fromEntries(
    names.flatMap((name) => [
      [`${name}/1.md`, "Hello"],
      [`${name}/prompt.json`, settings({ 1: { metadata: metadataOf(SCHEMA) } })],
    ]),
  );
  project = await testProject(APP, prompts);
  const pulled = await cli(["pull"], { cwd: project.root, env: project.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  for (const [at, edit] of EDITS.entries()) {
    if (edit.grade === "none") continue;
    const versions = { 1: { metadata: metadataOf(SCHEMA) }, 2: { metadata: metadataOf(edited(edit)) } };
    await project.prompt(`p${at}/prompt.json`, settings(versions));
    await project.prompt(`p${at}/2.md`, "Hello");
  }
});

const run = (...argv: string[]) => cli(argv, { cwd: project.root, env: project.env });
interface Shown {
  readonly name: string;
  readonly change: string;
  readonly changes: readonly { readonly message: string }[];
  readonly calls: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}

/** By edit: the grade, and what is said of the type. */
function verdicts(prompts: readonly Shown[]) {
  const byName = new Map(prompts.map((prompt) => [prompt.name, prompt]));
  return EDITS.map(({ edit }, at) => {
    const { change = "none", changes = [] } = byName.get(`p${at}`) ?? {};
    const messages = changes
      .map(({ message }) => message)
      .filter((message) => !message.startsWith("output_schema"));
    return [edit, change, messages];
  });
}

const expected = EDITS.map(({ edit, grade, messages = [] }) => [edit, grade, messages]);

describe("60 edits of a schema", () => {
  it("are sixty", () => expect(EDITS.length).toBeGreaterThanOrEqual(60));

  it("check", async () => {
    const { code, stdout } = await run("check", "--json");
    const { prompts } = JSON.parse(stdout) as { prompts: Shown[] };
    // What breaks no read has the type checker's word for it.
    const isRead = (edit: unknown) => edit === EDITS[0]?.edit;
    expect(verdicts(prompts)).toEqual(
      expected.map(([edit, grade, messages]) => [
        edit,
        grade === "breaking" && !isRead(edit) ? "compatible" : grade,
        messages,
      ]),
    );
    expect(code).toBe(3);
    // The reads that break: of the prompt whose answer is read.
    expect(prompts.find(({ name }) => name === "p0")?.calls).toMatchObject([
      { file: "src/main.ts", line: 3, message: expect.stringContaining("title") },
    ]);
    for (const { name, calls } of prompts) if (name !== "p0") expect([name, calls]).toEqual([name, []]);
  });

  it("diff", async () => {
    const { prompts } = JSON.parse((await run("diff", "--json")).stdout);
    expect(verdicts(prompts)).toEqual(expected);
  });

  it("build", async () => {
    const { code, stdout, stderr } = await buildApp("esbuild", project.root, project.env);
    expect(code, stderr).toBe(0);
    const printed = stdout + stderr;
    for (const [at, { edit, grade, messages = [] }] of EDITS.entries()) {
      const isRefused = printed.includes(`p${at}@production: version 1 → 2 does not keep the contract`);
      expect([edit, isRefused]).toEqual([edit, grade === "breaking"]);
      expect([edit, printed.includes(`p${at}@production: version 1 → 2 (`)]).toEqual([
        edit,
        grade !== "none",
      ]);
      for (const message of messages) expect(printed).toContain(message);
    }
  });

  it("live", async () => {
    forgetLiveState();
    const refreshed: LiveRefresh[] = [];
    const refused: LiveIncompatible[] = [];
    const env = project.env as Record<string, string>;
    configureLive({
      credentials: { orgId: env.SCOPE_ORG_ID, apiKey: env.SCOPE_API_KEY, apiSecret: env.SCOPE_API_SECRET },
      baseUrl: project.platform.url,
      authApiUrl: project.platform.url,
      maxRequestsPerSecond: 1000,
      onRefresh: (refresh) => refreshed.push(refresh),
      onIncompatible: (incompatible) => refused.push(incompatible),
    });
    for (const name of names) {
      const source = promptSource("", { name });
      const snapshot = await loadSnapshot(join(project.root, "scope"), source.ref);
      if (snapshot === undefined) throw new Error("Version 1 is not committed.");
      const committed = { ...source, version: snapshot.version };
      const output = await compileOutput(committed, { metadataKey: "output_schema" });
      loadLiveModule(compilePrompt(committed, output), liveBuild);
    }
    await refreshLive();
    for (const [at, { edit, grade, messages = [] }] of EDITS.entries()) {
      const name = `p${at}`;
      const refusals = refused.filter((one) => one.name === name).map(({ changes }) => changes);
      expect([edit, refusals]).toEqual([edit, grade === "breaking" ? [messages] : []]);
      const isRefreshed = refreshed.some((one) => one.name === name);
      expect([edit, isRefreshed]).toEqual([edit, grade === "compatible" || grade === "values"]);
    }
  });
});
