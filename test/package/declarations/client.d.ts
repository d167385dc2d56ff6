// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
declare class ApiError<Options extends ApiErrorOptions = ApiErrorOptions> extends ScopeError<Options> {
    readonly httpStatus: number;
    readonly errorCode: string | undefined;
    readonly requestId: string | undefined;
}
declare class ApiKeyCredentials implements CredentialValues {
    #private;
    constructor(input: CredentialsInput);
    static fromEnv(env?: Env): ApiKeyCredentials;
    get orgId(): string;
    get apiKey(): string;
    get clientId(): string;
    get apiSecret(): string;
    get clientSecret(): string;
    toJSON(): { orgId: string; apiKey: string; apiSecret: string; };
    toString(): string;
}
declare class AuthenticationError extends ApiError {
}
declare class AuthorizationError extends ApiError {
}
declare class Cancel {
    #private;
    get aborted(): boolean;
    get reason(): unknown;
    throwIfAborted(): void;
    abort(reason: unknown): void;
    onAbort(callback: () => void): () => void;
}
declare class ConfigurationError extends ScopeError {
}
declare class ConflictError extends ApiError {
}
declare class ConnectionError extends ScopeError {
}
declare class InvalidCredentialsError extends AuthenticationError {
}
declare class MissingApiKeyError extends ConfigurationError {
}
declare class MissingVariableError extends RenderError<ScopeErrorOptions & {
    readonly missingVariables: readonly string[];
}> {
    readonly missingVariables: readonly string[];
}
declare class NoProductionVersionError extends ResourceError<ScopeErrorOptions & {
    readonly promptId: string;
}> {
    readonly promptId: string;
}
declare class NotFoundError extends ApiError {
}
declare class PromptVersion<T extends PromptType = PromptType> {
    #private;
    readonly id: string;
    readonly promptId: string;
    readonly versionNumber: number;
    readonly name: string;
    readonly label: Label | undefined;
    readonly type: T;
    readonly status: PromptStatus;
    readonly isProduction: boolean;
    readonly content: ContentOf<T>;
    readonly metadata: JsonObject;
    readonly tags: readonly string[] | undefined;
    readonly promotedAt: string | undefined;
    readonly promotedBy: string | undefined;
    readonly createdAt: string;
    readonly updatedAt: string;
    constructor(ref: PromptRef, data: PromptVersionData, roles?: Roles);
    static dataOf(version: PromptVersion): PromptVersionData;
    get variables(): readonly string[];
    getMetadata<F = undefined>(key: string, fallback?: F): JsonValue | NoInfer<F>;
    get isDraft(): boolean;
    get isPublished(): boolean;
    get isArchived(): boolean;
    render(variables?: Readonly<Record<string, Value>>): RenderedOf<T>;
    toJSON(): Record<string, unknown>;
    toString(): string;
}
declare class RateLimitError extends ApiError<ApiErrorOptions & {
    readonly retryAfter?: number | undefined;
}> {
    readonly retryAfter: number | undefined;
}
declare class RenderError<Options extends ScopeErrorOptions = ScopeErrorOptions> extends ResourceError<Options> {
}
declare class ResourceError<Options extends ScopeErrorOptions = ScopeErrorOptions> extends ScopeError<Options> {
}
declare class ScopeClient implements AsyncDisposable {
    #private;
    readonly config: Configuration;
    constructor(options?: ScopeClientOptions | Configuration, parts?: ClientParts);
    getPromptVersion(name: string, options?: GetPromptVersionOptions): Promise<AnyPromptVersion>;
    renderPrompt(name: string, variables?: Readonly<Record<string, Value>>, options?: GetPromptVersionOptions): Promise<RenderedPrompt>;
    clearCache(): Promise<void>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toJSON(): Record<string, unknown>;
    get isClosed(): boolean;
}
declare class ScopeError<Options extends ScopeErrorOptions = ScopeErrorOptions> extends Error {
    readonly code: ErrorCode;
    hint: string | undefined;
    where: Where | undefined;
    constructor(message: string, options: Options);
}
declare class ScopeErrors extends ScopeError<ScopeErrorOptions & {
    readonly errors: readonly unknown[];
}> {
    readonly errors: readonly unknown[];
}
declare class ServerError extends ApiError {
}
declare class Telemetry {
    static onRequest(callback: OnRequestCallback): () => void;
    static onResponse(callback: OnResponseCallback): () => void;
    static onError(callback: OnErrorCallback): () => void;
    static clear(): void;
}
declare class TimeoutError extends ConnectionError {
}
declare class TokenRefreshError extends AuthenticationError {
}
declare class ValidationError extends ResourceError<ValidationErrorOptions> {
    readonly field: string | undefined;
    readonly value: unknown;
}
declare const CONNECTION_OPTIONS: {
    readonly baseUrl: { readonly kind: "url"; readonly default: undefined; readonly env: "SCOPE_API_URL"; };
    readonly authApiUrl: { readonly kind: "url"; readonly default: undefined; readonly env: "SCOPE_AUTH_API_URL"; };
    readonly apiVersion: { readonly kind: "text"; readonly default: "v1"; };
    readonly environment: { readonly kind: "text"; readonly default: "production"; readonly env: "SCOPE_ENVIRONMENT"; };
    readonly timeout: {
        readonly kind: "seconds";
        readonly default: 30;
        readonly min: 0;
        readonly above: true;
        readonly max: 600;
    };
    readonly openTimeout: {
        readonly kind: "seconds";
        readonly default: 10;
        readonly min: 0;
        readonly above: true;
        readonly max: 300;
    };
    readonly deadline: {
        readonly kind: "seconds";
        readonly default: 120;
        readonly min: 0;
        readonly above: true;
        readonly max: 3600;
    };
    readonly cacheEnabled: { readonly kind: "switch"; readonly default: true; };
    readonly cacheTtl: { readonly kind: "seconds"; readonly default: 300; readonly min: 0; readonly max: 86400; };
    readonly cacheMaxStale: { readonly kind: "seconds"; readonly default: 3600; readonly min: 0; readonly max: 604800; };
    readonly cacheMaxEntries: { readonly kind: "count"; readonly default: 1000; readonly min: 1; readonly max: 1000000; };
    readonly maxRetries: { readonly kind: "count"; readonly default: 3; readonly min: 0; readonly max: 20; };
    readonly retryBaseDelay: { readonly kind: "seconds"; readonly default: 0.5; readonly min: 0; readonly max: 60; };
    readonly retryMaxDelay: { readonly kind: "seconds"; readonly default: 30; readonly min: 0; readonly max: 600; };
    readonly telemetryEnabled: { readonly kind: "switch"; readonly default: true; };
    readonly tokenRefreshBuffer: {
        readonly kind: "seconds";
        readonly default: 60;
        readonly min: 0;
        readonly max: 3600;
        readonly env: "SCOPE_TOKEN_REFRESH_BUFFER";
    };
    readonly maxBodyBytes: { readonly kind: "bytes"; readonly default: 10485760; readonly min: 1; readonly max: 268435456; };
    readonly allowInsecure: { readonly kind: "switch"; readonly default: false; };
};
declare const ERROR_CODES: readonly [
    "config_invalid",
    "config_load_failed",
    "base_url_missing",
    "credentials_missing",
    "request_refused",
    "request_conflict",
    "authentication_failed",
    "credentials_invalid",
    "login_failed",
    "access_denied",
    "prompt_not_found",
    "no_production_version",
    "rate_limited",
    "server_error",
    "connection_failed",
    "request_timeout",
    "redirect_refused",
    "response_invalid",
    "response_form_unknown",
    "response_chat_text",
    "response_too_large",
    "label_invalid",
    "name_invalid",
    "insecure_url",
    "client_closed",
    "variable_missing",
    "variable_unknown",
    "variable_invalid",
    "prompt-near-miss",
    "prompt-secret",
    "prompt-invisible-character",
    "content_empty",
    "metadata_invalid",
    "template_variable_undeclared",
    "template_variable_unused",
    "template_unclosed_tag",
    "template_unclosed_section",
    "template_unopened_section",
    "template_invalid_delimiters",
    "template_invalid",
    "template_partial",
    "snapshot_missing",
    "snapshot_damaged",
    "snapshot_integrity",
    "snapshot_unreadable",
    "snapshot_unwritable",
    "types_differ",
    "snapshot_format_newer",
    "build_contract_changed",
    "preview_contract_changed",
    "build_unknown_specifier",
    "build_credentials_needed",
    "build_platform_down",
    "fetch_never",
    "version_not_found",
    "name_unknown",
    "client_bundle_refused",
    "live_in_browser",
    "env_prefix_refused",
    "next_project_unknown",
    "next_server_gone",
    "register_ended",
    "platform_options_invalid",
    "nothing_found",
    "tsconfig_invalid",
    "emit_map_damaged",
    "cli_usage",
    "cli_interrupted",
    "cli_ended_early",
    "port_unavailable",
    "leads_outside",
    "foreign_file",
    "file_changed",
    "file_unreadable",
    "file_read_only",
    "several_errors"
];
declare const VERSION = "0.1.0";
declare function client(options?: ScopeClientOptions): ScopeClient;
declare function configuration(): Configuration;
declare function configure(options: ConfigurationOptions): Configuration;
declare function isOutage(error: unknown): boolean;
declare function isScopeError(value: unknown, code?: ErrorCode): value is ScopeError;
declare function resetConfiguration(): void;
declare function versionData(version: PromptVersion): PromptVersionData;
interface ApiErrorOptions extends ScopeErrorOptions {
    readonly httpStatus: number;
    readonly errorCode?: string | undefined;
    readonly requestId?: string | undefined;
}
interface ChatMessage {
    readonly role: string;
    readonly content: string;
}
interface ClientParts {
    readonly transport?: Transport | undefined;
    readonly warn?: ((message: string) => void) | undefined;
    readonly clock?: (() => number) | undefined;
    readonly random?: (() => number) | undefined;
    readonly sleep?: ((ms: number, cancel: Cancel | undefined) => Promise<void>) | undefined;
}
interface Configuration extends ResolvedConnection {
}
declare class Configuration {
    #private;
    readonly credentials: ApiKeyCredentials | CredentialsFunction | TokenProvider | undefined;
    readonly authApiUrl: string | undefined;
    constructor(options?: ConfigurationOptions, env?: Env);
    static resolved(configuration: Configuration): ResolvedConnection;
    merge(overrides: ConfigurationOptions): Configuration;
    toJSON(): Record<string, unknown>;
    toString(): string;
}
interface CredentialValues {
    readonly orgId: string;
    readonly apiKey: string;
    readonly apiSecret: string;
}
interface ErrorInfo {
    readonly requestId: string;
    readonly method: string;
    readonly url: string;
    readonly error: unknown;
    readonly elapsedMs: number;
}
interface GetPromptVersionOptions {
    readonly label?: Label | undefined;
    readonly version?: string | undefined;
    readonly cache?: boolean | undefined;
    readonly cacheTtl?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface JsonObject {
    readonly [key: string]: JsonValue;
}
interface PromptRef {
    readonly name: string;
    readonly pin: Pin;
}
interface PromptVersionData {
    readonly id: string;
    readonly promptId: string;
    readonly name?: string | undefined;
    readonly renamedTo?: string | undefined;
    readonly versionNumber: number;
    readonly type: PromptType;
    readonly declaredType?: PromptType | undefined;
    readonly status: PromptStatus;
    readonly isProduction: boolean;
    readonly content: PromptContent;
    readonly declaredVariables: readonly string[] | null;
    readonly metadata: JsonObject;
    readonly tags?: readonly string[] | undefined;
    readonly promotedAt?: string | undefined;
    readonly promotedBy?: string | undefined;
    readonly createdAt: string;
    readonly updatedAt: string;
}
interface RequestInfo {
    readonly requestId: string;
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
}
interface ResolvedConnection extends ConnectionValues {
    readonly roles: Roles;
    readonly cacheStore: CacheStore | undefined;
    readonly credentials: ResolvedCredentials | undefined;
}
interface ResponseInfo {
    readonly requestId: string;
    readonly method: string;
    readonly url: string;
    readonly statusCode: number;
    readonly elapsedMs: number;
}
interface ScopeClientOptions extends ConfigurationOptions {
    readonly config?: Configuration | undefined;
}
interface ScopeErrorOptions {
    readonly code: ErrorCode;
    readonly hint?: string | undefined;
    readonly where?: Where | undefined;
    readonly cause?: unknown;
}
interface Transport {
    request(request: TransportRequest): Promise<TransportResponse>;
    close(): Promise<void>;
}
interface TransportRequest {
    readonly method: "GET" | "POST";
    readonly origin: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
    readonly timeoutMs: number;
    readonly maxBodyBytes: number;
    readonly cancel?: Cancel | undefined;
}
interface TransportResponse {
    readonly status: number;
    header(name: string): string | undefined;
    readonly body: Uint8Array;
}
interface ValidationErrorOptions extends ScopeErrorOptions {
    readonly field?: string | undefined;
    readonly value?: unknown;
}
interface Where {
    readonly prompt?: string;
    readonly versionNumber?: number;
    readonly versionId?: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly importedBy?: string;
    readonly importedAt?: { readonly line: number; readonly column: number; };
    readonly frame?: string;
}
type AnyPromptVersion = PromptVersion<"text"> | PromptVersion<"chat">;
type ConfigurationOptions = ConnectionOptions;
type ConnectionValues = {
    readonly [K in keyof Options]: ValueOf<Options[K]["default"]>;
};
type ContentOf<T extends PromptType> = T extends "text" ? string : readonly ChatMessage[];
type Env = Readonly<Record<string, string | undefined>>;
type ErrorCode = (typeof ERROR_CODES)[number];
type Hook<Info> = (info: Info) => void;
type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
type OnErrorCallback = Hook<ErrorInfo>;
type OnRequestCallback = Hook<RequestInfo>;
type OnResponseCallback = Hook<ResponseInfo>;
type Options = typeof CONNECTION_OPTIONS;
type Pin = {
    readonly kind: "label";
    readonly label: Label;
} | {
    readonly kind: "version";
    readonly versionId: string;
    readonly versionNumber?: number | undefined;
};
type PromptContent = string | readonly ChatMessage[];
type PromptStatus = "draft" | "published" | "archived";
type PromptType = "text" | "chat";
type RenderedOf<T extends PromptType> = T extends "text" ? string : ChatMessage[];
type RenderedPrompt = string | ChatMessage[];
type ResolvedCredentials = CredentialValues | CredentialsFunction | TokenProvider;
type Roles = Readonly<Record<string, string>> | false;
type Value = string | number | bigint | boolean;
type ValueOf<T> = T extends number ? number : T extends boolean ? boolean : string | Extract<T, undefined>;
export { ApiError, ApiKeyCredentials, ApiKeyCredentials as ClientCredentials, AuthenticationError, AuthorizationError, Configuration, ConfigurationError, ConflictError, ConnectionError, InvalidCredentialsError, MissingApiKeyError, MissingVariableError, NoProductionVersionError, NotFoundError, PromptVersion, RateLimitError, RenderError, ResourceError, ScopeClient, ScopeError, ScopeErrors, ServerError, Telemetry, TimeoutError, TokenRefreshError, VERSION, ValidationError, client, configuration, configure, isOutage, isScopeError, resetConfiguration, versionData };
export type { AnyPromptVersion, ApiErrorOptions, CacheStore, Cancel, ChatMessage, ClientParts, ConfigurationOptions, ContentOf, CredentialsFunction, CredentialsInput, CredentialsSource, ErrorCode, ErrorInfo, GetPromptVersionOptions, JsonObject, JsonValue, Label, OnErrorCallback, OnRequestCallback, OnResponseCallback, PromptStatus, PromptType, PromptVersionData, ProvidedToken, RenderedOf, RenderedPrompt, RequestInfo, ResponseInfo, ScopeClientOptions, ScopeErrorOptions, TokenProvider, Transport, TransportRequest, TransportResponse, ValidationErrorOptions, Value, Where };
