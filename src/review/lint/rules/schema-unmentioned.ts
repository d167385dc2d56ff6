import type { Output, OutputType } from "../../../contract/output/output-type.ts";
import { eachPrompt, type Rule } from "../rule.ts";
import { listed } from "../words.ts";

/**
 * Providers send the schema with the request, so a text needn't list its fields. But if neither the text nor a
 * description says anything about any of them, the model knows only their names.
 */
export const schemaUnmentioned: Rule = {
  id: "prompt-schema-unmentioned",
  find: eachPrompt(({ prompt, texts, pieces }) => {
    if (prompt.output === undefined) return [];
    const { type, description } = prompt.output.type;
    const fields = fieldsOf(type, prompt.output.type.named);
    const isDescribed = description !== undefined || fields.some((field) => field.description !== undefined);
    if (fields.length === 0 || isDescribed) return [];
    const text = [
      ...texts.map(({ shown }) => shown),
      ...pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.name)),
    ].join("\n");
    const said = text.toLowerCase();
    if (/\bschema|\bformat/.test(said)) return [];
    if (fields.some(({ name }) => wordsOf(name).some((word) => said.includes(word)))) return [];
    return [
      {
        message: `The schema asks for ${listed(fields.map(({ name }) => name))}; neither the text nor a description says what ${fields.length === 1 ? "it means" : "they mean"}.`,
        hint: "Say it in the text, or give the fields of the schema a description.",
      },
    ];
  }),
};

function fieldsOf(type: OutputType, named: Output["named"]) {
  const shape = type.kind === "named" ? named.get(type.name) : type;
  return shape?.kind === "object" ? shape.fields : [];
}

/** The words of `isUrgent`, `is_urgent` or `is-urgent` that are long enough to be found in a text: `urgent`. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, " ")
    .toLowerCase()
    .split(/[\s_.-]+/);
  const long = words.filter((word) => word.length > 2 || /[^\0-\x7f]/.test(word));
  return long.length > 0 ? long : [name.toLowerCase()];
}
