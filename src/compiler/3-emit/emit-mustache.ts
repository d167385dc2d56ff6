import type { Escape } from "../../prompt.ts";
import { indentedPartials } from "../1-parse/indented-partials.ts";
import type { Indentation, MustacheNode, MustachePath } from "../1-parse/mustache-nodes.ts";
import type { Partials } from "../1-parse/read-mustache.ts";
import { INHERITED_NAMES } from "../2-infer/inherited-names.ts";
import type { PromptSource } from "../prompt-source.ts";
import { type LiteralPiece, propertyAccess, stringLiteral, templateLiteral } from "./escape-js.ts";
import type { RenderCode } from "./render-code.ts";
import { resultCode } from "./result-code.ts";

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
  const emitter = new MustacheEmitter(partials, indentedPartials(bodies, partials), options);
  const texts = bodies.map((nodes) => emitter.text(nodes, { depth: 0, isIndented: false }));
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
  /** Inside a partial whose function takes an indentation. */
  readonly isIndented: boolean;
}

class MustacheEmitter {
  readonly #partials: Partials;
  readonly #indented: ReadonlySet<PromptSource>;
  readonly #print: "print" | "printHtml";
  readonly #isObject: boolean;
  readonly #helpers = new Set<string>();
  /** The partials' functions by name, in the order of first use. */
  readonly #names = new Map<PromptSource, string>();

  constructor(
    partials: Partials,
    indented: ReadonlySet<PromptSource>,
    { escaping, isObject }: MustacheOptions,
  ) {
    this.#partials = partials;
    this.#indented = indented;
    this.#print = escaping === "html" ? "printHtml" : "print";
    this.#isObject = isObject;
  }

  helpers(): readonly string[] {
    return [...this.#helpers].sort();
  }

  /** A template literal. */
  text(nodes: readonly MustacheNode[], at: Position): string {
    return templateLiteral(nodes.flatMap((node) => this.#node(node, at) ?? []));
  }

  partialFunctions(): readonly string[] {
    const functions: string[] = [];
    // A partial's text can name more of them: the map grows while we iterate over it.
    for (const [source, name] of this.#names) {
      const isIndented = this.#indented.has(source);
      const body = this.text(this.#partials.get(source) ?? [], { depth: 1, isIndented });
      functions.push(`const ${name} = (f1${isIndented ? ", indentation" : ""}) => ${body};`);
    }
    return functions;
  }

  /** Undefined: there's nothing there. */
  #node(node: MustacheNode, at: Position): LiteralPiece | undefined {
    switch (node.kind) {
      case "text":
        return node;
      case "line-start":
        return at.isIndented ? { code: "indentation" } : undefined;
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
        const given = this.#indented.has(node.source) ? `, ${indentation(node.indentation, at)}` : "";
        return { code: `${name}(${frame(at)}${given})` };
      }
    }
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

function indentation(given: Indentation | undefined, at: Position): string {
  if (given === undefined) return '""';
  if (!given.isNested || !at.isIndented) return stringLiteral(given.text);
  return given.text === "" ? "indentation" : `indentation + ${stringLiteral(given.text)}`;
}
