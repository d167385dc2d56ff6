type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Variables = { question: string | number | bigint | boolean };
/**
 * Prompt `settings`, label `production` (version 7)
 *
 * > ```text
 * > {{question}}
 * > ```
 */
export declare function render(variables: Variables): string;
export { render as default };
export declare const content: string;
export declare const variables: readonly ["question"];
/**
 * > ```text
 * > {
 * >   "model": "small-1",
 * >   "stop": [
 * >     "END",
 * >     "STOP"
 * >   ],
 * >   "limits": {
 * >     "tokens": 512,
 * >     "strict": true,
 * >     "seed": null
 * >   },
 * >   "tools": [
 * >     {
 * >       "name": "search"
 * >     },
 * >     {
 * >       "name": "read",
 * >       "paged": true
 * >     }
 * >   ],
 * >   "a key": "*\/ </script>"
 * > }
 * > ```
 */
export declare const metadata: { readonly "a key": string; readonly limits: { readonly seed: JsonValue; readonly strict: boolean; readonly tokens: number }; readonly model: string; readonly stop: readonly string[]; readonly tools: readonly JsonValue[] };
type MetadataValue<K extends string, T> = K extends keyof typeof metadata ? (typeof metadata)[K] : {} extends Record<K, 1> ? JsonValue | T : T;
export declare function getMetadata<T = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): MetadataValue<K, NoInfer<T>>;
export declare const name: "settings";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "settings"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "settings"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
/** The version that is served now, whole: it stays what it is for as long as it is held. */
export declare function current(): { readonly render: typeof render; readonly content: typeof content; readonly metadata: typeof metadata; readonly attributes: typeof attributes; readonly versionId: string; readonly versionNumber: number };
