import type { Field, ObjectType, Output, OutputType } from "../../../contract/output/output-type.ts";
import { anyOf } from "../../../contract/output/output-type.ts";
import type { JsonValue } from "../../../prompt.ts";
import type { CompiledPrompt } from "../../compiled-prompt.ts";
import { memberKey, stringLiteral } from "../escape-js.ts";
import { descriptionDoc } from "./jsdoc.ts";

/** The declarations about a model's answers; undefined if the version has no schema. */
export function outputTypes({ output }: CompiledPrompt) {
  if (output === undefined) return undefined;
  return { types: new OutputTypes(output.type).lines(), schemaType: literalType(output.schema) };
}

class OutputTypes {
  readonly #output: Output;
  /** By `$ref`: the name of the type that it's declared as. */
  readonly #names = new Map<string, string>([["#", "Output"]]);

  constructor(output: Output) {
    this.#output = output;
  }

  lines(): readonly string[] {
    const { type, named, description } = this.#output;
    const declared = [`export type Output = ${this.#text(type, "")};`];
    // A declaration can name others: the map grows while we read it.
    for (const [ref, name] of this.#names) {
      const one = named.get(ref);
      if (ref !== "#" && one !== undefined) declared.push(`type ${name} = ${this.#text(one, "")};`);
    }
    const doc = descriptionDoc(description ?? "What a model answers.");
    return [...doc, ...declared].flatMap((text) => text.split("\n"));
  }

  #text(type: OutputType, indent: string): string {
    switch (type.kind) {
      case "literal":
        return literalType(type.value);
      case "array":
        return this.#listOf(type.items, indent);
      case "tuple": {
        const each = type.items.map((one, at) => {
          const text = this.#text(one, indent);
          if (at < type.required) return text;
          // In a tuple, an optional union needs parentheses.
          return one.kind === "any-of" ? `(${text})?` : `${text}?`;
        });
        const rest = type.rest.kind === "never" ? [] : [`...${this.#listOf(type.rest, indent)}`];
        return `[${[...each, ...rest].join(", ")}]`;
      }
      case "object":
        return this.#object(type, indent);
      case "any-of":
        return type.types.map((one) => this.#text(one, indent)).join(" | ");
      case "named":
        return this.#name(type.name);
      default:
        return type.kind;
    }
  }

  #listOf(items: OutputType, indent: string): string {
    const text = this.#text(items, indent);
    return items.kind === "any-of" ? `(${text})[]` : `${text}[]`;
  }

  #object({ fields, rest }: ObjectType, indent: string): string {
    const inner = `${indent}  `;
    const lines = fields.flatMap(({ name, type, optional, description }) => [
      ...(description === undefined ? [] : descriptionDoc(description)),
      `${memberKey(name)}${optional ? "?" : ""}: ${this.#text(type, inner)};`,
    ]);
    const others = this.#rest(fields, rest);
    if (others !== undefined) lines.push(`[key: string]: ${this.#text(others, inner)};`);
    return `{\n${lines.map((line) => `${inner}${line}\n`).join("")}${indent}}`;
  }

  /** What is read with a key that no field has. Its own type only helps if it holds for the fields too. */
  #rest(fields: readonly Field[], rest: OutputType): OutputType | undefined {
    if (fields.length === 0) return rest;
    if (rest.kind === "never" || rest.kind === "unknown") return undefined;
    return fields.some(({ optional }) => optional)
      ? { kind: "unknown" }
      : anyOf([rest, ...fields.map(({ type }) => type)]);
  }

  /** `OutputAddress` for `#/$defs/address`. */
  #name(ref: string): string {
    const known = this.#names.get(ref);
    if (known !== undefined) return known;
    const last = decodeName(ref.split("/").at(-1) ?? "")
      .replace(/\W+/g, "_")
      .slice(0, 40);
    const base = `Output${last.slice(0, 1).toUpperCase()}${last.slice(1)}`;
    const taken = new Set(this.#names.values());
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    this.#names.set(ref, name);
    return name;
  }
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A type with only this value. Mutable throughout: SDKs don't accept readonly lists. */
function literalType(value: JsonValue): string {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "number";
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(literalType).join(", ")}]`;
  const members = Object.entries(value).map(
    ([key, item]) => `${memberKey(key)}: ${literalType(item as JsonValue)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
}
