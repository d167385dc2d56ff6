import { ValidationError } from "../errors/classes.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import { MissingVariableError } from "../errors/render-errors.ts";
import {
  type ChatMessage,
  DEFAULT_ROLES,
  type JsonObject,
  type JsonValue,
  type Label,
  mapRole,
  type PromptRef,
  type PromptStatus,
  type PromptType,
  type PromptVersionData,
  pinText,
  type Roles,
  type Value,
} from "../prompt.ts";
import { parseScope, type TemplatePart, variablesOf } from "../template/parse-scope.ts";

/** A text prompt's template, or a chat prompt's messages as templates. */
export type ContentOf<T extends PromptType> = T extends "text" ? string : readonly ChatMessage[];
/** The result of rendering: a text, or a new array of messages. */
export type RenderedOf<T extends PromptType> = T extends "text" ? string : ChatMessage[];

/**
 * A version as the client returns it. `type` says text or chat, also to the compiler:
 *
 * @example if (version.type === "text") version.render({ name: "Ada" }).trim();
 */
export type AnyPromptVersion = PromptVersion<"text"> | PromptVersion<"chat">;

/** One version of a prompt. Frozen, and shared by all callers. */
export class PromptVersion<T extends PromptType = PromptType> {
  /** Version ID (`version_…`). */
  readonly id!: string;
  readonly promptId!: string;
  readonly versionNumber!: number;
  /** What was asked for: the prompt's name or ID. */
  readonly name: string;
  /** What was asked for; undefined for one version by ID. */
  readonly label: Label | undefined;
  readonly type!: T;
  readonly status!: PromptStatus;
  readonly isProduction!: boolean;
  /** Verbatim, with its variables in braces and its roles as stored. */
  readonly content!: ContentOf<T>;
  readonly metadata!: JsonObject;
  /** Its tags on the platform; undefined if the platform doesn't send them. */
  readonly tags!: readonly string[] | undefined;
  /** When it was promoted to production, ISO 8601; undefined for a version that never was, or if unknown. */
  readonly promotedAt!: string | undefined;
  /** Who promoted it: the platform's ID of a user; undefined for a version that nobody promoted, or if unknown. */
  readonly promotedBy!: string | undefined;
  /** ISO 8601, as the platform wrote it; empty if it didn't. */
  readonly createdAt!: string;
  readonly updatedAt!: string;
  readonly #data: PromptVersionData;
  readonly #roles: Roles;
  #templates: ReturnType<typeof parseContent> | undefined;

  /** @param roles the roles of rendered messages, by the stored ones. Default: the ones that model SDKs know */
  constructor(ref: PromptRef, data: PromptVersionData, roles: Roles = DEFAULT_ROLES) {
    const { declaredVariables: _, declaredType: __, ...fields } = data;
    Object.assign(this, fields);
    this.name = ref.name;
    this.label = ref.pin.kind === "label" ? ref.pin.label : undefined;
    this.#data = data;
    this.#roles = roles;
    Object.freeze(this);
  }

  /** The plain decoded data of `version`, with the platform's declarations. */
  static dataOf(version: PromptVersion): PromptVersionData {
    return version.#data;
  }

  /** Names of the variables, in order of first use. Read from the template, not from the platform's declarations. */
  get variables(): readonly string[] {
    return this.#parsed().variables;
  }

  /**
   * One value of the metadata, or `fallback` (default `undefined`) if that key doesn't exist.
   *
   * @example version.getMetadata("model", "small")
   */
  getMetadata<F = undefined>(key: string, fallback?: F): JsonValue | NoInfer<F> {
    return (Object.hasOwn(this.metadata, key) ? this.metadata[key] : fallback) as JsonValue | NoInfer<F>;
  }

  get isDraft(): boolean {
    return this.status === "draft";
  }
  get isPublished(): boolean {
    return this.status === "published";
  }
  get isArchived(): boolean {
    return this.status === "archived";
  }

