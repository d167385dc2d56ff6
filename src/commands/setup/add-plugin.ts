import { Node, SyntaxKind } from "ts-morph";
import type { Edit } from "../../project/edit/edit-script.ts";
import {
  bareExpression,
  configExport,
  edited,
  importEdit,
  insertFirst,
  keyOf,
  parseScript,
  quoteOf,
  replaceNode,
  valueUnder,
} from "../../project/edit/edit-script.ts";
import type { Tool } from "./tools.ts";
/**
 * Adds the plugin to the text of a tool's config. Undefined if the list of plugins isn't written out there, or the text
 * mentions this package already: the file then stays as it is, and you add what is missing.
 */
export function addPlugin({ entry, edit }: Tool, text: string): string | undefined {
  const file = text.includes("unplugin-scope") ? undefined : parseScript(text);
  if (entry === undefined || edit === undefined || file === undefined) return undefined;
  const taken = new Set(file.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText()));
  const wanted = edit === "next" ? ["withScope"] : ["scope", "scopePlugin"];
  const name = wanted.find((one) => !taken.has(one));
  if (name === undefined) return undefined;
  const element = edit === "modules" ? quoteOf(file) + entry + quoteOf(file) : `${name}()`;
  const { isEsm, node } = configExport(file) ?? {};
  let added: Edit | undefined;
  if (edit !== "next") added = listEdit(configObject(node), edit.split("."), element);
  // It accepts a function and a promise too.
  else if (Node.isExpression(node)) added = replaceNode(node, `${name}(${node.getText()})`);
  if (added === undefined) return undefined;
  return edited(text, edit === "modules" ? [added] : [added, importEdit(file, entry, name, isEsm)]);
}

function listEdit(
  object: Node | undefined,
  [key = "", ...rest]: readonly string[],
  element: string,
): Edit | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  const members = object.getProperties();
  const at = members.findIndex((one) => keyOf(one) === key);
  // A spread may contain the key, and one of the two would be lost. If the spread comes after the key, one already is.
  if (members.slice(at + 1).some(Node.isSpreadAssignment)) return undefined;
  if (at === -1) {
    const list = rest.reduceRight((inner, one) => `{ ${one}: ${inner} }`, `[${element}]`);
    return insertFirst(object, `${key}: ${list}`);
  }
  const value = valueUnder(object, key);
  if (rest.length > 0) return listEdit(value, rest, element);
  return Node.isArrayLiteralExpression(value) ? insertFirst(value, element) : undefined;
}

/** A function that is called this returns the config that it's given: tools have them for types. */
const DEFINES_CONFIG = /^(?:\w+\.)?define\w+$/;

/** What a script gives its tool: the object that it exports, by itself or in a call such as `defineConfig`. */
function configObject(exported: Node | undefined): Node | undefined {
  const value = bareExpression(exported);
  const isCall = Node.isCallExpression(value) && DEFINES_CONFIG.test(value.getExpression().getText());
  return isCall ? bareExpression(value.getArguments()[0]) : value;
}
