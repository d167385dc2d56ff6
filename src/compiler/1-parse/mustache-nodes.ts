import type { PromptSource } from "../prompt-source.ts";

/** Names from the outside in; empty for `{{.}}`, the item itself. */
export type MustachePath = readonly string[];

/** A template in mustache syntax, as a tree. Comments and delimiter changes are gone. */
export type MustacheNode =
  | { readonly kind: "text"; readonly text: string }
  /** Where an indented partial puts its indentation: the start of a line. */
  | { readonly kind: "line-start" }
  | {
      readonly kind: "variable";
      readonly path: MustachePath;
      /** `{{x}}`; not `{{{x}}}` or `{{&x}}`. */
      readonly isEscaped: boolean;
      /** Where its tag is, in UTF-16 units; for a section, the opening tag. */
      readonly index: number;
      readonly length: number;
    }
  | {
      readonly kind: "section";
      readonly path: MustachePath;
      readonly isInverted: boolean;
      readonly nodes: readonly MustacheNode[];
      readonly index: number;
      readonly length: number;
    }
  | {
      readonly kind: "partial";
      readonly source: PromptSource;
      readonly index: number;
      readonly length: number;
      /** What every line of the partial is indented by. Undefined: not on its own line. */
      readonly indentation: Indentation | undefined;
    };

export interface Indentation {
  /** The partial around this one may itself be indented; its indentation comes first. */
  readonly isNested: boolean;
  readonly text: string;
}
