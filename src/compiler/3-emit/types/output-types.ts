import type { Field, ObjectType, Output, OutputType } from "../../../answers/output-type.ts";
import { unionOf } from "../../../answers/output-type.ts";
import type { JsonValue } from "../../../prompt.ts";
import type { CompiledPrompt } from "../../compiled-prompt.ts";
import { memberKey, stringLiteral } from "../escape-js.ts";
import { descriptionDoc } from "./jsdoc.ts";

/** The declarations about a model's answers; undefined if the version has no schema. */
export function outputTypes({ output }: CompiledPrompt) {
  if (output === undefined) return undefined;
  const doc = descriptionDoc(output.type.description ?? "What a model answers.");
  const [own = "", ...others] = declarations(output.type, { name: "Output" });
  const types = [...doc, `export ${own}`, ...others].flatMap((text) => text.split("\n"));
  return { types, schemaType: literalType(output.schema) };
}

/** How a type is written. */
interface TypeStyle {
  /** Of its declaration; those that it names begin with it. */
  readonly name: string;
  /** Nothing of it can be changed. Default false: SDKs don't accept readonly lists. */
  readonly isReadonly?: boolean;
  /** The type of a value that the schema leaves open. Default `unknown`. */
  readonly open?: string;
  /** Types with the fields that the schema doesn't name. Default none. */
  readonly others?: readonly string[];
}

/** The declarations of a type and of what it names, each with its semicolon. */
export function declarations(
  { type, named }: Output,
  { name: ownName, isReadonly = false, open = "unknown", others = [] }: TypeStyle,
): readonly string[] {
  /** By `$ref`: the name of the type that it's declared as. */
  const names = new Map<string, string>([["#", ownName]]);
  const readonlyText = isReadonly ? "readonly " : "";
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
        return `${readonlyText}[${[...each, ...rest].join(", ")}]`;
      }
      case "object":
        return objectOf(type, indent);
      case "any-of":
        return type.types.map((one) => textOf(one, indent)).join(" | ");
      case "named":
        return nameOf(type.name);
      case "unknown":
        return open;
      default:
        return type.kind;
    }
  };
  const listOf = (items: OutputType, indent: string): string => {
    const text = textOf(items, indent);
    const isPart = items.kind === "any-of" || (isReadonly && /^(?:array|tuple)$/.test(items.kind));
    return isPart ? `${readonlyText}(${text})[]` : `${readonlyText}${text}[]`;
  };
  const objectOf = ({ fields, rest }: ObjectType, indent: string): string => {
    const inner = `${indent}  `;
    const lines = fields.flatMap(({ name, type, optional, description }) => [
      ...(description === undefined ? [] : descriptionDoc(description)),
      `${readonlyText}${memberKey(name)}${optional ? "?" : ""}: ${textOf(type, inner)};`,
    ]);
    const more = restOf(fields, rest);
    if (more !== undefined) lines.push(`${readonlyText}[key: string]: ${textOf(more, inner)};`);
    return `{\n${lines.map((line) => `${inner}${line}\n`).join("")}${indent}}`;
  };
  /** `OutputAddress` for `#/$defs/address`. */
  const nameOf = (ref: string): string => {
    const known = names.get(ref);
    if (known !== undefined) return known;
    const last = decodeName(ref.split("/").at(-1) ?? "")
      .replace(/\W+/g, "_")
      .slice(0, 40);
    const base = `${ownName}${last.slice(0, 1).toUpperCase()}${last.slice(1)}`;
    const taken = new Set(names.values());
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    names.set(ref, name);
    return name;
  };
  const own = others.length > 0 && type.kind === "any-of" ? `(${textOf(type, "")})` : textOf(type, "");
  const declared = [`type ${ownName} = ${[own, ...others].join(" & ")};`];
  // A declaration can name others: the map grows while we read it.
  for (const [ref, name] of names) {
    const one = named.get(ref);
    if (ref !== "#" && one !== undefined) declared.push(`type ${name} = ${textOf(one, "")};`);
  }
  return declared;
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
