import { configObject, objectMembers } from "./config-object.ts";
import { usesOf } from "./imported-names.ts";
import type { ScriptToken } from "./script-tokens.ts";
import type { PluginStyle } from "./tools.ts";

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
    : uses.some((index) => isInPlaceOfPlugins(tokens, index, object, style));
}

/** `...shared` or `plugins: shared` in an object that is seen. */
function isInPlaceOfPlugins(
  tokens: readonly ScriptToken[],
  index: number,
  object: number,
  style: PluginStyle,
): boolean {
  const members = objectMembers(tokens, object);
  if (style === "vite-plugins") {
    const vite = members.find(({ key }) => key === "vite")?.value;
    if (vite === index) return true;
    if (vite !== undefined && tokens[vite]?.value === "{") {
      if (isInPlaceOfPlugins(tokens, index, vite, "plugins")) return true;
    }
  }
  return members.some(
    ({ key, index: start, value }) =>
      (key === "..." && index === start + 1) || (key === "plugins" && (index === value || index === start)),
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
