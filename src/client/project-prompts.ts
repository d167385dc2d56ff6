import type { JsonObject, PromptType, Value } from "../prompt.ts";
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

/** What is known of the versions of a prompt. */
export interface PromptShape {
  readonly type: PromptType;
  readonly content: unknown;
  readonly metadata: JsonObject;
  /** The arguments of `render`. */
  readonly given: readonly unknown[];
  readonly rendered: unknown;
}

/** Of a prompt that nothing is known of but whether it is a text or a chat. */
export interface OpenShape<T extends PromptType> {
  readonly type: T;
  readonly content: ContentOf<T>;
  readonly metadata: JsonObject;
  readonly given: [variables?: Readonly<Record<string, Value>>];
  readonly rendered: RenderedOf<T>;
}

/** A prompt's module, as the types file declares it. */
interface DeclaredModule {
  readonly render: (...given: never[]) => unknown;
  readonly content: unknown;
  readonly metadata: JsonObject;
  readonly type: PromptType;
}

/** Of a prompt of the project: what is committed. */
type DeclaredShape<M> = M extends DeclaredModule
  ? {
      readonly type: M["type"];
      readonly content: M["content"];
      readonly metadata: M["metadata"];
      readonly given: Parameters<M["render"]> extends []
        ? [variables?: Record<string, never>]
        : Parameters<M["render"]>;
      readonly rendered: ReturnType<M["render"]>;
    }
  : OpenShape<PromptType>;

/** What is known of the versions of a prompt by its name. */
export type ShapeOf<Name extends string> = Name extends keyof Declared
  ? DeclaredShape<Declared[Name]>
  : OpenShape<"text"> | OpenShape<"chat">;

/** What a model answers to a prompt of the project; `unknown` for every other, and without a schema. */
export type OutputOf<Name extends string> = Name extends keyof Declared
  ? Declared[Name] extends { readonly output: { readonly parse: (answer: unknown) => infer Output } }
    ? Output
    : unknown
  : unknown;
