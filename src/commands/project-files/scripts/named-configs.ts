import { Node, type SourceFile, SyntaxKind } from "ts-morph";
import { keyOf } from "./parse-script.ts";

/**
 * What a config names in a string as the source of settings: what it, or one of its `projects`, `extends` (Vite's
 * config in Vitest's, a layer of Nuxt's).
 */
export function extendedConfigs(file: SourceFile): readonly string[] {
  return textsUnder(file, "extends", [undefined, "projects"]);
}

/** What Vitest's `test.projects` names in strings: files, folders and patterns of projects with own configs. */
export function projectConfigs(file: SourceFile): readonly string[] {
  return textsUnder(file, "projects", ["test"]);
}

/** The string under a key, or those of the list there, where the key is in the value of one of some others. */
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

/** Does a string lie in the value of a key, in whatever object? */
export function isNamedUnder(file: SourceFile, key: string, text: string): boolean {
  return file
    .getDescendantsOfKind(SyntaxKind.StringLiteral)
    .some((one) => one.getLiteralText() === text && keyAround(one) === key);
}

/** The key of the value that a node lies in, whatever lists and calls lie between; undefined at the top. */
function keyAround(node: Node): string | undefined {
  return keyOf(node.getFirstAncestorByKind(SyntaxKind.PropertyAssignment));
}
