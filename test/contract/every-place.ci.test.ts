import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Calls, Overview } from "../../src/inspector/inspector.ts";
import { cli, pulledProject, type TestProject } from "../commands/cli-helpers.ts";
import { inspect } from "../inspector/inspected-app.ts";
import { buildApp } from "../support/app.ts";
import { RenderingServer } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";

const TEXT = "Hello {{name}}, welcome to {{place}}.";
const METADATA = { model: "gpt-4o-mini", temperature: 0.3 };

const APP = {
  "scope.config.json": '{ "prompts": ["m"], "dev": { "interval": 0.2 } }',
  "tsconfig.json":
    '{ "include": ["src"], "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": [] } }',
  "src/main.ts": [
    'import m, { metadata } from "scope:m";',
    'export const text: string = m({ name: "Ada", place: "Looms" });',
    "export const warmer = metadata.model.length + metadata.temperature.toFixed(1).length;",
  ].join("\n"),
  "src/render.js": [
    'import m from "scope:m";',
    'export const render = () => JSON.stringify(m({ name: "Ada", place: "Looms" }));',
  ].join("\n"),
};

interface Row {
  readonly edit: string;
  readonly grade: "missing" | "breaking" | "compatible" | "values" | "text" | "none";
  /** What every place shows. */
  readonly messages: readonly string[];
  readonly content?: string | readonly object[];
  readonly metadata?: object;
}

// biome-ignore format: one row a line
const ROWS: readonly Row[] = [
  { edit: "the prompt is removed", grade: "missing", messages: [] },
  { edit: "a new variable", grade: "breaking", content: `${TEXT} It is {{day}}.`, messages: ['new variable "day"'] },
  { edit: "a text becomes a chat", grade: "breaking", content: [{ role: "user", content: TEXT }], messages: ["type changed from text to chat"] },
  {
    edit: "metadata that is read is removed or has another type",
    grade: "breaking",
    metadata: { temperature: "0.9" },
    messages: [
      'metadata "model" is gone',
      'metadata "temperature" changed from number to string',
      'temperature: 0.3 → "0.9"',
    ],
  },
  { edit: "a new metadata key", grade: "compatible", metadata: { ...METADATA, owner: "me" }, messages: ['new metadata "owner"'] },
  { edit: "another model", grade: "values", metadata: { model: "gpt-5", temperature: 0.9 }, messages: ['model: "gpt-4o-mini" → "gpt-5"', "temperature: 0.3 → 0.9"] },
  { edit: "another word", grade: "text", content: TEXT.replace("Hello", "Hi"), messages: ["text only"] },
  { edit: "nothing", grade: "none", messages: [] },
];

/** Version 1 is committed; the row's edit is on the platform. */
async function edited({ grade, content = TEXT, metadata = METADATA }: Row): Promise<TestProject> {
  const settings = (versions: object) => JSON.stringify({ versions });
  const project = await pulledProject(APP, {
    "m/1.md": TEXT,
    "m/prompt.json": settings({ 1: { metadata: METADATA } }),
  });
  if (grade === "none") return project;
  if (grade === "missing") {
    await rm(join(project.prompts, "m"), { recursive: true });
    return project;
  }
  await project.prompt("m/prompt.json", settings({ 1: { metadata: METADATA }, 2: { metadata } }));
  if (typeof content === "string") await project.prompt("m/2.md", content);
  else await project.prompt("m/2.json", JSON.stringify(content));
  return project;
}

const list = (messages: readonly string[]) => messages.join(", ");

const messagesOf = ({ changes }: { readonly changes: readonly { readonly message: string }[] }) =>
  changes.map(({ message }) => message);

