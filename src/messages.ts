/**
 * Pure helpers between the messages of a chat prompt and what model SDKs take. They keep literal roles, know no
 * provider's client, and choose no parameters: model, temperature and the rest come from the prompt's `metadata`.
 */

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