  /**
   * Fills the template with values, each as it is: in one pass, so no value is read as template text or changes a role.
   * Roles are the ones that model SDKs know: `HUMAN` becomes `user`. The client's `roles` option changes that. Names
   * that the platform declares but the template doesn't use are accepted.
   *
   * @throws ValidationError `variable_unknown` for any other name; `variable_invalid` for a value that isn't a string,
   * number, bigint or boolean
   * @throws MissingVariableError `variable_missing`, naming all missing variables
   * @example version.render({ name: "Ada" }) // "Hello Ada!"
   */
  render(variables: Readonly<Record<string, Value>> = {}): RenderedOf<T> {
    const templates = this.#parsed();
    const known = [...templates.variables, ...(this.#data.declaredVariables ?? [])];
    const unknown = Object.keys(variables).filter((name) => !known.includes(name));
    if (unknown.length > 0) throw unknownVariables(unknown, known, this.name);
    const texts = fillParts(templates.parts, templates.variables, variables, this.name);
    const rendered =
      typeof this.content === "string"
        ? texts[0]
        : (this.content as readonly ChatMessage[]).map(({ role }, index) => ({
            role: mapRole(role, this.#roles),
            content: texts[index] as string,
          }));
    return rendered as RenderedOf<T>;
  }

  toJSON(): Record<string, unknown> {
    return { ...(this as PromptVersion), variables: this.variables };
  }

  toString(): string {
    return `PromptVersion ${this.name} version ${this.versionNumber} (${this.label ?? this.id})`;
  }

  #parsed() {
    this.#templates ??= parseContent(this.#data.content);
    return this.#templates;
  }
}

/**
 * The plain data of a version, as the build needs it.
 *
 * @example versionData(await client.getPromptVersion("greeting")).declaredVariables
 */
export function versionData(version: PromptVersion): PromptVersionData {
  return PromptVersion.dataOf(version);
}

/** How what the platform declares, type or variables, differs from the content, as a sentence; else undefined. */
export function versionWarning(ref: PromptRef, version: PromptVersion): string | undefined {
  const { declaredVariables: declared, declaredType } = PromptVersion.dataOf(version);
  const prompt = `Prompt "${ref.name}" (${pinText(ref.pin)}, version ${version.versionNumber})`;
  if (declaredType !== undefined)
    return `${prompt} came with prompt_type "${declaredType}" and one plain text: it's used as a text prompt.`;
  if (declared === null) return undefined;
  const used = new Set(version.variables);
  const known = new Set(declared);
  const listed = (names: readonly string[]) => {
    const rest = names.length - MAX_NAMED;
    return `${names.slice(0, MAX_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  };
  const unused = [...known].filter((name) => !used.has(name));
  const undeclared = [...used].filter((name) => !known.has(name));
  const parts = [
    unused.length > 0 && `declares ${listed(unused)}, which it doesn't use`,
    undeclared.length > 0 && `uses ${listed(undeclared)}, which it doesn't declare`,
  ].filter(Boolean);
  if (parts.length === 0) return undefined;
  return `${prompt} ${parts.join(" and ")}. What counts is its template.`;
}

const MAX_NAMED = 10;

/** The parts of each message, of a text as one, and the variables of all. */
function parseContent(content: string | readonly ChatMessage[]) {
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  const parts = texts.map(parseScope);
  return { parts, variables: Object.freeze(variablesOf(parts.flat())) };
}

function unknownVariables(
  unknown: readonly string[],
  known: readonly string[],
  prompt: string,
): ValidationError {
  const [first] = unknown as readonly [string];
  const all = known.length === 0 ? "It has no variables." : `It has ${known.join(", ")}.`;
  return new ValidationError(`Prompt "${prompt}" has no variable ${unknown.join(", ")}.`, {
    code: "variable_unknown",
    field: "variables",
    value: unknown,
    where: { prompt },
    hint: didYouMean(first, known, all),
  });
}

/**
 * Fills the parsed templates of a prompt in one pass: a value comes out as it is and is never read as template text.
 * Only own properties of `values` count, so `{{constructor}}` needs a value like any other; unknown ones are ignored.
 *
 * @param names of the variables of all templates
 * @param prompt the prompt's name, for the error
 * @throws MissingVariableError `variable_missing`: no value, `null` or `undefined`; names everything that is missing
 * @throws ValidationError `variable_invalid`: a value that isn't a string, number, bigint or boolean
 * @example fillParts([parseScope("Hello {{name}}!")], ["name"], { name: "Ada" }, "greeting") // ["Hello Ada!"]
 */
export function fillParts(
  templates: readonly (readonly TemplatePart[])[],
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  prompt: string,
): string[] {
  const missingVariables = names.filter((name) => !Object.hasOwn(values, name) || values[name] == null);
  if (missingVariables.length > 0) {
    // The helper of emitted modules uses the same words.
    throw new MissingVariableError(`Prompt "${prompt}" lacks ${missingVariables.join(", ")}`, {
      code: "variable_missing",
      missingVariables,
      where: { prompt },
      hint: "Pass a string, number, bigint or boolean for every variable.",
    });
  }
  const textOf = (name: string): string => {
    const value = values[name];
    if (["string", "number", "bigint", "boolean"].includes(typeof value)) return String(value);
    const kind = Array.isArray(value)
      ? "an array"
      : `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
    throw new ValidationError(
      `The value of ${name} in prompt "${prompt}" is ${kind}, but must be a string, number, bigint or boolean.`,
      { code: "variable_invalid", field: name, value, where: { prompt } },
    );
  };
  return templates.map((parts) =>
    parts.map((part) => (part.kind === "text" ? part.text : textOf(part.name))).join(""),
  );
}
