import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { metadata } from "scope:triage";
import OpenAI from "openai";
import { ScopeClient } from "unplugin-scope/client";
import { servePrompts } from "unplugin-scope/testing";
import { expect, onTestFinished, test } from "vitest";
import { answerTicket } from "./answer-ticket.ts";

/** A model that gives this answer, and what it was asked. */
async function modelThatAnswers(content: string) {
  const asked: { readonly model: string; readonly response_format: unknown }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(JSON.parse(body));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content } }] }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const openai = new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
  return { openai, asked };
}

async function promptsOf(given: Parameters<typeof servePrompts>[0]) {
  const platform = await servePrompts(given);
  const client = new ScopeClient({
    credentials: { orgId: "local", apiKey: "local", apiSecret: "local" },
    baseUrl: platform.url,
    authApiUrl: platform.url,
  });
  onTestFinished(async () => {
    await client.close();
    await platform.close();
  });
  return client;
}

const REPLY = { "first-reply": "{{team}} has it: {{summary}}" };

test("a ticket is sorted and replied to", async () => {
  const { openai, asked } = await modelThatAnswers('{ "team": "billing", "summary": "Paid twice." }');
  const answer = await answerTicket("I was charged twice.", openai, await promptsOf(REPLY));
  expect(answer).toEqual({ team: "billing", reply: "billing has it: Paid twice." });
  expect(asked).toMatchObject([
    {
      model: metadata.model,
      response_format: { json_schema: { schema: { required: ["team", "summary"] } } },
    },
  ]);
});

test("an answer that does not fit names what is wrong", async () => {
  const { openai } = await modelThatAnswers('{ "team": "sales", "summary": "Paid twice." }');
  await expect(answerTicket("…", openai, await promptsOf(REPLY))).rejects.toThrow("billing");
});
