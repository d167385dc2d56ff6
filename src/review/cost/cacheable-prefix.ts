import type { MustacheNode } from "../../compiler/1-parse/mustache-nodes.ts";
import type { Body, CompiledPrompt } from "../../compiler/compiled-prompt.ts";

/** What every rendering of a prompt begins with, whatever its values are. */
export interface CacheablePrefix {
  /** A text prompt's literal beginning; or one text for each message that it reaches, the last one maybe cut short. */
  readonly texts: readonly string[];
  /** The prompt depends on no value: every rendering is the same. */
  readonly isWhole: boolean;
}

/**
 * The literal text before the first variable, over the messages in order. Providers cache a request by its beginning,
 * so this is what two calls with different values can share. In mustache syntax it ends at the first tag that depends
 * on a value, sections included; the text of a partial counts like the prompt's own.
 *
 * @example cacheablePrefix(compiled) // { texts: ["Hello "], isWhole: false } for "Hello {{name}}!"
 */
export function cacheablePrefix({ bodies, partials }: CompiledPrompt): CacheablePrefix {
  const texts: string[] = [];
  for (const body of bodies) {
    const { text, isWhole } = literalStart(body, partials);
    texts.push(text);
    if (!isWhole) return { texts, isWhole: false };
  }
  return { texts, isWhole: true };
}

interface LiteralStart {
  readonly text: string;
  readonly isWhole: boolean;
}

type Partials = CompiledPrompt["partials"];

function literalStart(body: Body, partials: Partials): LiteralStart {
  if (body.syntax === "mustache") return new MustacheStart(partials).of(body.nodes, "");
  const [first] = body.parts;
  // Literal text comes in one piece.
  return { text: first?.kind === "text" ? first.text : "", isWhole: body.parts.every(isText) };
}

function isText({ kind }: { readonly kind: string }): boolean {
  return kind === "text";
}

/** Where a line with something in it starts, inside a text: `emit-mustache.ts` indents the same ones. */
const LINE_STARTS = /(?<=\n)(?=[^\r\n])/;

/** How many nodes are looked at: partials that include each other twice and again can make any number of them. */
const MAX_NODES = 100_000;

class MustacheStart {
  readonly #partials: Partials;
  #nodes = 0;

  constructor(partials: Partials) {
    this.#partials = partials;
  }

  of(nodes: readonly MustacheNode[], indentation: string): LiteralStart {
    let text = "";
    for (const node of nodes) {
      if (this.#nodes++ > MAX_NODES) return { text, isWhole: false };
      if (node.kind === "text") text += node.text.split(LINE_STARTS).join(indentation);
      else if (node.kind === "line-start") text += indentation;
      else if (node.kind === "partial") {
        const inside = this.#partials.get(node.source) ?? [];
        const start = this.of(inside, indentationOf(node, indentation));
        text += start.text;
        if (!start.isWhole) return { text, isWhole: false };
      } else return { text, isWhole: false };
    }
    return { text, isWhole: true };
  }
}

/** What a partial's lines begin with: its own indentation, after that of the partial around it. */
function indentationOf(
  { indentation }: { readonly indentation: string | undefined },
  around: string,
): string {
  return indentation === undefined ? "" : around + indentation;
}
