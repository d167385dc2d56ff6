import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../support/listen.ts";

/** A request of an SDK, as it arrived. */
export interface Asked {
  readonly path: string;
  readonly body: { readonly [key: string]: unknown };
}

/**
 * A server that speaks the protocols of model providers, records what it is asked, and answers what a test says.
 */
export interface ModelServer {
  readonly url: string;
  readonly asked: Asked[];
  /** The text of the next answers; streamed, it arrives in pieces of a few characters. */
  answer: string;
  /** Where each SDK finds its provider; `AI_URL` is the gateway of `ai`, which reads no environment. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** How a provider answers: at once, and as the events of a stream. */
interface Protocol {
  whole(text: string): object;
  /** Whether this request asks for a stream; `stream: true` in the body where it isn't said. */
  streams?(path: string, headers: IncomingHttpHeaders): boolean;
  events(pieces: readonly string[], text: string): readonly object[];
  /** What ends the stream. */
  readonly end?: string;
}

const CHAT: Protocol = {
  whole: (content) => ({
    ...CHAT_HEAD,
    object: "chat.completion",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  }),
  events: (pieces) => [
    ...pieces.map((content) => ({
      ...CHAT_HEAD,
      object: "chat.completion.chunk",
      choices: [{ index: 0, finish_reason: null, delta: { role: "assistant", content } }],
    })),
    {
      ...CHAT_HEAD,
      object: "chat.completion.chunk",
      choices: [{ index: 0, finish_reason: "stop", delta: {} }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    },
  ],
  end: "data: [DONE]\n\n",
};
const CHAT_HEAD = { id: "chatcmpl_1", created: 1, model: "small-1" };

const RESPONSES: Protocol = {
  whole: (text) => response([messageItem(text)]),
  events: (pieces, text) =>
    [
      { type: "response.created", response: response([], "in_progress") },
      { type: "response.output_item.added", output_index: 0, item: messageItem() },
      { type: "response.content_part.added", ...ITEM_PLACE, part: outputText("") },
      ...pieces.map((delta) => ({ type: "response.output_text.delta", ...ITEM_PLACE, delta, logprobs: [] })),
      { type: "response.output_text.done", ...ITEM_PLACE, text, logprobs: [] },
      { type: "response.content_part.done", ...ITEM_PLACE, part: outputText(text) },
      { type: "response.output_item.done", output_index: 0, item: messageItem(text) },
      { type: "response.completed", response: response([messageItem(text)]) },
    ].map((event, index) => ({ ...event, sequence_number: index })),
};
const ITEM_PLACE = { item_id: "msg_1", output_index: 0, content_index: 0 };
const outputText = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
const messageItem = (text?: string) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: text === undefined ? "in_progress" : "completed",
  content: text === undefined ? [] : [outputText(text)],
});
const response = (output: readonly object[], status = "completed") => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: "small-1",
  output,
  parallel_tool_calls: false,
  tools: [],
  usage: {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  },
});

const ANTHROPIC: Protocol = {
  whole: (text) => ({ ...anthropicMessage("end_turn"), content: [{ type: "text", text }] }),
  events: (pieces) => [
    { type: "message_start", message: { ...anthropicMessage(null), content: [] } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ...pieces.map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 1 },
    },
    { type: "message_stop" },
  ],
};
const anthropicMessage = (stopReason: string | null) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "small-1",
  stop_reason: stopReason,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
});

const GATEWAY_END = {
  finishReason: { unified: "stop", raw: "stop" },
  usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
};
const GATEWAY: Protocol = {
  streams: (_, headers) => headers["ai-language-model-streaming"] === "true",
  whole: (text) => ({ ...GATEWAY_END, content: [{ type: "text", text }], warnings: [] }),
  events: (pieces) => [
    { type: "stream-start", warnings: [] },
    { type: "text-start", id: "0" },
    ...pieces.map((delta) => ({ type: "text-delta", id: "0", delta })),
    { type: "text-end", id: "0" },
    { type: "finish", ...GATEWAY_END },
  ],
};

const GOOGLE: Protocol = {
  streams: (path) => path.includes(":streamGenerateContent"),
  whole: (text) => googleContent(text, "STOP"),
  events: (pieces) =>
    pieces.map((text, index) => googleContent(text, pieces[index + 1] ? undefined : "STOP")),
};
const googleContent = (text: string, finishReason?: string) => ({
  candidates: [{ index: 0, finishReason, content: { role: "model", parts: [{ text }] } }],
});

const PROTOCOLS: readonly (readonly [path: RegExp, Protocol])[] = [
  [/^\/v1\/chat\/completions$/, CHAT],
  [/^\/v1\/responses$/, RESPONSES],
  [/^\/v1\/messages$/, ANTHROPIC],
  [/^\/v[34]\/ai\/language-model$/, GATEWAY],
  [/^\/v1(?:beta)?\/models\/.+:(?:streamG|g)enerateContent/, GOOGLE],
];

/** Starts such a server. */
export async function startModelServer(): Promise<ModelServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const one = { path: request.url ?? "", body: JSON.parse(await textOf(request)) };
    asked.push(one);
    const protocol = PROTOCOLS.find(([path]) => path.test(one.path))?.[1];
    if (protocol === undefined) {
      response.writeHead(404, { "content-type": "application/json" }).end("{}");
      return;
    }
    const isStream = protocol.streams?.(one.path, request.headers) ?? one.body.stream === true;
    if (isStream) sendEvents(response, protocol, started.answer);
    else
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify(protocol.whole(started.answer)));
  });
  const { url, close } = await listen(server);
  const started: ModelServer = {
    url,
    asked,
    answer: "",
    env: {
      OPENAI_API_KEY: "none",
      OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: url,
      GEMINI_API_KEY: "none",
      GOOGLE_GEMINI_BASE_URL: url,
      AI_URL: `${url}/v4/ai`,
    },
    close,
  };
  return started;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

function sendEvents(response: ServerResponse, { events, end = "" }: Protocol, text: string): void {
  response.setHeader("content-type", "text/event-stream");
  for (const event of events(text.match(/.{1,7}/gs) ?? [], text)) {
    if ("type" in event) response.write(`event: ${event.type}\n`);
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  }
  response.end(end);
}
