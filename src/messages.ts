/**
 * Pure helpers between the messages of a chat prompt and what model SDKs take. They keep literal roles, know no
 * provider's client, and choose no parameters: model, temperature and the rest come from the prompt's `metadata`.
 */

import type { CachePrefix } from "./template/cache-prefix.ts";

export type { CachePrefix };

/** A message as a chat prompt renders it. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/** The roles of instructions: OpenAI calls theirs `developer` too. */
type SystemRole = "system" | "developer";

/** What {@link splitSystem} returns. */
export interface SplitMessages<T extends readonly Message[]> {
  /** The instructions, with an empty line between several; undefined where there are none. */
  readonly system: SystemOf<T>;
  /** All others, in order. */
  readonly messages: WithoutSystem<T>;
}

/** `string` where a role is surely that of instructions, `undefined` where none can be. */
type SystemOf<T extends readonly Message[]> =
  Extract<T[number]["role"], SystemRole> extends never
    ? string extends T[number]["role"]
      ? string | undefined
      : undefined
    : IsTuple<T> extends true
      ? string
      : string | undefined;

type IsTuple<T extends readonly unknown[]> = number extends T["length"] ? false : true;

/** The tuple without its system messages; a list of unknown length keeps its other roles. */
type WithoutSystem<T extends readonly Message[]> =
  IsTuple<T> extends true ? TupleWithoutSystem<T> : OtherMessage<T[number]>[];

type TupleWithoutSystem<T extends readonly Message[]> = T extends readonly [
  infer First extends Message,
  ...infer Rest extends readonly Message[],
]
  ? First["role"] extends SystemRole
    ? TupleWithoutSystem<Rest>
    : [First, ...TupleWithoutSystem<Rest>]
  : [];

type OtherMessage<M extends Message> = M extends { readonly role: SystemRole } ? never : M;

/**
 * Takes the instructions out of a chat prompt's messages, for SDKs that want them apart: Anthropic's `system`, `ai` 7's
 * `instructions`. Roles stay literal, so the result needs no cast.
 *
 * @param messages what a chat prompt renders to; put earlier messages of the conversation after the result's
 * @returns new arrays; the messages given stay as they are
 * @example
 * const { system, messages } = splitSystem(support({ question }));
 * await anthropic.messages.create({ model: metadata.model, max_tokens: 1024, system, messages });
 */
export function splitSystem<const T extends readonly Message[]>(messages: T): SplitMessages<T> {
  const texts = messages.filter(isSystem).map(({ content }) => content);
  return {
    system: texts.length > 0 ? texts.join("\n\n") : undefined,
    messages: messages.filter((message) => !isSystem(message)),
  } as SplitMessages<T>;
}

function isSystem({ role }: Message): boolean {
  return role === "system" || role === "developer";
}

/** What {@link toGoogle} returns: parts of what `generateContent` of `@google/genai` takes. */
export interface GoogleMessages<S extends string | undefined = string | undefined> {
  /** Goes into `config`. */
  readonly systemInstruction: S;
  readonly contents: GoogleContent[];
}

/** A message as Google's API has it: the model's own has the role `model`. */
export interface GoogleContent {
  role: "user" | "model";
  parts: { text: string }[];
}

/** A message that Google's API has a role for. */
export interface GoogleMessage {
  readonly role: SystemRole | "user" | "assistant" | "model";
  readonly content: string;
}

/**
 * A chat prompt's messages as `@google/genai` takes them: instructions apart, text in `parts`, `assistant` called `model`.
 *
 * @throws TypeError for a role that Google's API doesn't have, such as `tool`; with literal roles it doesn't compile
 * @example
 * const { systemInstruction, contents } = toGoogle(support({ question }));
 * await google.models.generateContent({ model: metadata.model, contents, config: { systemInstruction } });
 */
export function toGoogle<const T extends readonly GoogleMessage[]>(messages: T): GoogleMessages<SystemOf<T>> {
  const { system, messages: others } = splitSystem(messages);
  return {
    systemInstruction: system,
    contents: (others as readonly Message[]).map(({ role, content }) => ({
      role: googleRole(role),
      parts: [{ text: content }],
    })),
  };
}

