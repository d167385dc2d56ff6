import { _, type CodeKeywordDefinition, Name } from "ajv/dist/2020.js";
import type { JsonValue } from "../../prompt.ts";

const TRACKED = "x-tracked";
const BEFORE_UNEVALUATED = "x-before-unevaluated";

/**
 * Readies a schema for the keywords of {@link EVALUATED_KEYWORDS}. Without them ajv takes what an alternative has
 * evaluated for evaluated also where the alternative failed, and keeps some of it for the next item or answer.
 */
export function trackEvaluated(schema: Record<string, JsonValue>): void {
  schema[TRACKED] = true;
  if (schema.unevaluatedItems !== undefined) schema[BEFORE_UNEVALUATED] = true;
  if (schema.if !== undefined) {
    // For ajv a condition evaluates what it names always, or never where nothing follows from it.
    schema.if = { [TRACKED]: true, anyOf: [schema.if] };
    // biome-ignore lint/suspicious/noThenProperty: a keyword
    schema.then = { allOf: [schema.then ?? true] };
  }
  if (schema.patternProperties !== undefined && schema.additionalProperties === undefined) {
    // The code of ajv fails where an alternative beside it has evaluated all names.
    const { patternProperties } = schema;
    delete schema.patternProperties;
    schema.allOf = [
      ...((schema.allOf as readonly JsonValue[] | undefined) ?? []),
      { [TRACKED]: true, patternProperties },
    ];
  }
}

/** Keywords that write no check, and set what the code of ajv knows of names and items while it is written. */
export const EVALUATED_KEYWORDS: readonly CodeKeywordDefinition[] = [
  {
    // Each schema begins with nothing evaluated, in variables of its own: what is added later is copied into them.
    keyword: TRACKED,
    before: "$ref",
    code({ gen, it }) {
      it.props = gen.let("props", _`{ __proto__: null }`);
      it.items = gen.let("items", 0);
    },
  },
  {
    keyword: BEFORE_UNEVALUATED,
    type: "array",
    before: "unevaluatedItems",
    // True, for all of them, is no number to count from.
    code({ gen, it: { items } }) {
      if (items instanceof Name) gen.if(_`${items} === true`, () => gen.assign(items, _`Infinity`));
    },
  },
];
