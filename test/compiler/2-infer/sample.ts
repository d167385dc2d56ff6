import type { Input, InputType, ParameterType } from "../../../src/contract/input-type.ts";

const NOTHING = [false, null, undefined];

/** Thrown where a property has more than one type at once. */
export class NotSampled extends Error {}

/**
 * A value that a type allows, with properties besides that it says nothing of.
 *
 * @param choose a number from 0, for each choice
 * @throws NotSampled
 * @param junk what may stand where the type allows anything
 */
export function sample(
  { type, levels }: ParameterType,
  choose: () => number,
  junk: Readonly<Record<string, unknown>> = {},
): unknown {
  const pick = <T>(choices: readonly T[]) => choices[choose() % choices.length] as T;
  const inputsOf = ({ inputs, again = [] }: InputType & { kind: "object" }): Input[] => [
    ...again.flatMap((level) => levels[level] ?? []),
    ...inputs,
  ];
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
        const byName = groupByName(inputsOf(one));
        for (const [name, inputs] of byName) {
          delete value[name];
          // It must be all of them. What more than one type allows is not looked for.
          if (new Set(inputs.map((input) => JSON.stringify(input.type))).size > 1) throw new NotSampled();
          if (inputs.every(({ optional }) => optional === "outer") && choose() % 2 === 0) continue;
          const mayBeUndefined = inputs.every(({ optional }) => optional !== false);
          value[name] =
            mayBeUndefined && choose() % 2 === 0 ? undefined : sampleOf((inputs[0] as Input).type, depth + 1);
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

function groupByName(inputs: readonly Input[]): ReadonlyMap<string, readonly Input[]> {
  const names = new Set(inputs.map(({ name }) => name));
  return new Map([...names].map((name) => [name, inputs.filter((input) => input.name === name)]));
}
