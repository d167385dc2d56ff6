import { Node, type ObjectLiteralExpression, type SourceFile } from "ts-morph";
import { type PluginStyle, pluginKeys } from "../tools/tool.ts";
import { configObject } from "./config-object.ts";
import { usesOf } from "./imported-names.ts";
import { keyOf } from "./parse-script.ts";

/**
 * May a module decide which plugins a config has: does it make the config, or stand for all of its plugins? What it
 * gives for one plugin among others, or for another setting, decides nothing.
 */
export function makesConfig(file: SourceFile, module: string, style: PluginStyle): boolean {
  const uses = usesOf(file, module);
  if (uses.some(Node.isExportDeclaration)) return true;
  // What the config is made of does not matter to `withScope`, which goes around it.
  if (style === "next") return false;
  const object = configObject(file, style);
  return object === undefined
    ? uses.some(mayMake)
    : uses.some((use) => isInPlaceOfPlugins(use, object, pluginKeys(style)));
}

/** `...shared` or `plugins: shared` in an object that is seen, or in one under the keys that lead to the plugins. */
function isInPlaceOfPlugins(
  use: Node,
  object: ObjectLiteralExpression,
  [key, ...rest]: readonly string[],
): boolean {
  return object.getProperties().some((member) => {
    if (Node.isSpreadAssignment(member)) return member.getExpression().getStart() === use.getStart();
    if (keyOf(member) !== key) return false;
    if (!Node.isPropertyAssignment(member)) return member.getStart() === use.getStart();
    const value = member.getInitializerOrThrow();
    if (value.getStart() === use.getStart()) return true;
    return rest.length > 0 && Node.isObjectLiteralExpression(value) && isInPlaceOfPlugins(use, value, rest);
  });
}

/** For a config whose object is not seen: anything but a plugin in a list, another setting's value, a statement. */
function mayMake(use: Node): boolean {
  let whole = use;
  let parent = use.getParent();
  while (parent !== undefined && Node.isExpression(parent) && !Node.isArrayLiteralExpression(parent)) {
    // What is handed to a function, or put into an object, may come back as the config.
    if (parent.getStart() !== use.getStart() && !Node.isAwaitExpression(parent)) break;
    [whole, parent] = [parent, parent.getParent()];
  }
  if (Node.isPropertyAssignment(parent)) return keyOf(parent) === "plugins";
  return !Node.isArrayLiteralExpression(parent) && !Node.isExpressionStatement(whole.getParent());
}
