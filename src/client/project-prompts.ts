import type { JsonObject, JsonValue, PromptType, Value } from "../prompt.ts";
import type { ContentOf, RenderedOf } from "./prompt-version.ts";

declare global {
  /**
   * The prompts of a project, by the name that the platform has for them. The types file that `scope-gen` writes adds
   * them; where it is no part of the program there are none, and every name stands for any prompt.
   */
  interface UnpluginScopePrompts {}
}

type Declared = UnpluginScopePrompts;

/** A name of a prompt: any. Of those in the types file of the project more is known. */
export type PromptName = keyof Declared | (string & {});

/** Reads metadata that nothing is known of. */
type ReadMetadata = <T = undefined>(key: string, fallback?: T) => JsonValue | NoInfer<T>;

/** Reads metadata as modules do: by its shape where a key is known, else the fallback; both where a key is no literal. */
type ReadDeclared<M> = <T = undefined, K extends (keyof M & string) | (string & {}) = string>(
  key: K,
  fallback?: T,
) => {
  [P in K]: P extends keyof M
    ? M[P]
    : Record<never, 1> extends Record<P, 1>
      ? JsonValue | NoInfer<T>
      : NoInfer<T>;
}[K];

/** What is known of the versions of a prompt. */
export interface PromptShape {
  readonly type: PromptType;
  readonly content: unknown;
  readonly metadata: JsonObject;
  readonly getMetadata: ReadMetadata;
  /** The arguments of `render`. */
  readonly given: readonly unknown[];
  readonly rendered: unknown;
}

/** Of a prompt that nothing is known of but whether it is a text or a chat. */
export interface OpenShape<T extends PromptType> {
  readonly type: T;
  readonly content: ContentOf<T>;
  readonly metadata: JsonObject;
  readonly getMetadata: ReadMetadata;
  readonly given: [variables?: Readonly<Record<string, Value>>];
  readonly rendered: RenderedOf<T>;
}

/** What the types file declares of a prompt: what renders it, its metadata, and what a model answers. */
type DeclaredPrompt = readonly [
  render: (...given: never[]) => unknown,
  metadata: JsonObject,
  output?: unknown,
];

/** Of a prompt of the project: what is committed. A template has the roles of what it renders to. */
type DeclaredShape<M> = M extends DeclaredPrompt
  ? {
      readonly type: ReturnType<M[0]> extends string ? "text" : "chat";
      readonly content: ReturnType<M[0]> extends infer R
        ? { readonly [K in keyof R]: Readonly<R[K]> }
        : never;
      readonly metadata: M[1];
      readonly getMetadata: ReadDeclared<M[1]>;
      readonly given: Parameters<M[0]> extends [] ? [variables?: Record<string, never>] : Parameters<M[0]>;
      readonly rendered: ReturnType<M[0]>;
    }
  : OpenShape<PromptType>;

/** What is known of the versions of a prompt by its name. */
export type ShapeOf<Name extends string> = Name extends keyof Declared
  ? DeclaredShape<Declared[Name]>
  : OpenShape<"text"> | OpenShape<"chat">;

/** What a model answers to a prompt of the project; `unknown` for every other, and without a schema. */
export type OutputOf<Name extends string> = Name extends keyof Declared
  ? Declared[Name] extends readonly [unknown, unknown, infer Output]
    ? Output
    : unknown
  : unknown;
