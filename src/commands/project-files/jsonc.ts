import { findNodeAtLocation, type Node, type ParseError, parseTree } from "jsonc-parser";

/**
 * Reads JSON as tsconfig files and editors' settings are written: comments and trailing commas are allowed.
 * Undefined for a text that is none.
 */
export function parseJsonc(text: string): Node | undefined {
  const errors: ParseError[] = [];
  // A byte order mark is white space here, so that places stay those of the text.
  const root = parseTree(text.replace(/^\uFEFF/, " "), errors, { allowTrailingComma: true });
  return errors.length === 0 ? root : undefined;
}

/** What lies under the keys; undefined when there is nothing. */
export function valueAt(root: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return root === undefined ? undefined : findNodeAtLocation(root, [...keys]);
}

/** The texts in an array; undefined when it is none. */
export function textsOf(node: Node | undefined): readonly string[] | undefined {
  if (node?.type !== "array") return undefined;
  return (node.children ?? []).flatMap(({ value }) => (typeof value === "string" ? [value] : []));
}
