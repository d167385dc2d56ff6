import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileOutput } from "../../src/answers/compile-output.ts";
import { emitTypes } from "../../src/compiler/3-emit/types/emit-types.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import { compile, promptSource } from "../compiler/prompts.ts";
import { ROOT } from "../support/run.ts";
import { createProject, type Project, type TypeScriptVersion } from "./project.ts";

const USES = `
import { type AnyPromptVersion, client, type JsonValue, type OutputOf, PromptVersion, ScopeClient } from "unplugin-scope/client";

const own: ScopeClient = client();
declare const anyName: string;

export async function known() {
  const text: string = await own.renderPrompt("greeting-template", { name: "Ada" });
  const [first] = await own.renderPrompt("support/triage", { question: "why?" }, { label: "latest" });
  const role: "system" = first.role;
  const constant: string = await own.renderPrompt("constant");
  const version = await own.getPromptVersion("greeting-template", { cacheTtl: 60 });
  const model: string = version.metadata.model;
  const again: string = version.render({ name: "Ada" });
  const kept: AnyPromptVersion = version;
  const answer: OutputOf<"greeting-template"> = { team: "billing" };
  const type: "text" = version.type;
  const template: string = version.content;
  const chat = await own.getPromptVersion("support/triage");
  const written: "user" = chat.content[1].role;
  const small: string = version.getMetadata("model");
  const still: string = version.getMetadata("model", "other");
  const none: undefined = version.getMetadata("not-there");
  const fallback: number = version.getMetadata("not-there", 5);
  const some: JsonValue | undefined = version.getMetadata(anyName);
  const named: JsonValue | number = version.getMetadata(anyName, 5);
  const key = Math.random() > 0.5 ? "model" : "not-there";
  const either: string | boolean = version.getMetadata(key, true);
  const messages: [{ role: "system"; content: string }, { role: "user"; content: string }] = chat.render({ question: 1n });
  const triage: OutputOf<"greeting-template"> = { team: "x" };
  const metadata = [small, still, none, fallback, some, named, either];
  return [text, role, constant, model, again, kept, answer.team.length, type, template, written, metadata, messages, triage];
}

export async function open() {
  const rendered = await own.renderPrompt("not-in-the-types", { whatever: 1 }, { label: "latest" });
  const other = await own.renderPrompt(anyName, { whatever: 1 });
  const version: AnyPromptVersion = await own.getPromptVersion(anyName);
  if (version.type === "text") version.render({ x: 1 }).trim();
  else version.render({ x: 1 })[0]?.role;
  const some: PromptVersion = version;
  const answer: OutputOf<"not-in-the-types"> = 5;
  const model: JsonValue | undefined = version.getMetadata("model");
  // @ts-expect-error it may not be there
  const there: JsonValue = version.getMetadata("model");
  const small: JsonValue = version.getMetadata("model", "small");
  const other2 = await own.getPromptVersion("not-in-the-types");
  const open: JsonValue | undefined = other2.getMetadata("model");
  // @ts-expect-error what it is nobody knows
  const text: string = other2.getMetadata("model", "small");
  return [typeof rendered === "string" ? rendered.trim() : rendered[0]?.content, other, some, answer, model, there, small, open, text];
}

export async function wrong() {
  // @ts-expect-error a misspelt variable
  await own.renderPrompt("greeting-template", { nmae: "Ada" });
  // @ts-expect-error a variable too many
  await own.renderPrompt("greeting-template", { name: "Ada", more: 1 });
  // @ts-expect-error none of the variables
  await own.renderPrompt("greeting-template");
  const version = await own.getPromptVersion("greeting-template");
  // @ts-expect-error a misspelt variable
  version.render({ nmae: "Ada" });
  // @ts-expect-error metadata that there is not
  version.metadata.temperature;
  // @ts-expect-error metadata of another type
  const model: number = version.getMetadata("model");
  // @ts-expect-error metadata that there is not, and no fallback
  const temperature: number = version.getMetadata("temperature");
  // @ts-expect-error a misspelt variable of a chat
  await own.renderPrompt("support/triage", { qestion: "why?" });
  const chat = await own.getPromptVersion("support/triage");
  // @ts-expect-error a role that it has not
  const role: "assistant" = chat.render({ question: "why?" })[0].role;
  // @ts-expect-error a message that it has not
  chat.content[2];
  // @ts-expect-error an answer without its team
  const answer: OutputOf<"greeting-template"> = {};
  // @ts-expect-error a text isn't a list
  (await own.renderPrompt("greeting-template", { name: "Ada" }))[0]?.role;
  return [model, temperature, role, answer];
}
`;

const answers = promptSource("Hello {{name}}", {
  name: "greeting-template",
  metadata: {
    model: "small-1",
    output_schema: { type: "object", properties: { team: { type: "string" } }, required: ["team"] },
  },
});

let project: Project;
beforeAll(async () => {
  const chat = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "{{question}}" },
  ];
  const entries = [
    {
      specifier: "scope:greeting",
      compiled: compilePrompt(answers, await compileOutput(answers, { metadataKey: "output_schema" })),
    },
    { specifier: "scope:support/triage", compiled: compile(chat, { name: "support/triage" }) },
    { specifier: "scope:constant", compiled: compile("Hello", { name: "constant" }) },
  ].map((entry) => ({ ...entry, snapshotFile: "scope/x.json" }));
  const { code } = emitTypes(entries, { dtsFile: "scope.d.ts", forClient: true });
  project = await createProject({ "scope.d.ts": code, "uses.ts": USES });
});
afterAll(() => project.remove());

it.each<[TypeScriptVersion, Record<string, unknown>]>([
  ["5.6", { module: "preserve", moduleResolution: "bundler" }],
  ["6", { module: "nodenext", moduleResolution: "nodenext" }],
  ["7", { module: "preserve", moduleResolution: "bundler" }],
])(
  "the client knows the prompts in the types file by name, and any other as before: TypeScript %s",
  async (version, resolution) => {
    const paths = { "unplugin-scope/client": [join(ROOT, "dist", "client.d.ts")] };
    const lib = ["es2022", "dom", "esnext.disposable"];
    const options = { ...resolution, paths, lib, types: ["node"], skipLibCheck: true };
    expect(await project.tsc(version, { ...options, noPropertyAccessFromIndexSignature: false })).toEqual([]);
  },
  120_000,
);
