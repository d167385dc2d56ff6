import { Node, type ObjectLiteralExpression, type SourceFile } from "ts-morph";
import { type PluginStyle, pluginKeys } from "../tools/tool.ts";
import { configObject } from "./config-object.ts";
import { usesOf } from "./imported-names.ts";
import { keyOf } from "./parse-script.ts";

/**
 * Can a module decide which plugins a config has: does it make the config, or supply all of its plugins? What it
 * supplies for one plugin among others, or for another setting, decides nothing.
 */
export function makesConfig(file: SourceFile, module: string, style: PluginStyle): boolean {
  const uses = usesOf(file, module);
  if (uses.some(Node.isExportDeclaration)) return true;
  // `withScope` wraps the config, so it doesn't matter what the config is made of.
  if (style === "next") return false;
  const object = configObject(file, style);
  return object === undefined
    ? uses.some(mayMake)
    : uses.some((use) => isInPlaceOfPlugins(use, object, pluginKeys(style)));
}

/** `...shared` or `plugins: shared` in a visible object, or in one under the keys that lead to the plugins. */
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

/**
 * For a config whose object isn't visible: anything but a plugin in a list, another setting's value, or a statement.
 */
function mayMake(use: Node): boolean {
  let whole = use;
  let parent = use.getParent();
  while (parent !== undefined && Node.isExpression(parent) && !Node.isArrayLiteralExpression(parent)) {
    // What is passed to a function, or put into an object, may come back as the config.
    if (parent.getStart() !== use.getStart() && !Node.isAwaitExpression(parent)) break;
    [whole, parent] = [parent, parent.getParent()];
  }
  if (Node.isPropertyAssignment(parent)) return keyOf(parent) === "plugins";
  return !Node.isArrayLiteralExpression(parent) && !Node.isExpressionStatement(whole.getParent());
}
