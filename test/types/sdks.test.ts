import { afterAll, beforeAll, expect, it } from "vitest";
import { emitTypes } from "../../src/compiler/3-emit/emit-types.ts";
import { compile } from "../compiler/prompts.ts";
import { createProject, type Project, type TypeScriptVersion } from "./project.ts";

/** Calls of the SDKs as their users write them, with what a prompt module gives: no cast anywhere. */
const USES = `
import Anthropic from "@anthropic-ai/sdk";
import { generateText } from "ai";
import OpenAI from "openai";
import ask, { metadata } from "scope:ask";
import chat, { getMetadata, metadata as settings } from "scope:chat";
import dialogue from "scope:dialogue";

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
  await client.messages.stream({
    model: settings.model,
    max_tokens: getMetadata("unknown", 100),
    messages: [...dialogue({ question: "why?" })],
  });
  return message.content;
}

export async function vercel(model: Parameters<typeof generateText>[0]["model"]) {
  const { text } = await generateText({
    model,
    temperature: settings.temperature,
    messages: chat({ question: "why?" }),
  });
  await generateText({ model: metadata.model, prompt: ask({ topic: "looms" }) });
  return text;
}

export async function wrong(client: OpenAI, other: Anthropic) {
  // @ts-expect-error the question is missing
  await client.chat.completions.create({ model: settings.model, messages: chat({}) });
  // @ts-expect-error a system message is none of Anthropic's messages
  const messages: { role: "user" | "assistant"; content: string }[] = chat({ question: "why?" });
  // @ts-expect-error the temperature is no text
  await client.chat.completions.create({ model: settings.temperature, messages: chat({ question: "why?" }) });
  return [messages, other];
}
`;

const metadata = { model: "some-model", temperature: 0.5, max_tokens: 1000 };
const chat = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "{{question}}" },
];
const dialogue = [
  { role: "user", content: "{{question}}" },
  { role: "assistant", content: "Let me think." },
];

let project: Project;
beforeAll(async () => {
  const entries = [
    { specifier: "scope:ask", compiled: compile("Tell me about {{topic}}.", { metadata }) },
    { specifier: "scope:chat", compiled: compile(chat, { metadata }) },
    { specifier: "scope:dialogue", compiled: compile(dialogue) },
  ].map((entry) => ({ ...entry, snapshotFile: "scope/x.json" }));
  const { code } = emitTypes(entries, { dtsFile: "scope.d.ts" });
  project = await createProject({ "scope.d.ts": code, "uses.ts": USES });
});
afterAll(() => project.remove());

// The declarations of the SDKs need more of the platform than our own, and are theirs to keep right.
const options = {
  lib: ["es2022", "dom", "dom.iterable", "esnext.disposable"],
  types: ["node"],
  skipLibCheck: true,
  noPropertyAccessFromIndexSignature: false,
};

it.each<[TypeScriptVersion, Record<string, unknown>]>([
  ["5.9", { module: "preserve", moduleResolution: "bundler" }],
  ["6", { module: "nodenext", moduleResolution: "nodenext" }],
  ["7", { module: "preserve", moduleResolution: "bundler" }],
])(
  "openai, @anthropic-ai/sdk and ai take what render gives: TypeScript %s",
  async (version, resolution) => {
    expect(await project.tsc(version, { ...options, ...resolution })).toEqual([]);
  },
  300_000,
);
