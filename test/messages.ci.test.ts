import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CachePrefix, type Message, toAnthropic } from "../src/messages.ts";
import type { PromptContent } from "../src/prompt.ts";
import { compile, runModule } from "./compiler/prompts.ts";
import { type ModelServer, startModelServer } from "./sdks/model-server.ts";

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

interface Part {
  readonly text: string;
  readonly cache_control?: unknown;
}
type Sent = readonly { readonly role: string; readonly content: string | readonly Part[] }[];

const textOf = ({ content }: Sent[number]) =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("");
const partsOf = (sent: Sent) =>
  sent.flatMap(({ content }) => (typeof content === "string" ? [{ text: content }] : content)) as Part[];
const isMarked = (part: Part) => part.cache_control !== undefined;
/** What the provider has up to the mark, in parts; undefined where there's none. */
const markedOf = (sent: Sent) => {
  const parts = partsOf(sent);
  const at = parts.findIndex(isMarked);
  return at === -1 ? undefined : parts.slice(0, at + 1).map(({ text }) => text);
};
const isSystem = ({ role }: Message) => role === "system" || role === "developer";

/** The messages in the provider's form and order, and as they were rendered. */
function form(messages: readonly Message[], cache: CachePrefix | undefined) {
  const { system, messages: others } = toAnthropic(messages, { cache });
  const instructions = { role: "system", content: system ?? [] };
  const joined = messages.filter(isSystem).map(({ content }) => content);
  return {
    sent: [instructions, ...others] as Sent,
    texts: [joined.join(""), ...messages.filter((one) => !isSystem(one)).map(({ content }) => content)],
  };
}

it("joined, the parts are the messages, with one mark at the end of what all renderings share", async () => {
  const piece = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "\n", " ", "é", "😀", "}"), maxLength: 6 }),
    tag(),
  );
  const message = fc.record({
    role: fc.constantFrom("system", "user", "assistant", "developer"),
    content: fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join("")),
  });
  const values = () => {
    const value = fc.oneof(fc.string(), fc.constantFrom("", " ", "{{x}}", "\r\n"));
    return fc.record({ x: value, y: value });
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 5 }) as fc.Arbitrary<PromptContent>,
      values(),
      values(),
      async (content, one, other) => {
        const { render, cachePrefix } = await runModule(compile(content));
        const cache = cachePrefix as CachePrefix | undefined;
        // Anthropic refuses such a block, and has the message in one.
        const cutsWhiteSpace = (given: object) => {
          const { content: text = "" } = (render(given) as Message[])[cache?.message ?? 0] ?? {};
          return text.length > (cache?.characters ?? 0) && text.slice(cache?.characters).trim() === "";
        };
        const { sent, texts } = form(render(one) as Message[], cache);
        const marked = markedOf(sent);
        expect(sent.map(textOf)).toEqual(texts);
        expect(partsOf(sent).filter(isMarked).length).toBe(marked === undefined ? 0 : 1);
        if (cache === undefined) expect(marked).toBeUndefined();
        if (!(cutsWhiteSpace(one) || cutsWhiteSpace(other)))
          expect(marked).toEqual(markedOf(form(render(other) as Message[], cache).sent));
      },
    ),
    { numRuns: 5000 },
  );
}, 300_000);

function tag() {
  return fc.constantFrom("{{x}}", "{{y}}", "{{ x }}", "");
}

const RULES = "You answer the customers of a shop. ".repeat(40);
it.each<[string, PromptContent]>([
  ["a text", `${RULES}\n\nThe question: {{question}}`],
  [
    "a chat whose instructions end in a value",
    [
      { role: "system", content: `${RULES}The customer is {{customer}}.` },
      { role: "user", content: "{{question}}" },
    ],
  ],
  [
    "a chat with an example",
    [
      { role: "system", content: RULES },
      { role: "user", content: "Where is my parcel?" },
      { role: "assistant", content: "On its way." },
      { role: "user", content: "{{question}} ({{customer}})" },
    ],
  ],
])(
  "1,000 calls of %s begin with the same parts up to the mark",
  async (_, content) => {
    const { render, cachePrefix } = await runModule(compile(content));
    const cache = cachePrefix as CachePrefix;
    const anthropic = new Anthropic({ apiKey: "none", baseURL: models.url });
    models.asked.length = 0;
    for (const [customer, question] of fc.sample(fc.tuple(fc.string(), fc.string({ minLength: 1 })), 1000)) {
      const rendered = render({ customer, question: `${question}?` });
      const messages = (typeof rendered === "string" ? [{ role: "user", content: rendered }] : rendered) as {
        role: "system" | "user" | "assistant";
        content: string;
      }[];
      const model = "small-1";
      const { system = [], messages: others } = toAnthropic(messages, { cache });
      await anthropic.messages.create({ model, max_tokens: 100, system, messages: others });
    }
    const beginnings = new Set<string>();
    for (const { body } of models.asked) {
      const { system = [], messages = [] } = body as Record<string, undefined | unknown[]>;
      const begun = markedOf([{ role: "system", content: system }, ...messages] as Sent);
      beginnings.add(JSON.stringify(begun));
      expect(begun?.[0]?.startsWith(RULES)).toBe(true);
    }
    expect(models.asked.length).toBe(1000);
    expect(beginnings.size).toBe(1);
  },
  300_000,
);
