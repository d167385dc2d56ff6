import { isObject } from "../../prompt.ts";
import { type ByName, checkOf, type Keywords, type Schema, type SchemaChecks, targetOf } from "./schema.ts";
import { accepts, addProblem, attempt, type Look, type PlacedMessage, refer, run, step } from "./walk.ts";
import { cut, MAX_SHOWN } from "./words.ts";

export function reference(ref: string, checks: SchemaChecks): Look {
  const check = checkOf(checks, targetOf(checks.root, ref));
  return (value) => refer(check, value);
}

export function allOf(schemas: readonly Schema[], checks: SchemaChecks): Look {
  const parts = checksOf(schemas, checks);
  return (value) => {
    for (const part of parts) run(part, value);
  };
}

export function anyOf(schemas: readonly Schema[], checks: SchemaChecks): Look {
  const parts = checksOf(schemas, checks);
  return (value) => {
    const failures: (readonly PlacedMessage[])[] = [];
    for (const part of parts) {
      const problems = attempt(part, value);
      if (problems.length === 0) return;
      failures.push(problems);
    }
    explain(failures);
  };
}

export function oneOf(schemas: readonly Schema[], checks: SchemaChecks): Look {
  const parts = checksOf(schemas, checks);
  return (value) => {
    const failures = parts.map((part) => attempt(part, value)).filter((problems) => problems.length > 0);
    if (failures.length === parts.length) explain(failures);
    else if (failures.length < parts.length - 1) addProblem("must match exactly one schema in oneOf");
  };
}

function checksOf(schemas: readonly Schema[], checks: SchemaChecks) {
  return schemas.map((one) => checkOf(checks, one));
}

/** Where alternatives are of the right type but for something inside them, that something is what is wrong. */
function explain(failures: readonly (readonly PlacedMessage[])[]): void {
  const all = failures.flat();
  step(all.length);
  const near = failures.filter((problems) => problems.some((one) => one.place !== undefined));
  for (const { message, place } of near.flat()) addProblem(message, place);
  if (near.length > 0) return;
  const messages = [...new Set(all.map((one) => one.message))];
  const more = messages.length > MAX_SHOWN ? ` or ${messages.length - MAX_SHOWN} more` : "";
  addProblem(cut(messages.slice(0, MAX_SHOWN).join(" or ")) + more);
}

export function not(one: Schema, checks: SchemaChecks): Look {
  const check = checkOf(checks, one);
  return (value) => {
    if (accepts(check, value)) addProblem("must NOT be valid");
  };
}

export function condition(one: Schema, checks: SchemaChecks, schema: Keywords): Look {
  const check = checkOf(checks, one);
  const yes = checkOf(checks, schema.then ?? true);
  const no = checkOf(checks, schema.else ?? true);
  return (value) => run(accepts(check, value) ? yes : no, value);
}

export function dependentSchemas(byName: ByName<Schema>, checks: SchemaChecks): Look {
  const parts = Object.entries(byName).map(([name, one]) => [name, checkOf(checks, one)] as const);
  return (value) => {
    if (!isObject(value)) return;
    step(parts.length);
    for (const [name, check] of parts) if (Object.hasOwn(value, name)) run(check, value);
  };
}
