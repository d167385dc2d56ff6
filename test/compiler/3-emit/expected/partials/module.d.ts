type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
type Section<T> = readonly T[] | T | false | null | undefined;
export type Variables = { comments: Section<{ author: string | number | bigint | boolean; text: string | number | bigint | boolean; replies: Section<{ author: string | number | bigint | boolean; text: string | number | bigint | boolean; replies: Section<object> }> }>; count: string | number | bigint | boolean };
/**
 * Prompt `thread`, label `production` (version 7)
 *
 * > ```text
 * > {{#comments}}
 * >   {{> comment}}
 * > {{/comments}}
 * > {{> footer}}
 * >
 * > ```
 */
export declare function render(variables: Variables): string;
export { render as default };
export declare const content: string;
export declare const variables: readonly ["comments", "count"];
export declare const metadata: {};
type MetadataValue<K extends string, T> = K extends keyof typeof metadata ? (typeof metadata)[K] : {} extends Record<K, 1> ? JsonValue | T : T;
export declare function getMetadata<T = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): MetadataValue<K, NoInfer<T>>;
export declare const name: "thread";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "thread"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "thread"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
