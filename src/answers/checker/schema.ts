import type { JsonValue } from "../../prompt.ts";
import type { Patterns } from "./patterns.ts";
import type { Check, Look, TypeName } from "./walk.ts";

export type ByName<T> = Readonly<Record<string, T>>;

/** The keywords that decide something. A build has checked that their values are of the right kind. */
export interface Keywords {
  readonly $ref?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly const?: JsonValue;
  readonly enum?: readonly JsonValue[];
  readonly multipleOf?: number;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly exclusiveMaximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly pattern?: string;
  readonly uniqueItems?: boolean;
  readonly required?: readonly string[];
  readonly dependentRequired?: ByName<readonly string[]>;
  readonly propertyNames?: Schema;
  readonly properties?: ByName<Schema>;
  readonly patternProperties?: ByName<Schema>;
  readonly additionalProperties?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly contains?: Schema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly dependentSchemas?: ByName<Schema>;
  readonly unevaluatedProperties?: Schema;
  readonly unevaluatedItems?: Schema;
}

export type Schema = boolean | Keywords;

/** The checks of a schema and of all that are in it. */
export interface SchemaChecks {
  readonly root: Schema;
  readonly patterns: Patterns;
  readonly made: Map<Schema, Check>;
  /** Those that are still to be made. */
  readonly waiting: Schema[];
}

/** Makes what a keyword looks at, of its value. */
export type MakeLook<Value> = (value: Value, checks: SchemaChecks, schema: Keywords) => Look;

/** The check of a schema. It can be run once all of them are made. */
export function checkOf(checks: SchemaChecks, schema: Schema): Check {
  const known = checks.made.get(schema);
  if (known !== undefined) return known;
  const check = {} as Check;
  checks.made.set(schema, check);
  checks.waiting.push(schema);
  return check;
}

/** What a `$ref` inside a schema points at. */
export function targetOf(root: Schema, ref: string): Schema {
  let at: unknown = root;
  for (const part of ref.split("/").slice(1))
    at = (at as ByName<unknown>)[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")];
  return at as Schema;
}
