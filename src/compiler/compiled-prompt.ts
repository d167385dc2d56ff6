import type { Contract } from "../contract/contract.ts";
import type { InputType } from "../contract/input-type.ts";
import type { Diagnostic, VersionSource } from "../errors/diagnostic.ts";
import type { MetadataRule, Roles, Syntax, VariableType } from "../prompt.ts";
import type { TemplatePart } from "../template/parse-scope.ts";
import type { MustacheNode } from "./1-parse/read-mustache.ts";

/** A prompt version, read and checked: everything that the emitters need. */
export interface CompiledPrompt {
  readonly source: PromptSource;
  readonly contract: Contract;
  /** Warnings, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Top-level names, in order of first use: the export `variables`. */
  readonly variables: readonly string[];
  /** What `render` takes; undefined: nothing. */
  readonly parameter: InputType | undefined;
  /** One for a text prompt, one per message for a chat prompt. */
  readonly bodies: readonly Body[];
}

export type Body =
  | { readonly syntax: "scope"; readonly parts: readonly TemplatePart[] }
  | { readonly syntax: "mustache"; readonly nodes: readonly MustacheNode[] };

/** What each template consists of, outside of sections. */
export function partsOf({
  bodies,
}: Pick<CompiledPrompt, "bodies">): readonly (readonly (TemplatePart | MustacheNode)[])[] {
  return bodies.map((body) => (body.syntax === "mustache" ? body.nodes : body.parts));
}

/** What the compiler is given: one prompt version and how to read it. */
export interface PromptSource extends VersionSource {
  readonly syntax: Syntax;
  readonly roles: Roles;
  /** Narrowed variable types, by variable name. */
  readonly variables: Readonly<Record<string, VariableType>>;
  /** Variables that every call sends, whether or not the template uses them. */
  readonly provides: readonly string[];
  /** What an editor may choose. Default: anything. */
  readonly metadataRule?: MetadataRule | undefined;
  /** The platform's environment: `production`. */
  readonly environment: string;
}