describe.each(ROWS)("$grade: $edit", (row) => {
  const { grade, messages } = row;
  let project: TestProject;
  const run = (...argv: string[]) => project.run(...argv);
  beforeEach(async () => {
    project = await edited(row);
  });

  it("check", async () => {
    const { code, stdout } = await run("check", "--json");
    const [prompt] = JSON.parse(stdout).prompts;
    expect(prompt.change).toBe(grade);
    expect(prompt.changes.map(({ message }: { message: string }) => message)).toEqual(messages);
    expect(code).toBe({ missing: 3, breaking: 3, compatible: 2, values: 2, text: 2, none: 0 }[grade]);
    const text = (await run("check")).stdout;
    if (grade !== "none") expect(text).toMatch(new RegExp(`^m .* ${grade} +`, "m"));
    for (const shown of [
      text,
      (await run("check", "--format", "markdown")).stdout
        .replaceAll("`day`", '"day"')
        .replaceAll(/`(model|temperature|owner)`/g, '"$1"'),
      (await cli(["check"], { cwd: project.root, env: { ...project.env, GITHUB_ACTIONS: "true" } })).stdout,
    ]) {
      for (const message of messages) expect(shown).toContain(message);
    }
  });

  it("diff", async () => {
    const { prompts } = JSON.parse((await run("diff", "--json")).stdout);
    expect(prompts.map(({ change }: { change: string }) => change)).toEqual(grade === "none" ? [] : [grade]);
    const { stdout } = await run("diff");
    if (grade !== "none" && grade !== "missing") expect(stdout).toContain(`\nchange: ${grade}\n`);
    for (const message of messages) if (message !== "text only") expect(stdout).toContain(`\n  ${message}\n`);
  });

  it("inspector", async () => {
    const { get } = await inspect(project);
    const overview = await get<Overview>("overview");
    const [row] = overview.prompts;
    expect([overview.platform, overview.prompts.length, row?.name]).toEqual(["compared", 1, "m"]);
    expect([row?.served?.change, messagesOf(row?.served ?? { changes: [] })]).toEqual([grade, messages]);
    const calls = await get<Calls>("calls?specifier=scope:m&side=platform");
    expect([calls?.change, messagesOf(calls ?? { changes: [] })]).toEqual([grade, messages]);
  });

  it("pull", async () => {
    const before = await run("pull", "--json");
    const { prompts, error } = JSON.parse(before.stdout);
    if (grade === "missing") return expect(error.code).toBe("prompt_not_found");
    expect(prompts[0]).toMatchObject({ change: grade, changes: messages.map((message) => ({ message })) });
    project = await edited(row);
    const { stdout } = await run("pull");
    for (const message of messages) expect(stdout).toContain(message);
    if (messages.length > 0) expect(stdout).toMatch(new RegExp(`^m .* ${grade} +`, "m"));
  });

  it("build", async () => {
    const { code, stdout, stderr } = await buildApp("esbuild", project.root, project.env);
    const printed = stdout + stderr;
    if (grade === "missing") {
      expect(code).toBe(1);
      expect(printed).toContain("prompt_not_found");
    } else if (grade === "breaking") {
      expect(code).toBe(1);
      // Only what it stops for: a metadata value that differs isn't.
      const stops = messages.filter((message) => !/^"?\w+"?: /.test(message));
      expect(printed).toContain(
        `build_contract_changed  Version 2 changes the contract of version 1: ${list(stops)}.`,
      );
    } else {
      expect(code, stderr).toBe(0);
      if (grade === "none") expect(printed).not.toContain("m@production: version");
      else expect(printed).toContain(`m@production: version 1 → 2 (${list(messages)})`);
    }
  });

  it("development", async () => {
    const { root } = project;
    const server = new RenderingServer(root, project.env);
    onTestFinished(() => server.stop());
    await server.ask();
    if (grade === "none") {
      const asked = project.platform.requests.length;
      await waitFor("three polls", () => project.platform.requests.length > asked + 3);
      expect(server.output).not.toContain("m@production: version");
    } else if (grade === "missing") await server.said(/prompt_not_found/);
    else {
      const isOfContract = grade === "breaking" || grade === "compatible";
      await server.said(/m@production: version 1 → 2 .*/);
      const line = `m@production: version 1 → 2 (${list(messages)})`;
      const wrote = "; wrote snapshot and types";
      await waitFor("the line", () => server.output.includes(line + (isOfContract ? wrote : "\n")), {
        describe: () => server.output,
      });
    }
  });
});
