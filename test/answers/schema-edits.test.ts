import { expect, it } from "vitest";
import { compareVersions } from "../../src/contract/compare-versions.ts";
import { compileSchema } from "./output-case.ts";

// biome-ignore lint/suspicious/noExplicitAny: an edit reaches into a schema wherever it likes
type Schema = any;

const OWNER_OBJECT = {
  type: "object",
  properties: { id: { type: "number" }, mail: { type: "string" } },
  required: ["id", "mail"],
};
/** What a model answers, with one of everything that a type can say. */
const SCHEMA: Schema = {
  type: "object",
  properties: {
    title: { type: "string", description: "In short." },
    size: { type: "number" },
    done: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    kind: { enum: ["bug", "idea"] },
    owner: { anyOf: [OWNER_OBJECT, { type: "null" }] },
    note: { type: "string" },
    range: {
      type: "array",
      prefixItems: [{ type: "number" }, { type: "number" }],
      items: false,
      minItems: 2,
    },
    scores: { type: "object", additionalProperties: { type: "number" } },
    tree: { $ref: "#/$defs/node" },
  },
  required: ["title", "size", "done", "tags", "kind", "owner", "range", "scores", "tree"],
  additionalProperties: false,
  $defs: {
    node: {
      type: "object",
      properties: { label: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
      required: ["label", "children"],
    },
  },
};

/** A place in the schema, by its keys, and what is there after the edit; undefined: nothing. */
type Edit = readonly [place: string, value: Schema];
const NODE = "$defs.node";
const OWNER = "properties.owner.anyOf.0";
const REQUIRED: readonly string[] = SCHEMA.required;
const optional = (name: string): Edit => ["required", REQUIRED.filter((one) => one !== name)];
const field = (name: string, value: Schema): Edit => [`properties.${name}`, value];
const TEXT = { type: "string" };
const NUMBER = { type: "number" };

/** What is said of the type; none: how the schema is written has changed. */
// biome-ignore format: one line each
const EDITS: readonly [grade: "breaking" | "compatible" | "values", edit: string, message: string, ...Edit[]][] = [
  ["breaking", "a field is gone", '"title" is gone', field("title", undefined), optional("title")],
  ["breaking", "an optional field is gone", '"note" is gone', field("note", undefined)],
  ["breaking", "a field becomes optional", '"size" is optional now', optional("size")],
  ["breaking", "a text can be null", '"title" changed from string to string or null', field("title.type", ["string", "null"])],
  ["breaking", "a text becomes a number", '"title" changed from string to number', field("title", NUMBER)],
  ["breaking", "a number becomes a text", '"size" changed from number to string', field("size", TEXT)],
  ["breaking", "a number can be a text", '"size" changed from number to number or string', field("size.type", ["number", "string"])],
  ["breaking", "a boolean can be a text", '"done" changed from boolean to boolean or string', field("done.type", ["boolean", "string"])],
  ["breaking", "a field can be anything", '"size" changed from number to anything', field("size", {})],
  ["breaking", "a list becomes a text", '"tags" changed from array to string', field("tags", TEXT)],
  ["breaking", "a list can be null", '"tags" changed from array to array or null', field("tags.type", ["array", "null"])],
  ["breaking", "items can be null", '"tags[]" changed from string to string or null', field("tags.items.type", ["string", "null"])],
  ["breaking", "items can be anything", '"tags[]" changed from string to anything', field("tags.items", undefined)],
  ["breaking", "items become objects", '"tags[]" changed from string to object', field("tags.items", { type: "object", properties: {} })],
  ["breaking", "a new value", '"kind" changed from "bug" or "idea" to "bug", "idea" or "task"', field("kind.enum.2", "task")],
  ["breaking", "a value can be null", '"kind" changed from "bug" or "idea" to "bug", "idea" or null', field("kind.enum.2", null)],
  ["breaking", "values become any text", '"kind" changed from "bug" or "idea" to string', field("kind", TEXT)],
  ["breaking", "other values", '"kind" changed from "bug" or "idea" to "a" or "b"', field("kind.enum", ["a", "b"])],
  ["breaking", "a field of an inner object is gone", '"owner.mail" is gone', [`${OWNER}.properties.mail`, undefined], [`${OWNER}.required`, ["id"]]],
  ["breaking", "a field of an inner object becomes optional", '"owner.mail" is optional now', [`${OWNER}.required`, ["id"]]],
  ["breaking", "a field of an inner object has another type", '"owner.id" changed from number to string', [`${OWNER}.properties.id`, TEXT]],
  ["breaking", "an inner object becomes a list", '"owner" changed from object or null to array', field("owner", { type: "array", items: OWNER_OBJECT })],
  ["breaking", "a field of a recursive type is gone", '"tree.label" is gone', [`${NODE}.properties.label`, undefined], [`${NODE}.required`, ["children"]]],
  ["breaking", "a field of a recursive type can be null", '"tree.label" changed from string to string or null', [`${NODE}.properties.label.type`, ["string", "null"]]],
  ["breaking", "a recursive type is no longer recursive", '"tree.children[]" changed from object to string', [`${NODE}.properties.children.items`, TEXT]],
  ["breaking", "a tuple can be shorter", '"range" has at least 1 items now, not 2', field("range.minItems", 1)],
  ["breaking", "an item of a tuple is of another type", '"range[1]" changed from number to string', field("range.prefixItems.1", TEXT)],
  ["breaking", "a tuple is longer", '"range[]" changed from nothing to number', field("range.items", NUMBER)],
  ["breaking", "the values of a record can be null", '"scores.*" changed from number to number or null', field("scores.additionalProperties.type", ["number", "null"])],
  ["breaking", "a record becomes a list", '"scores" changed from object to array', field("scores", { type: "array", items: NUMBER })],
  ["breaking", "the answer can be null", "changed from object to object or null", ["type", ["object", "null"]]],
  ["breaking", "the answer can be anything", "changed from object to anything", ["type", undefined]],
  ["compatible", "a new field", 'new "more"', field("more", TEXT), ["required", [...REQUIRED, "more"]]],
  ["compatible", "a new optional field", 'new "more"', field("more", TEXT)],
  ["compatible", "a new field of an inner object", 'new "owner.name"', [`${OWNER}.properties.name`, TEXT]],
  ["compatible", "a new field of a recursive type", 'new "tree.more"', [`${NODE}.properties.more`, TEXT]],
  ["compatible", "a field is always there", '"note" is always there now', ["required", [...REQUIRED, "note"]]],
  ["compatible", "fewer values", '"kind" changed from "bug" or "idea" to "bug"', field("kind.enum", ["bug"])],
  ["compatible", "a constant instead of several values", '"kind" changed from "bug" or "idea" to "idea"', field("kind", { const: "idea" })],
  ["compatible", "a text becomes one of values", '"title" changed from string to "a" or "b"', field("title", { enum: ["a", "b"] })],
  ["compatible", "an object is never null", '"owner" changed from object or null to object', field("owner", OWNER_OBJECT)],
  ["compatible", "a boolean is always true", '"done" changed from boolean to true', field("done", { const: true })],
  ["compatible", "items become values", '"tags[]" changed from string to "a"', field("tags.items", { const: "a" })],
  ["compatible", "a record has a field", 'new "scores.a"', field("scores.properties", { a: NUMBER })],
  ["values", "another description", "", field("title.description", "In a few words.")],
  ["values", "a new description", "", field("size.description", "In metres.")],
  ["values", "a maximum length", "", field("title.maxLength", 80)],
  ["values", "a pattern", "", field("title.pattern", "^[A-Z]")],
  ["values", "a whole number", "", field("size.type", "integer")],
  ["values", "limits of a number", "", field("size.minimum", 0), field("size.maximum", 10)],
  ["values", "a list that isn't empty", "", field("tags.minItems", 1)],
  ["values", "items that are unique", "", field("tags.uniqueItems", true)],
  ["values", "unknown fields are allowed", "", ["additionalProperties", undefined]],
  ["values", "an order of fields", "", ["required", REQUIRED.toReversed()]],
  ["values", "an order of values", "", field("kind.enum", ["idea", "bug"])],
  ["values", "another name of a definition", "", ["$defs", JSON.parse(JSON.stringify(SCHEMA.$defs).replaceAll("node", "item"))], field("tree.$ref", "#/$defs/item")],
  ["values", "a type instead of a union", "", field("owner", { ...OWNER_OBJECT, type: ["object", "null"] })],
  ["values", "a title", "", ["title", "Ticket"]],
  ["values", "a format", "", field("title.format", "email")],
  ["values", "a definition that nothing uses", "", ["$defs.other", TEXT]],
];

function edited(edits: readonly Edit[]): Schema {
  const schema = structuredClone(SCHEMA);
  for (const [place, value] of edits) {
    const keys = place.split(".");
    const last = keys.pop() as string;
    const part = keys.reduce((one, key) => one[key], schema);
    if (value === undefined) delete part[last];
    else part[last] = structuredClone(value);
  }
  return schema;
}

async function compared(other: Schema) {
  const [from, to] = await Promise.all([SCHEMA, other].map((schema) => compileSchema(schema)));
  if (from === undefined || to === undefined) throw new Error("It was not compiled.");
  const { grade, changes } = compareVersions(from, to);
  const messages = changes.map(({ message }) => message).filter((one) => !one.startsWith("output_schema"));
  return [grade, ...messages];
}

it.each(EDITS)("%s, an edit of an answer schema: %s", async (grade, _, message, ...edits) => {
  const said = message.startsWith("new ") ? message.replace("new ", "new output ") : `output ${message}`;
  expect(await compared(edited(edits))).toEqual([grade, ...(message === "" ? [] : [said])]);
});

it("no edit is no change", async () => {
  expect(await compared(edited([]))).toEqual(["none"]);
});
