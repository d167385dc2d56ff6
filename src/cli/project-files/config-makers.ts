import { configObject, objectMembers } from "./config-object.ts";
import { usesOf } from "./imported-names.ts";
import type { ScriptToken } from "./script-tokens.ts";
import { type PluginStyle, pluginKeys } from "./tools.ts";

/**
 * May a module decide which plugins a config has: does it make the config, or stand for all of its plugins? What it
 * gives for one plugin among others, or for another setting, decides nothing.
 */
export function makesConfig(tokens: readonly ScriptToken[], module: string, style: PluginStyle): boolean {
  const uses = usesOf(tokens, module);
  if (uses.some((index) => tokens[index]?.value === "export")) return true;
  // What the config is made of does not matter to `withScope`, which goes around it.
  if (style === "next") return false;
  const object = configObject(tokens, style);
  return object === undefined
    ? uses.some((index) => mayMake(tokens, index))
    : uses.some((index) => isInPlaceOfPlugins(tokens, index, object, pluginKeys(style)));
}

/** `...shared` or `plugins: shared` in an object that is seen, or in one under the keys that lead to the plugins. */
function isInPlaceOfPlugins(
  tokens: readonly ScriptToken[],
  index: number,
  object: number,
  [key, ...rest]: readonly string[],
): boolean {
  const members = objectMembers(tokens, object);
  const member = members.find((one) => one.key === key);
  if (members.some((one) => one.key === "..." && index === one.index + 1)) return true;
  if (member === undefined) return false;
  if (index === member.value || index === member.index) return true;
  const inner = rest.length > 0 ? member.value : undefined;
  return (
    inner !== undefined && tokens[inner]?.value === "{" && isInPlaceOfPlugins(tokens, index, inner, rest)
  );
}

/** For a config whose object is not seen: anything but a plugin in a list, another setting's value, a statement. */
function mayMake(tokens: readonly ScriptToken[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1]?.value ?? "";
  if (token === undefined) return false;
  if (before === "...") return true;
  if (before === ":") return tokens[index - 2]?.value === "plugins";
  if (token.depth === 0) return !token.startsLine || ["default", "="].includes(before);
  const around = tokens.findLastIndex(
    ({ value, depth }, at) => at < index && depth === token.depth - 1 && "({[".includes(value),
  );
  return tokens[around]?.value !== "[";
}
