type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
type Section<T> = readonly T[] | T | false | null | undefined;
type Condition = string | number | bigint | boolean | (object & { readonly bind?: never; readonly then?: never }) | { readonly bind?: never; readonly then?: never; readonly [key: string]: unknown } | null | undefined;
export type Variables = { customer: { name: string | number | bigint | boolean }; items: Section<{ title: string | number | bigint | boolean; price: string | number | bigint | boolean; isGift: Condition }>; team: string | number | bigint | boolean };
/** Prompt `order-mail`, label `production` */
declare function orderMail(variables: Variables): string;
export { orderMail as render, orderMail as default };
export declare const content: string;
export declare const variables: readonly ["customer", "items", "team"];
/** How far every rendering is the same: what a provider can cache. */
export declare const cachePrefix: { readonly message: number; readonly characters: number } | undefined;
export declare const metadata: {};
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T extends bigint ? bigint : T;
type ValueAt<M, K extends PropertyKey, T> = M extends unknown ? K extends keyof M ? {} extends Pick<M, K> ? Exclude<M[K], undefined> | T : M[K] : ({} extends Record<K, 1> ? JsonValue : never) | Widened<T> : never;
export declare function getMetadata<T extends string | number | boolean | {} | null | undefined = undefined, K extends keyof typeof metadata | (string & {}) = string>(key: K, fallback?: T): ValueAt<typeof metadata, K, NoInfer<T>>;
export declare const name: "order-mail";
export declare const label: "production";
export declare const promptId: string;
export declare const versionId: string;
export declare const versionNumber: number;
export declare const type: "text";
/** For a span or a log line. */
export declare const attributes: { readonly "gen_ai.prompt.name": "order-mail"; readonly "gen_ai.prompt.version": string; readonly "scope.prompt.name": "order-mail"; readonly "scope.prompt.id": string; readonly "scope.prompt.version": number; readonly "scope.prompt.version_id": string; readonly "scope.prompt.label": "production"; readonly "scope.prompt.environment": string };
