import { Node, type SourceFile, SyntaxKind } from "ts-morph";
import { keyOf } from "./parse-script.ts";

/**
 * What a config names in a string as a source of settings: what it, or one of its `projects`, `extends` (Vite's config
 * in Vitest's, a layer of Nuxt's).
 */
export function extendedConfigs(file: SourceFile): readonly string[] {
  return textsUnder(file, "extends", [undefined, "projects"]);
}

/** What Vitest's `test.projects` names in strings: files, folders and patterns of projects with their own configs. */
export function projectConfigs(file: SourceFile): readonly string[] {
  return textsUnder(file, "projects", ["test"]);
}

/** The string under a key, or the strings of its list, if the key is in the value of one of the given outer keys. */
function textsUnder(
  file: SourceFile,
  key: string,
  around: readonly (string | undefined)[],
): readonly string[] {
  return file.getDescendantsOfKind(SyntaxKind.PropertyAssignment).flatMap((member) => {
    if (keyOf(member) !== key || !around.includes(keyAround(member))) return [];
    const value = member.getInitializerOrThrow();
    const texts = Node.isArrayLiteralExpression(value) ? value.getElements() : [value];
    return texts.filter(Node.isStringLiteral).map((one) => one.getLiteralText());
  });
}

/** Is a string in the value of a key, in any object? */
export function isNamedUnder(file: SourceFile, key: string, text: string): boolean {
  return file
    .getDescendantsOfKind(SyntaxKind.StringLiteral)
    .some((one) => one.getLiteralText() === text && keyAround(one) === key);
}

/** The key of the value that a node is in, whatever lists and calls are in between; undefined at the top. */
function keyAround(node: Node): string | undefined {
  return keyOf(node.getFirstAncestorByKind(SyntaxKind.PropertyAssignment));
}
