import type { Field, ObjectType, Output, OutputType } from "../../../answers/output-type.ts";
import { unionOf } from "../../../answers/output-type.ts";
import type { JsonValue } from "../../../prompt.ts";
import type { CompiledPrompt } from "../../compiled-prompt.ts";
import { memberKey, stringLiteral } from "../escape-js.ts";
import { descriptionDoc } from "./jsdoc.ts";

/** The declarations about a model's answers; undefined if the version has no schema. */
export function outputTypes({ output }: CompiledPrompt) {
  if (output === undefined) return undefined;
  return { types: declarations(output.type), schemaType: literalType(output.schema) };
}

function declarations({ type, named, description }: Output): readonly string[] {
  /** By `$ref`: the name of the type that it's declared as. */
  const names = new Map<string, string>([["#", "Output"]]);
  const textOf = (type: OutputType, indent: string): string => {
    switch (type.kind) {
      case "literal":
        return literalType(type.value);
      case "array":
        return listOf(type.items, indent);
      case "tuple": {
        const each = type.items.map((one, at) => {
          const text = textOf(one, indent);
          if (at < type.required) return text;
          // In a tuple, an optional union needs parentheses.
          return one.kind === "any-of" ? `(${text})?` : `${text}?`;
        });
        const rest = type.rest.kind === "never" ? [] : [`...${listOf(type.rest, indent)}`];
        return `[${[...each, ...rest].join(", ")}]`;
      }
      case "object":
        return objectOf(type, indent);
      case "any-of":
        return type.types.map((one) => textOf(one, indent)).join(" | ");
      case "named":
        return nameOf(type.name);
      default:
        return type.kind;
    }
  };
  const listOf = (items: OutputType, indent: string): string => {
    const text = textOf(items, indent);
    return items.kind === "any-of" ? `(${text})[]` : `${text}[]`;
  };
  const objectOf = ({ fields, rest }: ObjectType, indent: string): string => {
    const inner = `${indent}  `;
    const lines = fields.flatMap(({ name, type, optional, description }) => [
      ...(description === undefined ? [] : descriptionDoc(description)),
      `${memberKey(name)}${optional ? "?" : ""}: ${textOf(type, inner)};`,
    ]);
    const others = restOf(fields, rest);
    if (others !== undefined) lines.push(`[key: string]: ${textOf(others, inner)};`);
    return `{\n${lines.map((line) => `${inner}${line}\n`).join("")}${indent}}`;
  };
  /** `OutputAddress` for `#/$defs/address`. */
  const nameOf = (ref: string): string => {
    const known = names.get(ref);
    if (known !== undefined) return known;
    const last = decodeName(ref.split("/").at(-1) ?? "")
      .replace(/\W+/g, "_")
      .slice(0, 40);
    const base = `Output${last.slice(0, 1).toUpperCase()}${last.slice(1)}`;
    const taken = new Set(names.values());
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    names.set(ref, name);
    return name;
  };
  const declared = [`export type Output = ${textOf(type, "")};`];
  // A declaration can name others: the map grows while we read it.
  for (const [ref, name] of names) {
    const one = named.get(ref);
    if (ref !== "#" && one !== undefined) declared.push(`type ${name} = ${textOf(one, "")};`);
  }
  const doc = descriptionDoc(description ?? "What a model answers.");
  return [...doc, ...declared].flatMap((text) => text.split("\n"));
}

/** What is read with a key that no field has. Its own type only helps if it holds for the fields too. */
function restOf(fields: readonly Field[], rest: OutputType): OutputType | undefined {
  if (fields.length === 0) return rest;
  if (rest.kind === "never" || rest.kind === "unknown") return undefined;
  return fields.some(({ optional }) => optional)
    ? { kind: "unknown" }
    : unionOf([rest, ...fields.map(({ type }) => type)]);
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
