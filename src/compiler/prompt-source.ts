import type { Escape, PromptRef, PromptVersionData, Roles, Syntax, VariableType } from "../prompt.ts";

/** What the compiler is given: one prompt version and how to read it. */
export interface PromptSource {
  readonly ref: PromptRef;
  readonly version: PromptVersionData;
  readonly syntax: Syntax;
  /** What mustache's `{{x}}` does to a value; has no effect in the `scope` syntax. */
  readonly escape: Escape;
  readonly roles: Roles;
  /** Narrowed variable types, by variable name. */
  readonly variables: Readonly<Record<string, VariableType>>;
  /** The platform's environment: `production`. */
  readonly environment: string;
  /** The prompts of mustache partials, by the text inside `{{> …}}`. Can lead back to this one. */
  readonly partials: ReadonlyMap<string, PromptSource>;
}
