type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Variables = { name: "Ada" | "Grace" };
/**
 * Prompt `welcome`, version `version_09` (version 7)
 *
 * > ```text
 * > Hello {{name}}.
 * > ```
 */
export declare function render(variables: Variables): string;
export { render as default };
export declare const content: string;
export declare const variables: readonly ["name"];
export declare const metadata: {};
type MetadataValue<K extends string, T> = K extends keyof typeof metadata ? (typeof metadata)[K] : {} extends Record<K, 1> ? JsonValue | T : T;
export declare function getMetadata<T = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): MetadataValue<K, NoInfer<T>>;
export declare const name: "welcome";
export declare const label: undefined;
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "welcome"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "welcome"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.environment": string };
/** The version that is served now, whole: it stays what it is for as long as it is held. */
export declare function current(): { readonly render: typeof render; readonly content: typeof content; readonly metadata: typeof metadata; readonly attributes: typeof attributes; readonly versionId: string; readonly versionNumber: number };
