import type { MustacheNode, MustachePath } from "../1-parse/read-mustache.ts";
import { type LiteralPiece, propertyAccess, stringLiteral, templateLiteral } from "./escape-js.ts";

/**
 * The code of `render` for the mustache syntax: template literals, in which a section is a call with its inside as a
 * function. Functions take a frame: the item that names are looked up in, and the frame around it. A name outside every
 * section is read from the parameter itself.
 *
 * @param roles of a chat prompt's messages; `null` for a text prompt
 * @param isObject the parameter is an object; otherwise it may be a value, whose own properties, such as a string's
 *   length, aren't names
 */
export function emitMustache(
  bodies: readonly (readonly MustacheNode[])[],
  roles: readonly string[] | null,
  isObject: boolean,
): RenderCode {
  const helpers = new Set<string>();
  const help = (name: string): string => {
    helpers.add(name);
    return name;
  };
  const textOf = (nodes: readonly MustacheNode[], depth: number): string =>
    templateLiteral(nodes.map((node) => pieceOf(node, depth)));
  /**
   * @param depth enclosing sections: at 0, names are read from the parameter, otherwise they're looked up in the frame of
   *   that number
   */
  const pieceOf = (node: MustacheNode, depth: number): LiteralPiece => {
    if (node.kind === "text") return node;
    const value = lookUp(node.path, depth);
    if (node.kind === "variable") return { code: `${help("print")}(${value})` };
    if (node.isInverted) return { code: `${help("isEmpty")}(${value}) ? ${textOf(node.nodes, depth)} : ""` };
    const inside = depth + 1;
    const body = `(f${inside}) => ${textOf(node.nodes, inside)}`;
    return { code: `${help("each")}(${value}, ${frame(depth)}, ${body})` };
  };
  const lookUp = ([first, ...rest]: MustachePath, depth: number): string => {
    if (first === undefined) return depth === 0 ? "v" : `f${depth}[0]`;
    const isDirect = depth === 0 && isObject && !INHERITED_NAMES.has(first);
    const value = isDirect
      ? `v${propertyAccess(first, "?.")}`
      : `${help("find")}(${frame(depth)}, ${stringLiteral(first)})`;
    if (rest.length === 0) return value;
    return `${help("follow")}(${[value, ...rest.map(stringLiteral)].join(", ")})`;
  };
  const texts = bodies.map((nodes) => textOf(nodes, 0));
  return { body: resultCode(texts, roles), helpers: [...helpers].sort() };
}

function frame(depth: number): string {
  return depth === 0 ? "[v]" : `f${depth}`;
}

export interface RenderCode {
  /** What `render` returns, as an expression over its parameter `v`. */
  readonly body: string;
  /** Names that it uses from the helper module, sorted. */
  readonly helpers: readonly string[];
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
