import type { Escape } from "../../prompt.ts";
import type { MustacheNode, MustachePath } from "../1-parse/mustache-nodes.ts";
import type { Partials } from "../1-parse/read-mustache.ts";
import type { PromptSource } from "../prompt-source.ts";
import { type LiteralPiece, propertyAccess, stringLiteral, templateLiteral } from "./escape-js.ts";
import { INHERITED_NAMES, type RenderCode, resultCode } from "./render-code.ts";

/**
 * The code of `render` for the mustache syntax: template literals, in which a section is a call with its inside as a
 * function, and a partial is a function of the module. Functions take a frame: the item that names are looked up in,
 * and the frame around it. A name outside every section is read from the parameter itself.
 *
 * @param roles of a chat prompt's messages; `null` for a text prompt
 */
export function emitMustache(
  bodies: readonly (readonly MustacheNode[])[],
  roles: readonly string[] | null,
  partials: Partials,
  options: MustacheOptions,
): RenderCode {
  const takesIndentation = [...bodies, ...partials.values()].some(indents);
  const emitter = new MustacheEmitter(partials, { ...options, takesIndentation });
  const texts = bodies.map((nodes) => emitter.text(nodes, { depth: 0, isPartial: false }));
  const functions = emitter.partialFunctions();
  return { body: resultCode(texts, roles), helpers: emitter.helpers(), functions };
}

interface MustacheOptions {
  readonly escaping: Escape;
  /**
   * The parameter is an object; otherwise it may be a value, whose own properties, such as a string's length, aren't
   * names.
   */
  readonly isObject: boolean;
}

/** Where in the code a node is. */
interface Position {
  /**
   * Enclosing sections: at 0, names are read from the parameter, otherwise they're looked up in the frame of that
   * number.
   */
  readonly depth: number;
  readonly isPartial: boolean;
}

const INDENTATION: LiteralPiece = { code: "indentation" };

class MustacheEmitter {
  readonly #partials: Partials;
  readonly #print: "print" | "printHtml";
  readonly #isObject: boolean;
  /** The functions of partials take an indentation. */
  readonly #takesIndentation: boolean;
  readonly #helpers = new Set<string>();
  /** The partials' functions by name, in the order of first use. */
  readonly #names = new Map<PromptSource, string>();

  constructor(partials: Partials, options: MustacheOptions & { readonly takesIndentation: boolean }) {
    this.#partials = partials;
    this.#print = options.escaping === "html" ? "printHtml" : "print";
    this.#isObject = options.isObject;
    this.#takesIndentation = options.takesIndentation;
  }

  helpers(): readonly string[] {
    return [...this.#helpers].sort();
  }

  /** A template literal. */
  text(nodes: readonly MustacheNode[], at: Position): string {
    return templateLiteral(nodes.flatMap((node) => this.#node(node, at)));
  }

  partialFunctions(): readonly string[] {
    const functions: string[] = [];
    // A partial's text can name more of them: the map grows while we iterate over it.
    for (const [source, name] of this.#names) {
      const body = this.text(this.#partials.get(source) ?? [], { depth: 1, isPartial: true });
      functions.push(`const ${name} = (f1${this.#takesIndentation ? ", indentation" : ""}) => ${body};`);
    }
    return functions;
  }

  #node(node: MustacheNode, at: Position): LiteralPiece | readonly LiteralPiece[] {
    switch (node.kind) {
      case "text": {
        if (!this.#isIndented(at)) return node;
        const [first = "", ...lines] = node.text.split(/(?<=\n)(?=[^\r\n])/);
        return [{ text: first }, ...lines.flatMap((text) => [INDENTATION, { text }])];
      }
      case "line-start":
        return this.#isIndented(at) ? INDENTATION : [];
      case "variable": {
        const print = this.#help(node.isEscaped ? this.#print : "print");
        return { code: `${print}(${this.#lookUp(node.path, at)})` };
      }
      case "section": {
        const value = this.#lookUp(node.path, at);
        if (node.isInverted) {
          const inside = this.text(node.nodes, at);
          return { code: `${this.#help("isEmpty")}(${value}) ? ${inside} : ""` };
        }
        const inside = { ...at, depth: at.depth + 1 };
        const body = `(f${inside.depth}) => ${this.text(node.nodes, inside)}`;
        return { code: `${this.#help("each")}(${value}, ${frame(at)}, ${body})` };
      }
      case "partial": {
        const name = this.#names.get(node.source) ?? `partial${this.#names.size + 1}`;
        this.#names.set(node.source, name);
        const given = this.#takesIndentation ? `, ${this.#indentation(node.indentation, at)}` : "";
        return { code: `${name}(${frame(at)}${given})` };
      }
    }
  }

  #isIndented(at: Position): boolean {
    return at.isPartial && this.#takesIndentation;
  }

  /** A partial in an indented one is indented by both, if it's alone on its line. */
  #indentation(text: string | undefined, at: Position): string {
    if (text === undefined || !at.isPartial) return stringLiteral(text ?? "");
    return text === "" ? "indentation" : `indentation + ${stringLiteral(text)}`;
  }

  #lookUp([first, ...rest]: MustachePath, at: Position): string {
    if (first === undefined) return at.depth === 0 ? "v" : `f${at.depth}[0]`;
    const isDirect = at.depth === 0 && this.#isObject && !INHERITED_NAMES.has(first);
    const value = isDirect
      ? `v${propertyAccess(first, "?.")}`
      : `${this.#help("find")}(${frame(at)}, ${stringLiteral(first)})`;
    if (rest.length === 0) return value;
    return `${this.#help("follow")}(${[value, ...rest.map(stringLiteral)].join(", ")})`;
  }

  #help(name: string): string {
    this.#helpers.add(name);
    return name;
  }
}

function frame(at: Position): string {
  return at.depth === 0 ? "[v]" : `f${at.depth}`;
}

/** Does a tag in it indent a partial? */
function indents(nodes: readonly MustacheNode[]): boolean {
  return nodes.some(
    (node) =>
      (node.kind === "partial" && (node.indentation ?? "") !== "") ||
      (node.kind === "section" && indents(node.nodes)),
  );
}