function googleRole(role: string): GoogleContent["role"] {
  if (role === "user") return "user";
  if (role === "assistant" || role === "model") return "model";
  throw new TypeError(`Google's API has no role for a message of "${role}": only user, model and system.`);
}

/** What {@link toAnthropic} returns: parts of what `messages.create` of `@anthropic-ai/sdk` takes. */
export interface AnthropicMessages<T extends readonly Message[]> {
  /** A block for each system message that isn't empty, two where the mark is in it; undefined where there are none. */
  readonly system: SystemBlocks<SystemOf<T>>;
  /** All others, in order. */
  readonly messages: MessageInParts<OtherMessage<T[number]>["role"]>[];
}

type SystemBlocks<S extends string | undefined> = S extends string ? AnthropicText[] : S;

/** A text block of Anthropic's API. */
export interface AnthropicText {
  type: "text";
  text: string;
  cache_control?: { type: "ephemeral" };
}

/** A type for each role, as the SDK has them. An empty text isn't in parts. */
type MessageInParts<Role extends string> = Role extends string
  ? { role: Role; content: string | AnthropicText[] }
  : never;

/**
 * A chat prompt's messages as `@anthropic-ai/sdk` takes them, with `cache_control` where their constant beginning ends.
 * Anthropic has all instructions before the conversation, so if some come later and contain a variable, it ends there.
 *
 * @param options `cache`: the module's `cachePrefix`. Default: nothing is marked
 * @example
 * const { system, messages } = toAnthropic(support({ question }), { cache: cachePrefix });
 * await anthropic.messages.create({ model: metadata.model, max_tokens: 1024, system, messages });
 */
export function toAnthropic<const T extends readonly Message[]>(
  messages: T,
  { cache }: { readonly cache?: CachePrefix | undefined } = {},
): AnthropicMessages<T> {
  const placed = messages.map((message, at) => ({ ...message, at }));
  const system = placed.filter(isSystem);
  const others = placed.filter((message) => !isSystem(message));
  const cut = cutAtPrefix([...system, ...others], cache);
  const blocksOf = (message: Placed): AnthropicText[] =>
    cut(message).map(({ text, isMarked }) => ({
      type: "text",
      text,
      ...(isMarked && { cache_control: { type: "ephemeral" } }),
    }));
  return {
    system: system.length > 0 ? system.flatMap(blocksOf) : undefined,
    messages: others.map((message) => ({
      role: message.role,
      content: message.content && blocksOf(message),
    })),
  } as AnthropicMessages<T>;
}

interface Placed extends Message {
  /** Its place in the rendering. */
  readonly at: number;
}

/**
 * Finds where the constant beginning ends, and returns what cuts a message into its parts. Of the messages after the
 * one with the first value nothing is known, so for a provider the beginning ends where the first of these comes.
 *
 * @param messages in the provider's order
 */
function cutAtPrefix(messages: readonly Placed[], cache: CachePrefix | undefined) {
  // The API refuses a block of white space alone.
  const canBePart = (text: string) => text.trim() !== "";
  let last: Placed | undefined;
  let end = 0;
  for (const message of messages) {
    if (cache === undefined || message.at > cache.message) break;
    const isLast = message.at === cache.message;
    const length = isLast ? cache.characters : message.content.length;
    if (canBePart(message.content.slice(0, length))) [last, end] = [message, length];
    if (isLast) break;
  }
  return (message: Placed): readonly { readonly text: string; readonly isMarked: boolean }[] => {
    const { content } = message;
    const isMarked = message === last;
    const rest = isMarked ? content.slice(end) : "";
    if (canBePart(rest)) {
      return [
        { text: content.slice(0, end), isMarked },
        { text: rest, isMarked: false },
      ];
    }
    return content === "" ? [] : [{ text: content, isMarked }];
  };
}
