import type { Escape } from "../../prompt.ts";
import type { MustacheNode, MustachePath, Partials } from "../1-parse/read-mustache.ts";
import type { PromptSource } from "../compiled-prompt.ts";
import { type LiteralPiece, propertyAccess, stringLiteral, templateLiteral } from "./escape-js.ts";

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
  { escaping, isObject }: MustacheOptions,
): RenderCode {
  /** The functions of partials take an indentation. */
  const takesIndentation = [...bodies, ...partials.values()].some(indents);
  const helpers = new Set<string>();
  /** The partials' functions by name, in the order of first use. */
  const names = new Map<PromptSource, string>();
  const help = (name: string): string => {
    helpers.add(name);
    return name;
  };
  const textOf = (nodes: readonly MustacheNode[], at: Position): string =>
    templateLiteral(nodes.flatMap((node) => piecesOf(node, at)));
  const piecesOf = (node: MustacheNode, at: Position): LiteralPiece | readonly LiteralPiece[] => {
    const isIndented = at.isPartial && takesIndentation;
    switch (node.kind) {
      case "text": {
        if (!isIndented) return node;
        const [first = "", ...lines] = node.text.split(/(?<=\n)(?=[^\r\n])/);
        return [{ text: first }, ...lines.flatMap((text) => [INDENTATION, { text }])];
      }
      case "line-start":
        return isIndented ? INDENTATION : [];
      case "variable": {
        const print = help(node.isEscaped && escaping === "html" ? "printHtml" : "print");
        return { code: `${print}(${lookUp(node.path, at)})` };
      }
      case "section": {
        const value = lookUp(node.path, at);
        if (node.isInverted) {
          const inside = textOf(node.nodes, at);
          return { code: `${help("isEmpty")}(${value}) ? ${inside} : ""` };
        }
        const inside = { ...at, depth: at.depth + 1 };
        const body = `(f${inside.depth}) => ${textOf(node.nodes, inside)}`;
        return { code: `${help("each")}(${value}, ${frame(at)}, ${body})` };
      }
      case "partial": {
        const name = names.get(node.source) ?? `partial${names.size + 1}`;
        names.set(node.source, name);
        const given = takesIndentation ? `, ${indentationCode(node.indentation, at)}` : "";
        return { code: `${name}(${frame(at)}${given})` };
      }
    }
  };
  const lookUp = ([first, ...rest]: MustachePath, at: Position): string => {
    if (first === undefined) return at.depth === 0 ? "v" : `f${at.depth}[0]`;
    const isDirect = at.depth === 0 && isObject && !INHERITED_NAMES.has(first);
    const value = isDirect
      ? `v${propertyAccess(first, "?.")}`
      : `${help("find")}(${frame(at)}, ${stringLiteral(first)})`;
    if (rest.length === 0) return value;
    return `${help("follow")}(${[value, ...rest.map(stringLiteral)].join(", ")})`;
  };
  const texts = bodies.map((nodes) => textOf(nodes, { depth: 0, isPartial: false }));
  const functions: string[] = [];
  // A partial's text can name more of them: the map grows while we iterate over it.
  for (const [source, name] of names) {
    const body = textOf(partials.get(source) ?? [], { depth: 1, isPartial: true });
    functions.push(`const ${name} = (f1${takesIndentation ? ", indentation" : ""}) => ${body};`);
  }
  return { body: resultCode(texts, roles), helpers: [...helpers].sort(), functions };
}

interface MustacheOptions {
  readonly escaping: Escape;
  /**
   * The parameter is an object; otherwise it may be a value, whose own properties, such as a string's length, aren't
   * names.
   */
  readonly isObject: boolean;
}

interface Position {
  /**
   * Enclosing sections: at 0, names are read from the parameter, otherwise they're looked up in the frame of that
   * number.
   */
  readonly depth: number;
  readonly isPartial: boolean;
}

const INDENTATION: LiteralPiece = { code: "indentation" };

/** A partial in an indented one is indented by both, if it's alone on its line. */
function indentationCode(text: string | undefined, at: Position): string {
  if (text === undefined || !at.isPartial) return stringLiteral(text ?? "");
  return text === "" ? "indentation" : `indentation + ${stringLiteral(text)}`;
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

export interface RenderCode {
  /** What `render` returns, as an expression over its parameter `v`. */
  readonly body: string;
  /** Names that it uses from the helper module, sorted. */
  readonly helpers: readonly string[];
  /** Functions that it uses, as statements of the module. */
  readonly functions: readonly string[];
}

/**
 * What `render` returns, and what `content` is: the one text, or one message per text.
 *
 * @param texts expressions
 * @param roles of a chat prompt's messages; `null` for a text prompt
 */
export function resultCode(texts: readonly string[], roles: readonly string[] | null): string {
  if (roles === null) return texts[0] as string;
  if (roles.length === 0) return "[]";
  const messages = texts.map(
    (text, i) => `  { role: ${stringLiteral(roles[i] as string)}, content: ${text} },\n`,
  );
  return `[\n${messages.join("")}]`;
}

/**
 * What an empty object already has a value for. For these names only an own property counts as a value; checking that
 * for every name would cost a tenth of the speed.
 */
export const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
