import Ajv2020 from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import jsTokens from "js-tokens";
import type { JsonObject } from "../../prompt.ts";
import { stringLiteral } from "../3-emit/escape-js.ts";
import type { ReadSchema } from "./read-schema.ts";
import { SchemaProblem } from "./schema-problem.ts";
import { EVALUATED_KEYWORDS } from "./track-evaluated.ts";

/** A function that checks a value, as code. */
export interface ValidatorCode {
  /** An expression. */
  readonly code: string;
  /** Names that it uses from the output helper, sorted. */
  readonly helpers: readonly string[];
}

const QUIET = { strict: false, validateFormats: false, logger: false } as const;
let schemaOfSchemas: Ajv2020.default | undefined;

/**
 * Refuses a schema whose keywords have values that they cannot have.
 *
 * @throws SchemaProblem
 */
export function checkKeywords({ $schema: _, ...schema }: JsonObject): void {
  schemaOfSchemas ??= new Ajv2020.default(QUIET);
  if (schemaOfSchemas.validateSchema(schema) === true) return;
  const [error] = schemaOfSchemas.errors ?? [];
  const path = (error?.instancePath ?? "").split("/").slice(1);
  throw new SchemaProblem(
    path.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")),
    `${path.length === 0 ? "it" : path.at(-1)} ${error?.message}`,
  );
}

/**
 * Calls of generated functions for one answer. Where alternatives look alike, each level of a recursive schema takes
 * twice the calls of the one below; a number of them that no answer needs is an error, and no minute of waiting.
 */
const MOST_CALLS = 100_000;

/** What the generated code asks for of ajv, which no application has; the output helper has the same. */
const RUNTIME = { equal: "equal", ucs2length: "lengthOf" } as const;

/**
 * The code that checks a value against a schema, of ajv: every problem, and not the first alone.
 *
 * @throws SchemaProblem for what ajv refuses
 */
export function validatorCode({ schema, hasInheritedNames, hasUnevaluated }: ReadSchema): ValidatorCode {
  const ajv = new Ajv2020.default({
    ...QUIET,
    allErrors: true,
    // Of a large schema that is named often there would be as many copies.
    inlineRefs: 10,
    meta: false,
    validateSchema: false,
    // Costs time: only own properties count, where a name is one that every object has.
    ownProperties: hasInheritedNames,
    code: { source: true, lines: true },
  });
  ajv.addVocabulary([...EVALUATED_KEYWORDS]);
  // Its constructor sets it. What is evaluated costs code and time, and is only right with the keywords above.
  ajv.opts.unevaluated = hasUnevaluated;
  let code: string;
  try {
    code = standaloneCode.default(ajv, ajv.compile(schema));
  } catch (error) {
    throw new SchemaProblem([], (error as Error).message);
  }
  return asExpression(code);
}

const EXPORT = /module\.exports = (\w+);\s?module\.exports\.default = \w+;/;
const REQUIRE = /const (\w+) = require\("ajv\/dist\/runtime\/(equal|ucs2length)"\)\.default;/g;

/**
 * One function, pure for a bundler. Between double quotes ajv writes all that comes from the schema: what would end a
 * script or steer a tool that looks into our code is written anew there.
 */
function asExpression(module: string): ValidatorCode {
  const helpers = new Set<string>();
  const [found, name] = EXPORT.exec(module) ?? [];
  if (found === undefined) throw new TypeError("The code of ajv has another form than expected.");
  const body = module
    .replace(found, "")
    .replace(REQUIRE, (_, variable: string, helper: keyof typeof RUNTIME) => {
      helpers.add(RUNTIME[helper]);
      return `const ${variable} = ${RUNTIME[helper]};`;
    });
  const tokens = [...jsTokens(body)];
  const uses = new Map<string, number>();
  for (const { type, value } of tokens)
    if (type === "IdentifierName") uses.set(value, (uses.get(value) ?? 0) + 1);
  const texts = tokens.map(({ type, value }, at) => {
    const isCalled = value === "require" && tokens[at - 1]?.value !== ".";
    if (type === "IdentifierName" && isCalled) throw new TypeError("The code of ajv needs ajv.");
    return type === "StringLiteral" ? stringLiteral(JSON.parse(value)) : value;
  });
  // A schema is there for what errors say of it, which is seldom anything.
  const isUnused = (line: string) => uses.get(/^const (schema\d+) = /.exec(line)?.[1] ?? "") === 1;
  const statements = texts
    .join("")
    .split("\n")
    .filter((line) => line !== "" && line !== '"use strict";' && !isUnused(line));
  const lines = statements.map((line) =>
    /^function \w+\(data, \{/.test(line)
      ? `${line}\n${COUNT}`
      : line.replace(NO_INDICES, "$1{ __proto__: null };"),
  );
  return {
    code: `/* @__PURE__ */ (() => {\nlet calls = 0;\n${lines.join("\n")}\n${countedFrom(name as string)}\n})()`,
    helpers: [...helpers].sort(),
  };
}

/** `uniqueItems` keeps the texts of a list as names of an object, which cannot hold `__proto__`. */
const NO_INDICES = /^(const indices\d+ = )\{\};$/;

const COUNT = `if (++calls > ${MOST_CALLS}) throw new RangeError();`;

/** The validator, which begins to count anew for each answer. */
function countedFrom(name: string): string {
  return `const validate = (data) => {
calls = 0;
const fits = ${name}(data);
validate.errors = ${name}.errors;
return fits;
};
return validate;`;
}
