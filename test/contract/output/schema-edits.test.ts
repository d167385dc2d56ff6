import { expect, it } from "vitest";
import type { Grade } from "../../../src/contract/contract.ts";
import { compareCompiled } from "../../../src/project/versions/compare-requests.ts";
import { compileSchema } from "../../compiler/output/output-case.ts";

// biome-ignore lint/suspicious/noExplicitAny: an edit reaches into a schema wherever it likes
type Schema = any;

/** What a model answers, with one of everything that a type can say. */
const SCHEMA: Schema = {
  type: "object",
  properties: {
    title: { type: "string", description: "In short." },
    size: { type: "number" },
    done: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    kind: { enum: ["bug", "idea"] },
    owner: {
      anyOf: [
        {
          type: "object",
          properties: { id: { type: "number" }, mail: { type: "string" } },
          required: ["id", "mail"],
        },
        { type: "null" },
      ],
    },
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

interface Edit {
  readonly edit: string;
  readonly grade: Extract<Grade, "breaking" | "compatible" | "values" | "none">;
  /** What is said of the type. None: how the schema is written has changed, or nothing. */
  readonly messages?: readonly string[];
  readonly change: (schema: Schema) => void;
}

const breaking = (edit: string, message: string, change: (schema: Schema) => void): Edit => ({
  edit,
  grade: "breaking",
  messages: [message],
  change,
});
const compatible = (edit: string, message: string, change: (schema: Schema) => void): Edit => ({
  edit,
  grade: "compatible",
  messages: [message],
  change,
});
const values = (edit: string, change: (schema: Schema) => void): Edit => ({ edit, grade: "values", change });

const drop = (schema: Schema, name: string) => {
  delete schema.properties[name];
  schema.required = schema.required.filter((one: string) => one !== name);
};
const owner = (schema: Schema) => schema.properties.owner.anyOf[0];
const node = (schema: Schema) => schema.$defs.node;
const without = (names: string[], name: string) => names.filter((one) => one !== name);

const EDITS: readonly Edit[] = [
  breaking("a field is gone", 'output "title" is gone', (s) => drop(s, "title")),
  breaking("an optional field is gone", 'output "note" is gone', (s) => drop(s, "note")),
  breaking("a field becomes optional", 'output "size" is optional now', (s) => {
    s.required = without(s.required, "size");
  }),
  breaking("a text can be null", 'output "title" changed from string to string or null', (s) => {
    s.properties.title.type = ["string", "null"];
  }),
  breaking("a text becomes a number", 'output "title" changed from string to number', (s) => {
    s.properties.title = { type: "number" };
  }),
  breaking("a number becomes a text", 'output "size" changed from number to string', (s) => {
    s.properties.size = { type: "string" };
  }),
  breaking("a number can be a text", 'output "size" changed from number to number or string', (s) => {
    s.properties.size = { type: ["number", "string"] };
  }),
  breaking("a boolean can be a text", 'output "done" changed from boolean to boolean or string', (s) => {
    s.properties.done = { type: ["boolean", "string"] };
  }),
  breaking("a field can be anything", 'output "size" changed from number to anything', (s) => {
    s.properties.size = {};
  }),
  breaking("a list becomes a text", 'output "tags" changed from array to string', (s) => {
    s.properties.tags = { type: "string" };
  }),
  breaking("a list can be null", 'output "tags" changed from array to array or null', (s) => {
    s.properties.tags.type = ["array", "null"];
  }),
  breaking("items can be null", 'output "tags[]" changed from string to string or null', (s) => {
    s.properties.tags.items = { type: ["string", "null"] };
  }),
  breaking("items can be anything", 'output "tags[]" changed from string to anything', (s) => {
    delete s.properties.tags.items;
  }),
  breaking("items become objects", 'output "tags[]" changed from string to object', (s) => {
    s.properties.tags.items = { type: "object", properties: {} };
  }),
  breaking("a new value", 'output "kind" changed from "bug" or "idea" to "bug", "idea" or "task"', (s) => {
    s.properties.kind.enum.push("task");
  }),
  breaking(
    "a value can be null",
    'output "kind" changed from "bug" or "idea" to "bug", "idea" or null',
    (s) => {
      s.properties.kind.enum.push(null);
    },
  ),
  breaking("values become any text", 'output "kind" changed from "bug" or "idea" to string', (s) => {
    s.properties.kind = { type: "string" };
  }),
  breaking("other values", 'output "kind" changed from "bug" or "idea" to "a" or "b"', (s) => {
    s.properties.kind.enum = ["a", "b"];
  }),
  breaking("a field of an inner object is gone", 'output "owner.mail" is gone', (s) => {
    delete owner(s).properties.mail;
    owner(s).required = ["id"];
  }),
  breaking("a field of an inner object becomes optional", 'output "owner.mail" is optional now', (s) => {
    owner(s).required = ["id"];
  }),
  breaking(
    "a field of an inner object has another type",
    'output "owner.id" changed from number to string',
    (s) => {
      owner(s).properties.id.type = "string";
    },
  ),
  breaking("an inner object becomes a list", 'output "owner" changed from object or null to array', (s) => {
    s.properties.owner = { type: "array", items: owner(s) };
  }),
  breaking("a field of a recursive type is gone", 'output "tree.label" is gone', (s) => {
    delete node(s).properties.label;
    node(s).required = ["children"];
  }),
  breaking(
    "a field of a recursive type can be null",
    'output "tree.label" changed from string to string or null',
    (s) => {
      node(s).properties.label.type = ["string", "null"];
    },
  ),
  breaking(
    "a recursive type is no longer recursive",
    'output "tree.children[]" changed from object to string',
    (s) => {
      node(s).properties.children.items = { type: "string" };
    },
  ),
  breaking("a tuple can be shorter", 'output "range" has at least 1 items now, not 2', (s) => {
    s.properties.range.minItems = 1;
  }),
  breaking(
    "an item of a tuple is of another type",
    'output "range[1]" changed from number to string',
    (s) => {
      s.properties.range.prefixItems[1] = { type: "string" };
    },
  ),
  breaking("a tuple is longer", 'output "range[]" changed from nothing to number', (s) => {
    s.properties.range.items = { type: "number" };
  }),
  breaking(
    "the values of a record can be null",
    'output "scores.*" changed from number to number or null',
    (s) => {
      s.properties.scores.additionalProperties = { type: ["number", "null"] };
    },
  ),
  breaking("a record becomes a list", 'output "scores" changed from object to array', (s) => {
    s.properties.scores = { type: "array", items: { type: "number" } };
  }),
  breaking("the answer can be null", "output changed from object to object or null", (s) => {
    s.type = ["object", "null"];
  }),
  breaking("the answer can be anything", "output changed from object to anything", (s) => {
    delete s.type;
  }),
  compatible("a new field", 'new output "more"', (s) => {
    s.properties.more = { type: "string" };
    s.required.push("more");
  }),
  compatible("a new optional field", 'new output "more"', (s) => {
    s.properties.more = { type: "string" };
  }),
  compatible("a new field of an inner object", 'new output "owner.name"', (s) => {
    owner(s).properties.name = { type: "string" };
  }),
  compatible("a new field of a recursive type", 'new output "tree.more"', (s) => {
    node(s).properties.more = { type: "string" };
  }),
  compatible("a field is always there", 'output "note" is always there now', (s) => {
    s.required.push("note");
  }),
  compatible("fewer values", 'output "kind" changed from "bug" or "idea" to "bug"', (s) => {
    s.properties.kind.enum = ["bug"];
  }),
  compatible(
    "a constant instead of several values",
    'output "kind" changed from "bug" or "idea" to "idea"',
    (s) => {
      s.properties.kind = { const: "idea" };
    },
  ),
  compatible("a text becomes one of values", 'output "title" changed from string to "a" or "b"', (s) => {
    s.properties.title = { enum: ["a", "b"] };
  }),
  compatible("an object is never null", 'output "owner" changed from object or null to object', (s) => {
    s.properties.owner = owner(s);
  }),
  compatible("a boolean is always true", 'output "done" changed from boolean to true', (s) => {
    s.properties.done = { const: true };
  }),
  compatible("items become values", 'output "tags[]" changed from string to "a"', (s) => {
    s.properties.tags.items = { const: "a" };
  }),
  compatible("a record has a field", 'new output "scores.a"', (s) => {
    s.properties.scores.properties = { a: { type: "number" } };
  }),
  values("another description", (s) => {
    s.properties.title.description = "In a few words.";
  }),
  values("a new description", (s) => {
    s.properties.size.description = "In metres.";
  }),
  values("a maximum length", (s) => {
    s.properties.title.maxLength = 80;
  }),
  values("a pattern", (s) => {
    s.properties.title.pattern = "^[A-Z]";
  }),
  values("a whole number", (s) => {
    s.properties.size.type = "integer";
  }),
  values("limits of a number", (s) => {
    Object.assign(s.properties.size, { minimum: 0, maximum: 10 });
  }),
  values("a list that isn't empty", (s) => {
    s.properties.tags.minItems = 1;
  }),
  values("items that are unique", (s) => {
    s.properties.tags.uniqueItems = true;
  }),
  values("unknown fields are allowed", (s) => {
    delete s.additionalProperties;
  }),
  values("an order of fields", (s) => {
    s.required.reverse();
  }),
  values("an order of values", (s) => {
    s.properties.kind.enum.reverse();
  }),
  values("another name of a definition", (s) => {
    s.$defs = { item: JSON.parse(JSON.stringify(s.$defs.node).replaceAll("node", "item")) };
    s.properties.tree.$ref = "#/$defs/item";
  }),
  values("a type instead of a union", (s) => {
    s.properties.owner = { ...owner(s), type: ["object", "null"] };
  }),
  values("a title", (s) => {
    s.title = "Ticket";
  }),
  values("a format", (s) => {
    s.properties.title.format = "email";
  }),
  values("a definition that nothing uses", (s) => {
    s.$defs.other = { type: "string" };
  }),
  { edit: "nothing", grade: "none", change: () => {} },
];

/** The schema with an edit. */
function edited({ change }: Edit): Schema {
  const schema = structuredClone(SCHEMA);
  change(schema);
  return schema;
}

it.each(EDITS)("an edit of an answer schema: $edit", async (edit) => {
  const [from, to] = await Promise.all([SCHEMA, edited(edit)].map((schema) => compileSchema(schema)));
  if (from === undefined || to === undefined) throw new Error("It was not compiled.");
  const { grade, changes } = compareCompiled(from, to);
  const ofType = changes.filter(({ message }) => !message.startsWith("output_schema"));
  expect([grade, ofType.map(({ message }) => message)]).toEqual([edit.grade, edit.messages ?? []]);
});
