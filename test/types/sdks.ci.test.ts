import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emitTypes, SHARED_TYPES_FILE } from "../../src/compiler/3-emit/types/emit-types.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { MetadataRule } from "../../src/prompt.ts";
import { compile, promptSource } from "../compiler/prompts.ts";
import { ROOT } from "../support/run.ts";
import { createProject, type Project, type TypeScriptVersion } from "./project.ts";

/** Calls of the SDKs as their users write them, with what a prompt module gives: no cast anywhere. */
const USES = `
import Anthropic from "@anthropic-ai/sdk";
import { generateText, Output } from "ai";
import { GoogleGenAI } from "@google/genai";
import { trace } from "@opentelemetry/api";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import * as z from "zod";
import ask, { attributes, metadata } from "scope:ask";
import chat, { cachePrefix, getMetadata, metadata as settings } from "scope:chat";
import dialogue from "scope:dialogue";
import billing from "scope:billing_enquiry_handler";
import { splitSystem, toAnthropic, toGoogle } from "unplugin-scope/messages";

const Triage = z.object({ team: z.enum(["billing", "support"]), summary: z.string() });

export async function openai(client: OpenAI) {
  const messages = chat({ question: "why?" });
  const first = await client.chat.completions.create({
    model: settings.model,
    temperature: settings.temperature,
    max_completion_tokens: getMetadata("max_tokens"),
    messages,
  });
  await client.chat.completions.create({
    model: settings.model,
    messages: [...chat({ question: "again?" }), { role: "assistant", content: "because" }],
    stream: true,
  });
  await client.responses.create({ model: metadata.model, input: ask({ topic: "looms" }) });
  return first.choices[0]?.message.content;
}

export async function anthropic(client: Anthropic) {
  const message = await client.messages.create({
    model: settings.model,
    max_tokens: settings.max_tokens,
    system: ask({ topic: "looms" }),
    messages: dialogue({ question: "why?" }),
  });
  await client.messages.create({
    model: settings.model,
    max_tokens: settings.max_tokens,
    ...splitSystem(chat({ question: "why?" })),
  });
  await client.messages.stream({
    model: settings.model,
    max_tokens: getMetadata("unknown", 100),
    messages: [...dialogue({ question: "why?" })],
  });
  return message.content;
}

export async function cached(other: Anthropic) {
  const messages = chat({ question: "why?" });
  const { model, max_tokens } = settings;
  await other.messages.create({ model, max_tokens, ...toAnthropic(messages, { cache: cachePrefix }) });
  const { system, messages: rest } = toAnthropic(billing({ question: "why?" }), { cache: cachePrefix });
  await other.messages.create({ model, max_tokens, system, messages: rest });
  await other.messages.create({ model, max_tokens, messages: toAnthropic(dialogue({ question: "why?" })).messages });
  // @ts-expect-error its API has no messages of tools
  await other.messages.create({ model, max_tokens, ...toAnthropic([{ role: "tool", content: "x" }]) });
}

export async function google(client: GoogleGenAI) {
  const { systemInstruction, contents } = toGoogle(chat({ question: "why?" }));
  const { text } = await client.models.generateContent({
    model: settings.model,
    contents,
    config: { systemInstruction, temperature: settings.temperature, maxOutputTokens: settings.max_tokens },
  });
  await client.models.generateContent({
    model: settings.model,
    contents: [...toGoogle(dialogue({ question: "why?" })).contents, ...contents],
    config: { responseMimeType: "application/json", responseJsonSchema: z.toJSONSchema(Triage) },
  });
  // @ts-expect-error its API has no messages of tools
  toGoogle([{ role: "tool", content: "x" }]);
  return text;
}

export async function vercel(model: Parameters<typeof generateText>[0]["model"]) {
  const { system, messages } = splitSystem(chat({ question: "why?" }));
  const { text } = await generateText({ model, temperature: settings.temperature, INSTRUCTIONS, messages });
  await generateText({ model: metadata.model, prompt: ask({ topic: "looms" }) });
  await generateText({ model, allowSystemInMessages: true, messages: chat({ question: "why?" }) });
  const roles: ["user"] = [messages[0].role];
  return [text, roles];
}

/** A prompt as the platform's page makes it, with the roles SYSTEM and HUMAN. */
export async function asOnThePage(client: OpenAI, other: Anthropic, model: Parameters<typeof generateText>[0]["model"]) {
  const messages = billing({ question: "why?" });
  await client.chat.completions.create({ model: "small-1", messages });
  await client.responses.create({ model: "small-1", input: messages });
  const { system, messages: rest } = splitSystem(messages);
  await other.messages.create({ model: "small-1", max_tokens: 100, system, messages: rest });
  await generateText({ model, INSTRUCTIONS, messages: rest });
  const roles: ["system", "user"] = [messages[0].role, messages[1].role];
  return roles;
}

/** A schema of the code, with each SDK's own helper. */
export async function answers(client: OpenAI, other: Anthropic, model: Parameters<typeof generateText>[0]["model"]) {
  const { output_parsed } = await client.responses.parse({
    model: metadata.model,
    input: ask({ topic: "looms" }),
    text: { format: zodTextFormat(Triage, "triage") },
  });
  const team: "billing" | "support" | undefined = output_parsed?.team;
  const { parsed_output } = await other.messages.parse({
    model: settings.model,
    max_tokens: settings.max_tokens,
    messages: dialogue({ question: "why?" }),
    output_config: { format: zodOutputFormat(Triage) },
  });
  const { output } = await generateText({ model, prompt: ask({ topic: "looms" }), output: Output.object({ schema: Triage }), TELEMETRY });
  trace.getTracer("app").startSpan("x", { attributes }).setAttributes(attributes).end();
  return [team, parsed_output?.summary, output.summary];
}

export async function wrong(client: OpenAI, other: Anthropic) {
  // @ts-expect-error the question is missing
  await client.chat.completions.create({ model: settings.model, messages: chat({}) });
  // @ts-expect-error a system message is none of Anthropic's messages
  const messages: { role: "user" | "assistant"; content: string }[] = chat({ question: "why?" });
  // @ts-expect-error the temperature isn't a text
  await client.chat.completions.create({ model: settings.temperature, messages: chat({ question: "why?" }) });
  return [messages, other];
}
`;

