import type { JsonObject, JsonValue, PromptType, Value } from "../prompt.ts";
import type { ContentOf, RenderedOf } from "./prompt-version.ts";

declare global {
  /**
   * The prompts of a project, by their name on the platform. The types file that `scope-gen` writes adds them. If that
   * file isn't part of the program, there are none, and every name means any prompt.
   */
  interface UnpluginScopePrompts {}
}

type Declared = UnpluginScopePrompts;

/** A prompt's name: any text. The names in the project's types file have more specific types. */
export type PromptName = keyof Declared | (string & {});

/** Reads metadata of unknown shape. */
type ReadMetadata = <T = undefined>(key: string, fallback?: T) => JsonValue | NoInfer<T>;

/**
 * Reads metadata as modules do: by its shape if the key is known, otherwise the fallback; both if the key isn't a
 * literal.
 */
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

/** What is known about the versions of a prompt. */
export interface PromptShape {
  readonly type: PromptType;
  readonly content: unknown;
  readonly metadata: JsonObject;
  readonly getMetadata: ReadMetadata;
  /** The arguments of `render`. */
  readonly given: readonly unknown[];
  readonly rendered: unknown;
}

/** For a prompt of which only the kind is known, text or chat. */
export interface OpenShape<T extends PromptType> {
  readonly type: T;
  readonly content: ContentOf<T>;
  readonly metadata: JsonObject;
  readonly getMetadata: ReadMetadata;
  readonly given: [variables?: Readonly<Record<string, Value>>];
  readonly rendered: RenderedOf<T>;
}

/** What the types file declares about a prompt: what renders it, its metadata, and what a model answers. */
type DeclaredPrompt = readonly [
  render: (...given: never[]) => unknown,
  metadata: JsonObject,
  output?: unknown,
];

/** For a prompt of the project: what is committed. A template's roles are those of the rendered messages. */
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

/** What is known about the versions of a prompt, by its name. */
export type ShapeOf<Name extends string> = Name extends keyof Declared
  ? DeclaredShape<Declared[Name]>
  : OpenShape<"text"> | OpenShape<"chat">;

/** What a model answers to a prompt of the project; `unknown` for every other prompt, and without a schema. */
export type OutputOf<Name extends string> = Name extends keyof Declared
  ? Declared[Name] extends readonly [unknown, unknown, infer Output]
    ? Output
    : unknown
  : unknown;
