type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Variables = { name: string | number | bigint | boolean; product: string | number | bigint | boolean; constructor: string | number | bigint | boolean };
/**
 * Prompt `welcome`, label `production` (version 7)
 *
 * > ```text
 * > Hello {{name}}, welcome to {{product}}.
 * >
 * > Yours, {{name}}'s team at `{{constructor}}`.
 * >
 * > ```
 */
declare function welcome(variables: Variables): string;
export { welcome as render, welcome as default };
export declare const content: string;
export declare const variables: readonly ["name", "product", "constructor"];
/** How far every rendering is the same: what a provider can cache. */
export declare const cachePrefix: { readonly message: number; readonly characters: number } | undefined;
/**
 * > ```text
 * > {
 * >   "model": "small-1",
 * >   "temperature": 0.2
 * > }
 * > ```
 */
export declare const metadata: { readonly model: string; readonly temperature: number };
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T extends bigint ? bigint : T;
type ValueAt<M, K extends PropertyKey, T> = M extends unknown ? K extends keyof M ? {} extends Pick<M, K> ? Exclude<M[K], undefined> | T : M[K] : ({} extends Record<K, 1> ? JsonValue : never) | Widened<T> : never;
export declare function getMetadata<T extends string | number | boolean | {} | null | undefined = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): ValueAt<typeof metadata, K, NoInfer<T>>;
export declare const name: "welcome";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "welcome"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "welcome"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