/** The calls with the newest, and with the majors before: their names, and what `ai` 7 has renamed. */
const NEWEST = USES.replaceAll("INSTRUCTIONS", "instructions: system").replace(
  "TELEMETRY",
  'runtimeContext: attributes, telemetry: { includeRuntimeContext: { "scope.prompt.name": true } }',
);
const BEFORE = USES.replaceAll("INSTRUCTIONS", "system")
  .replace("TELEMETRY", "experimental_telemetry: { isEnabled: true, metadata: { ...attributes } }")
  .replace('from "openai"', 'from "openai-6"')
  .replace('from "ai"', 'from "ai-6"')
  .replaceAll('from "@anthropic-ai/sdk', 'from "anthropic-0')
  .replace('from "openai/', 'from "openai-6/');

/** What an editor may choose fits the unions of the SDKs. */
const CHOSEN = `
import Anthropic from "@anthropic-ai/sdk";
import { generateText } from "ai";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import answer, { getMetadata as getChoice, metadata as choice } from "scope:choice";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export async function chosen(client: OpenAI, own: Anthropic, google: GoogleGenAI) {
  const { model, reasoning_effort, verbosity, effort, service_tier, max_tokens } = choice;
  const messages = answer({ question: "why?" });
  await client.chat.completions.create({ model, messages, reasoning_effort, verbosity, service_tier });
  await client.responses.create({ model, input: "x", reasoning: { effort: choice.reasoning_effort }, text: { verbosity } });
  await own.messages.create({ model, max_tokens, messages: [{ role: "user", content: "why?" }], output_config: { effort } });
  await google.models.generateContent({ model, contents: "x", config: { temperature: choice.temperature } });
  await generateText({ model, prompt: "x", temperature: choice.temperature });
  await client.chat.completions.create({ model, messages, reasoning_effort: getChoice("reasoning_effort", "low") });
  true satisfies Same<typeof model, "model-a" | "model-b">;
  true satisfies Same<typeof reasoning_effort, "low" | "high" | undefined>;
  // A key that the rule doesn't name has its shape's type.
  true satisfies Same<typeof choice.note, string>;
  const low = getChoice("reasoning_effort", "low");
  true satisfies Same<typeof low, "low" | "high">;
  const none = getChoice("reasoning_effort");
  true satisfies Same<typeof none, "low" | "high" | undefined>;
  const name = getChoice("model");
  true satisfies Same<typeof name, "model-a" | "model-b">;
  // @ts-expect-error nothing of it can be changed
  choice.model = "model-b";
  // @ts-expect-error a model that the rule doesn't have
  choice.model === "model-c";
}
`;

