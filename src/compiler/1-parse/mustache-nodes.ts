import type { PromptSource } from "../prompt-source.ts";

/** Names from the outside in; empty for `{{.}}`, the item itself. */
export type MustachePath = readonly string[];

/** Where a tag is, in UTF-16 units; for a section, the opening tag. */
interface TagPlace {
  readonly index: number;
  readonly length: number;
}

/** A template in mustache syntax, as a tree. Comments and delimiter changes are gone. */
export type MustacheNode =
  | { readonly kind: "text"; readonly text: string }
  /** The next text or tag starts a line: an indented partial puts its indentation there. */
  | { readonly kind: "line-start" }
  | (TagPlace & {
      readonly kind: "variable";
      readonly path: MustachePath;
      /** `{{x}}`; not `{{{x}}}` or `{{&x}}`. */
      readonly isEscaped: boolean;
    })
  | (TagPlace & {
      readonly kind: "section";
      readonly path: MustachePath;
      readonly isInverted: boolean;
      readonly nodes: readonly MustacheNode[];
    })
  | (TagPlace & {
      readonly kind: "partial";
      readonly source: PromptSource;
      /** What comes before it on its line; undefined: it shares the line, and isn't indented. */
      readonly indentation: string | undefined;
    });
