import { resolve } from "node:path";
import type { SchemaProblem } from "../../answers/parse-pattern.ts";
import { type Problems, reportProblem } from "../../client/connection/check-value.ts";
import { isObject, type JsonObject, type JsonValue } from "../../prompt.ts";
import { isThere, readConfigText } from "./config-files.ts";

interface SchemaPlace {
  /** Of the option, for messages. */
  readonly name: string;
  /** What a path is relative to. */
  readonly base: string;
  /** Reports a file that isn't the project's. */
  readonly mayRead: (file: string) => Promise<boolean>;
}

/**
 * The schema that an option is, or that its file holds.
 *
 * @param files gets the text of each file that's read, by path
 */
export async function readMetadataSchema(
  option: JsonObject | string | undefined,
  { name, base, mayRead, ...problems }: Problems & SchemaPlace,
  files: Map<string, string | undefined>,
): Promise<JsonObject | undefined> {
  if (option === undefined) return undefined;
  let schema: JsonValue = option;
  if (typeof option === "string") {
    const path = resolve(base, option);
    if (!(await mayRead(path))) return undefined;
    const text = isThere(path) ? readConfigText(path) : undefined;
    files.set(path, text);
    if (text === undefined) return reportProblem(problems, `There's no file for ${name}: ${option}`);
    try {
      schema = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch {
      // Without the parser's message: a file that isn't JSON can hold anything.
      return reportProblem(problems, `The file for ${name} isn't JSON: ${option}`);
    }
  }
  if (!isObject(schema)) return reportProblem(problems, `${name} isn't a JSON Schema: it must be an object.`);
  if (![schema.type ?? "object"].flat().includes("object"))
    return reportProblem(problems, `${name} must describe an object, as metadata always is one.`);
  const { checkSchema } = await import("../../answers/check-schema.ts");
  try {
    // Metadata always is one, and without it a schema that only has properties says nothing of a type.
    const ofObject = { type: "object", ...schema };
    checkSchema(ofObject);
    return ofObject;
  } catch (error) {
    const { message, path } = error as SchemaProblem;
    if (!Array.isArray(path)) throw error;
    const where = path.length === 0 ? "" : ` at ${path.join(".")}`;
    return reportProblem(problems, `${name} can't be used as a JSON Schema${where}: ${message}.`);
  }
}
