type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
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
/** The project's own Standard Schema. */
export declare const output: typeof import("../../src/answers.ts").Triage;
/** What a model answers. */
export type Output = typeof output extends { readonly "~standard": { readonly types?: { readonly output: infer T } | undefined } } ? T : never;
/** The schema of {@link Output}, for a model; undefined if the library doesn't give one. */
export declare const outputSchema: typeof output extends { readonly "~standard": { readonly jsonSchema: object } } ? Record<string, unknown> : undefined;
export declare const metadata: {};
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
