type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Variables = { tone: string | number | bigint | boolean; ticket: string | number | bigint | boolean };
/** Prompt `support/triage`, label `production` */
declare function supportTriage(variables: Variables): [{ role: "system"; content: string }, { role: "user"; content: string }, { role: "assistant"; content: string }];
export { supportTriage as render, supportTriage as default };
export declare const content: readonly [{ readonly role: string; readonly content: string }, { readonly role: string; readonly content: string }, { readonly role: string; readonly content: string }];
export declare const variables: readonly ["tone", "ticket"];
/** How far every rendering is the same: what a provider can cache. */
export declare const cachePrefix: { readonly message: number; readonly characters: number } | undefined;
export declare const metadata: { readonly model: string };
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T extends bigint ? bigint : T;
type ValueAt<M, K extends PropertyKey, T> = M extends unknown ? K extends keyof M ? {} extends Pick<M, K> ? Exclude<M[K], undefined> | T : M[K] : ({} extends Record<K, 1> ? JsonValue : never) | Widened<T> : never;
export declare function getMetadata<T extends string | number | boolean | {} | null | undefined = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): ValueAt<typeof metadata, K, NoInfer<T>>;
export declare const name: "support/triage";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "chat";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "support/triage"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "support/triage"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
