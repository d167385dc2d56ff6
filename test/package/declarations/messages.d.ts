// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What runtime.d.ts has as well is there.
declare function splitSystem<const T extends readonly Message[]>(messages: T): SplitMessages<T>;
declare function toAnthropic<const T extends readonly Message[]>(messages: T, { cache }?: {
    readonly cache?: CachePrefix | undefined;
}): AnthropicMessages<T>;
declare function toGoogle<const T extends readonly GoogleMessage[]>(messages: T): GoogleMessages<SystemOf<T>>;
interface AnthropicMessages<T extends readonly Message[]> {
    readonly system: SystemBlocks<SystemOf<T>>;
    readonly messages: MessageInParts<OtherMessage<T[number]>["role"]>[];
}
interface AnthropicText {
    type: "text";
    text: string;
    cache_control?: { type: "ephemeral"; };
}
interface GoogleContent {
    role: "user" | "model";
    parts: { text: string; }[];
}
interface GoogleMessage {
    readonly role: SystemRole | "user" | "assistant" | "model";
    readonly content: string;
}
interface GoogleMessages<S extends string | undefined = string | undefined> {
    readonly systemInstruction: S;
    readonly contents: GoogleContent[];
}
interface Message {
    readonly role: string;
    readonly content: string;
}
interface SplitMessages<T extends readonly Message[]> {
    readonly system: SystemOf<T>;
    readonly messages: WithoutSystem<T>;
}
type IsTuple<T extends readonly unknown[]> = number extends T["length"] ? false : true;
type MessageInParts<Role extends string> = Role extends string ? {
    role: Role;
    content: string | AnthropicText[];
} : never;
type OtherMessage<M extends Message> = M extends {
    readonly role: SystemRole;
} ? never : M;
type SystemBlocks<S extends string | undefined> = S extends string ? AnthropicText[] : S;
type SystemOf<T extends readonly Message[]> = Extract<T[number]["role"], SystemRole> extends never ? string extends T[number]["role"] ? string | undefined : undefined : IsTuple<T> extends true ? string : string | undefined;
type SystemRole = "system" | "developer";
type TupleWithoutSystem<T extends readonly Message[]> = T extends readonly [
    infer First extends Message,
    ...infer Rest extends readonly Message[]
] ? First["role"] extends SystemRole ? TupleWithoutSystem<Rest> : [
    First,
    ...TupleWithoutSystem<Rest>
] : [
];
type WithoutSystem<T extends readonly Message[]> = IsTuple<T> extends true ? TupleWithoutSystem<T> : OtherMessage<T[number]>[];
export { splitSystem, toAnthropic, toGoogle };
export type { AnthropicMessages, AnthropicText, CachePrefix, GoogleContent, GoogleMessage, GoogleMessages, Message, SplitMessages };
