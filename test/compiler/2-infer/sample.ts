import type { InputType } from "../../../src/contract/input-type.ts";

const NOTHING = [false, null, undefined];

/**
 * A value that a type allows, with extra properties that the type doesn't mention.
 *
 * @param choose a number from 0, for each choice
 * @param junk what may stand where the type allows anything
 */
export function sample(
  type: InputType,
  choose: () => number,
  junk: Readonly<Record<string, unknown>> = {},
): unknown {
  const pick = <T>(choices: readonly T[]) => choices[choose() % choices.length] as T;
  const sampleOf = (one: InputType, depth: number): unknown => {
    const isDeep = depth > 12;
    switch (one.kind) {
      case "value":
      case "narrowed":
        return pick(["x", 0, true]);
      case "condition":
        return pick(["x", junk, {}, [], [junk], null, undefined]);
      case "nothing":
        return pick(NOTHING);
      case "object": {
        const value: Record<string, unknown> = choose() % 3 === 0 ? { ...junk } : {};
        for (const { name, type: inner, optional } of one.inputs) {
          delete value[name];
          if (optional === "outer" && choose() % 2 === 0) continue;
          value[name] = optional !== false && choose() % 2 === 0 ? undefined : sampleOf(inner, depth + 1);
        }
        return value;
      }
      case "section": {
        const kind = choose() % 4;
        if (isDeep || kind === 0) return pick([...NOTHING, []]);
        if (kind === 1 && !one.isListOnly) return sampleOf(one.element, depth + 1);
        return Array.from({ length: kind - 1 }, () => sampleOf(one.element, depth + 1));
      }
      case "any-of":
        return sampleOf(isDeep ? (one.types.at(-1) as InputType) : pick(one.types), depth);
    }
  };
  return sampleOf(type, 0);
}