const metadata = { model: "some-model", temperature: 0.5, max_tokens: 1000 };
const chat = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "{{question}}" },
];
const asOnThePage = [
  { role: "SYSTEM", content: "Be brief." },
  { role: "HUMAN", content: "{{question}}" },
];
const dialogue = [
  { role: "user", content: "{{question}}" },
  { role: "assistant", content: "Let me think." },
];

const choice: MetadataRule = {
  model: ["model-a", "model-b"],
  "temperature?": "number",
  "reasoning_effort?": ["low", "high"],
  "verbosity?": ["low", "medium"],
  "service_tier?": ["auto", "flex"],
  "effort?": ["low", "high"],
  max_tokens: "number",
};

let project: Project;
let withChoice: Project;
beforeAll(async () => {
  const entries = [
    { specifier: "scope:ask", compiled: compile("Tell me about {{topic}}.", { metadata }) },
    { specifier: "scope:chat", compiled: compile(chat, { metadata }) },
    { specifier: "scope:dialogue", compiled: compile(dialogue) },
    {
      specifier: "scope:choice",
      compiled: compilePrompt({
        ...promptSource(chat, { metadata: { model: "model-a", max_tokens: 9, note: "x" } }),
        metadataRule: choice,
      }),
    },
    { specifier: "scope:billing_enquiry_handler", compiled: compile(asOnThePage) },
  ].map((entry) => ({ ...entry, snapshotFile: "scope/x.json" }));
  const { code } = emitTypes(entries, { dtsFile: "scope.d.ts" });
  project = await createProject({
    "scope.d.ts": code,
    "shared.d.ts": SHARED_TYPES_FILE,
    "newest.ts": NEWEST,
    "before.ts": BEFORE,
  });
  withChoice = await createProject({
    "scope.d.ts": code,
    "shared.d.ts": SHARED_TYPES_FILE,
    "chosen.ts": CHOSEN,
  });
});
afterAll(() => Promise.all([project.remove(), withChoice.remove()]));

// The declarations of the SDKs need more of the platform than our own, and are theirs to keep right.
const options = {
  lib: ["es2022", "dom", "dom.iterable", "esnext.disposable"],
  types: ["node"],
  paths: { "unplugin-scope/messages": [join(ROOT, "dist", "messages.d.ts")] },
  skipLibCheck: true,
  noPropertyAccessFromIndexSignature: false,
};

it.each<[TypeScriptVersion, Record<string, unknown>]>([
  ["5.6", { module: "preserve", moduleResolution: "bundler" }],
  ["6", { module: "nodenext", moduleResolution: "nodenext" }],
  ["7", { module: "preserve", moduleResolution: "bundler" }],
])(
  "openai, @anthropic-ai/sdk, ai and @google/genai accept what render returns: TypeScript %s",
  async (version, resolution) => {
    expect(await project.tsc(version, { ...options, ...resolution })).toEqual([]);
    // The SDKs' optional fields don't accept undefined otherwise, whatever gives it.
    const { paths, ...others } = { ...options, ...resolution, exactOptionalPropertyTypes: false };
    expect(await withChoice.tsc(version, others)).toEqual([]);
  },
  300_000,
);
