// What providers document of the JSON Schemas that they accept for an answer, as of December 2026.
type Schema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Each schema in a schema, the root first. */
function* schemasIn(schema: unknown): Generator<Schema> {
  if (!isObject(schema)) return;
  yield schema;
  for (const [key, inside] of Object.entries(schema)) {
    if (["enum", "const", "default", "required"].includes(key)) continue;
    const isMap = ["properties", "$defs", "definitions", "patternProperties"].includes(key);
    const found = Array.isArray(inside)
      ? inside
      : isMap && isObject(inside)
        ? Object.values(inside)
        : [inside];
    for (const one of found) yield* schemasIn(one);
  }
}

const OPENAI_REFUSES =
  "allOf oneOf not if then else dependentRequired dependentSchemas patternProperties propertyNames prefixItems contains uniqueItems unevaluatedProperties unevaluatedItems minProperties maxProperties".split(
    " ",
  );
const FORMATS = "date-time time date duration email hostname ipv4 ipv6 uuid".split(" ");

/** https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas, with `strict: true` */
function openaiProblem(root: Schema): string | undefined {
  if (root.type !== "object" || root.anyOf !== undefined) return "the root isn't an object";
  for (const schema of schemasIn(root)) {
    const refused = OPENAI_REFUSES.find((keyword) => keyword in schema);
    if (refused !== undefined) return `${refused} isn't permitted`;
    if (schema.format !== undefined && !FORMATS.includes(String(schema.format))) return "an unknown format";
    if (schema.type !== "object" && schema.properties === undefined) continue;
    if (schema.additionalProperties !== false) return "additionalProperties has to be false";
    const required = Array.isArray(schema.required) ? schema.required : [];
    const left = Object.keys(schema.properties ?? {}).find((key) => !required.includes(key));
    if (left !== undefined) return `${left} has to be in required`;
  }
  return undefined;
}

const ANTHROPIC_REFUSES =
  "oneOf not if then else minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems uniqueItems contains prefixItems patternProperties propertyNames minProperties maxProperties".split(
    " ",
  );

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations */
function anthropicProblem(root: Schema): string | undefined {
  for (const schema of schemasIn(root)) {
    const refused = ANTHROPIC_REFUSES.find((keyword) => keyword in schema);
    if (refused !== undefined) return `${refused} isn't supported`;
    if (schema.type === "object" && schema.additionalProperties !== false)
      return "additionalProperties has to be false";
    if (![undefined, 0, 1].includes(schema.minItems as number)) return "minItems has to be 0 or 1";
    if (schema.format !== undefined && ![...FORMATS, "uri"].includes(String(schema.format)))
      return "an unknown format";
    if (
      Array.isArray(schema.enum) &&
      schema.enum.some((value) => typeof value === "object" && value !== null)
    )
      return "an enum of objects";
  }
  return isRecursive(root, () => true) ? "a recursive schema" : undefined;
}

/** `responseJsonSchema` in the types of @google/genai: what it doesn't know is ignored. */
function googleProblem(root: Schema): string | undefined {
  const isRequired = (schema: Schema, key: string) =>
    (schema.required as string[] | undefined)?.includes(key) ?? false;
  if (isRecursive(root, isRequired)) return "a cycle that isn't in an optional property";
  const mixed = [...schemasIn(root)].find(
    (schema) => "$ref" in schema && Object.keys(schema).some((key) => !key.startsWith("$")),
  );
  return mixed === undefined ? undefined : "something next to $ref";
}

/** Does a schema lead back to itself through `$ref`, over the properties that count? */
function isRecursive(root: Schema, counts: (schema: Schema, property: string) => boolean): boolean {
  const visit = (schema: unknown, open: readonly unknown[]): boolean => {
    if (!isObject(schema)) return false;
    if (open.includes(schema)) return true;
    const inside = [...open, schema];
    const ref = schema.$ref;
    const target =
      typeof ref === "string"
        ? ref
            .split("/")
            .slice(1)
            .reduce<unknown>((at, key) => (at as Schema)?.[key], root)
        : undefined;
    const properties = Object.entries((schema.properties ?? {}) as Schema).filter(([key]) =>
      counts(schema, key),
    );
    const others = ["items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems"].flatMap(
      (key) => schema[key] ?? [],
    );
    return [target, ...properties.map(([, one]) => one), ...others].some((one) => visit(one, inside));
  };
  return visit(root, []);
}

interface Body {
  readonly response_format?: {
    readonly json_schema?: { readonly strict?: boolean; readonly schema: Schema };
  };
  readonly text?: { readonly format?: { readonly strict?: boolean; readonly schema: Schema } };
  readonly output_config?: { readonly format?: { readonly schema: Schema } };
  readonly generationConfig?: { readonly responseJsonSchema?: Schema };
  readonly responseFormat?: { readonly schema?: Schema };
  readonly providerOptions?: { readonly openai?: { readonly strictJsonSchema?: boolean } };
}

/** Why a provider answers a request with 400, if it does. For the gateway of `ai` it's what OpenAI says, as its package asks. */
export function refusal(body: object): string | undefined {
  const { response_format, text, output_config, generationConfig, responseFormat, providerOptions } =
    body as Body;
  const strict = [response_format?.json_schema, text?.format].find((one) => one?.strict)?.schema;
  const viaGateway = providerOptions?.openai?.strictJsonSchema === false ? undefined : responseFormat?.schema;
  const openai = strict ?? viaGateway;
  const anthropic = output_config?.format?.schema;
  const google = generationConfig?.responseJsonSchema;
  if (openai) return openaiProblem(openai);
  if (anthropic) return anthropicProblem(anthropic);
  return google && googleProblem(google);
}
