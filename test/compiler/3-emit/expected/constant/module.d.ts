type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Variables = Record<string, never>;
/**
 * Prompt `legal/notice`, label `production` (version 7)
 *
 * > ```text
 * > No variable in here: { { name } } and ${name}.
 * > </script>
 * >
 * > ```
 */
export declare function render(): string;
export { render as default };
export declare const content: string;
export declare const variables: readonly [];
export declare const metadata: {};
type MetadataValue<K extends string, T> = K extends keyof typeof metadata ? (typeof metadata)[K] : {} extends Record<K, 1> ? JsonValue | T : T;
export declare function getMetadata<T = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): MetadataValue<K, NoInfer<T>>;
export declare const name: "legal/notice";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "legal/notice"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "legal/notice"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
