type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
type SoFar<T> = T extends string ? string : T extends readonly (infer Item)[] ? SoFar<Item>[] : T extends object ? { [K in keyof T]?: SoFar<T[K]> } : T;
export type Variables = { ticket: string | number | bigint | boolean };
/**
 * Prompt `triage`, label `production` (version 7)
 *
 * > ```text
 * > Sort this ticket: {{ticket}}
 * > ```
 */
declare function triage(variables: Variables): string;
export { triage as render, triage as default };
export declare const content: string;
export declare const variables: readonly ["ticket"];
/** How far every rendering is the same: what a provider can cache. */
export declare const cachePrefix: { readonly message: number; readonly characters: number } | undefined;
/**
 * What to do with a ticket.
 */
export type Output = {
  /**
   * Who answers it.
   */
  team: "billing" | "support" | null;
  summary: string;
  code?: string;
  score?: number;
  constructor?: unknown;
  steps: OutputStep[];
  range?: [number, number];
};
type OutputStep = {
  text: string;
  then?: OutputStep[];
};
/** The schema of {@link Output}, for a model: `response_format`, the input of a tool. */
export declare const outputSchema: { type: "object"; description: "What to do with a ticket."; properties: { team: { enum: ["billing", "support", null]; description: "Who answers it." }; summary: { type: "string"; minLength: 1; maxLength: 80 }; code: { type: "string"; pattern: "^[A-Z]{2}-[0-9]+$" }; score: { type: "number" }; constructor: { type: ["string", "null"] }; steps: { type: "array"; items: { $ref: "#/$defs/step" } }; range: { type: "array"; prefixItems: [{ type: "integer" }, { type: "integer" }]; items: false; minItems: 2 } }; required: ["team", "summary", "steps"]; additionalProperties: false; $defs: { step: { type: "object"; properties: { text: { type: "string" }; then: { type: "array"; items: { $ref: "#/$defs/step" } } }; required: ["text"]; additionalProperties: false } } };
/** Checks what a model answers. A Standard Schema. */
export declare const output: {
  /** Reads an answer, a text or the value of one. Throws OutputError, with each place and reason. */
  readonly parse: (answer: unknown) => Output;
  /** What has arrived of an answer so far, not checked; undefined while there is no value. Never throws. */
  readonly parsePartial: (text: string) => SoFar<Output> | undefined;
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "unplugin-scope";
    readonly types?: { readonly input: Output; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly { readonly message: string; readonly path: readonly (string | number)[] }[] };
    readonly jsonSchema: { readonly input: (options: { readonly target: string }) => Record<string, unknown>; readonly output: (options: { readonly target: string }) => Record<string, unknown> };
  };
};
/**
 * > ```text
 * > {
 * >   "model": "small-1"
 * > }
 * > ```
 */
export declare const metadata: { readonly model: string; readonly output_schema: JsonValue };
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T extends bigint ? bigint : T;
type ValueAt<M, K extends PropertyKey, T> = M extends unknown ? K extends keyof M ? {} extends Pick<M, K> ? Exclude<M[K], undefined> | T : M[K] : ({} extends Record<K, 1> ? JsonValue : never) | Widened<T> : never;
export declare function getMetadata<T extends string | number | boolean | {} | null | undefined = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): ValueAt<typeof metadata, K, NoInfer<T>>;
export declare const name: "triage";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "triage"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "triage"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
