// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What index.d.ts has as well is there.
declare class ApiError<Options extends ApiErrorOptions = ApiErrorOptions> extends ScopeError<Options> {
    readonly httpStatus: number;
    readonly errorCode: string | undefined;
    readonly requestId: string | undefined;
}
declare class AuthenticationError extends ApiError {
}
declare class AuthorizationError extends ApiError {
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
declare class OutputError extends ResourceError<ScopeErrorOptions & {
    readonly problems: readonly OutputProblem[];
}> {
    readonly problems: readonly OutputProblem[];
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
declare class TimeoutError extends ConnectionError {
}
declare class TokenRefreshError extends AuthenticationError {
}
declare class ValidationError extends ResourceError<ValidationErrorOptions> {
    readonly field: string | undefined;
    readonly value: unknown;
}
declare const ERROR_CODES: readonly [
    "config_invalid",
    "config_in_package",
    "config_not_editable",
    "tokenizer_missing",
    "config_load_failed",
    "url_from_env_file",
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
    "template_near_miss",
    "template_partial_joined",
    "template_variable_undeclared",
    "template_variable_unused",
    "template_unclosed_tag",
    "template_unclosed_section",
    "template_unopened_section",
    "template_invalid_delimiters",
    "template_invalid",
    "template_partial_missing",
    "template_partial_chat",
    "template_partial_endless",
    "template_partials_too_many",
    "sample_invalid",
    "sample_unknown",
    "samples_damaged",
    "sample_too_deep",
    "samples_missing",
    "test_framework_missing",
    "output_schema_invalid",
    "output_keyword_unknown",
    "output_invalid",
    "snapshot_missing",
    "snapshot_damaged",
    "snapshot_integrity",
    "snapshot_unreadable",
    "snapshot_unwritable",
    "types_differ",
    "types_foreign",
    "types_twice",
    "types_unsettled",
    "snapshot_format_newer",
    "budget_exceeded",
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
    "platform_dir_missing",
    "inspector_port_unavailable",
    "platform_port_unavailable",
    "source_unreadable",
    "tsconfig_unreadable",
    "tsconfig_invalid",
    "emit_foreign_folder",
    "emit_map_damaged",
    "cli_usage",
    "extract_refused",
    "cli_interrupted",
    "cli_ended_early",
    "leads_outside",
    "file_read_only",
    "init_file_changed",
    "cli_file_unreadable",
    "several_errors"
];
declare function configureLive(options: LiveConfiguration): void;
declare function isScopeError(value: unknown, code?: ErrorCode): value is ScopeError;
declare function liveStatus(): readonly LiveStatus[];
declare function onPromptUpdate(callback: (update: PromptUpdate) => void): () => void;
declare function refreshLive(name?: string): Promise<readonly LiveStatus[]>;
interface ApiErrorOptions extends ScopeErrorOptions {
    readonly httpStatus: number;
    readonly errorCode?: string | undefined;
    readonly requestId?: string | undefined;
}
interface ChatMessage {
    readonly role: string;
    readonly content: string;
}
interface JsonObject {
    readonly [key: string]: JsonValue;
}
interface LiveBuild {
    readonly baseUrl?: string | undefined;
    readonly authApiUrl?: string | undefined;
    readonly apiVersion: string;
    readonly environment: string;
    readonly timeout: number;
    readonly tokenRefreshBuffer: number;
    readonly retryMaxDelay: number;
    readonly maxBodyBytes: number;
    readonly allowInsecure: boolean;
    readonly interval: number;
    readonly maxRequestsPerSecond: number;
    readonly roles: Roles;
}
interface LiveConfiguration extends Settable {
    readonly credentials?: LiveCredentials | undefined;
    readonly fetch?: typeof fetch | undefined;
    readonly waitUntil?: ((poll: Promise<unknown>) => void) | undefined;
    readonly onRefresh?: ((refresh: LiveRefresh) => void) | undefined;
    readonly onIncompatible?: ((incompatible: LiveIncompatible) => void) | undefined;
    readonly onError?: ((error: ScopeError, prompt: LivePromptName) => void) | undefined;
}
interface LiveIncompatible extends LivePromptName, VersionName {
    readonly changes: readonly string[];
    readonly kept: VersionName;
}
interface LivePromptName {
    readonly name: string;
    readonly label: Label;
}
interface LiveRefresh extends LivePromptName {
    readonly from: VersionName;
    readonly to: VersionName;
}
interface LiveStatus extends LivePromptName, VersionName {
    readonly status: "compiled" | "refreshed" | "stale";
    readonly lastConfirmed: Date | undefined;
}
interface LiveVersion {
    readonly render: (variables?: Readonly<Record<string, unknown>>) => unknown;
    readonly content: PromptContent;
    readonly metadata: JsonObject;
    readonly attributes: JsonObject;
    readonly versionId: string;
    readonly versionNumber: number;
}
interface OutputProblem {
    readonly path: readonly (string | number)[];
    readonly message: string;
}
interface PromptUpdate {
    readonly name: string;
    readonly label: "production" | "latest" | undefined;
    readonly versionId: string;
    readonly versionNumber: number;
}
interface ScopeErrorOptions {
    readonly code: ErrorCode;
    readonly hint?: string | undefined;
    readonly where?: Where | undefined;
    readonly cause?: unknown;
}
interface ValidationErrorOptions extends ScopeErrorOptions {
    readonly field?: string | undefined;
    readonly value?: unknown;
}
interface VersionName {
    readonly versionId: string;
    readonly versionNumber: number;
}
interface Where {
    readonly prompt?: string;
    readonly versionNumber?: number;
    readonly versionId?: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly importedBy?: string;
    readonly importedAt?: {
        readonly line: number;
        readonly column: number;
    };
    readonly frame?: string;
}
type ErrorCode = (typeof ERROR_CODES)[number];
type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
type LiveCredentials = CredentialsSource;
type PromptContent = string | readonly ChatMessage[];
type Roles = Readonly<Record<string, string>> | false;
type Settable = {
    readonly [K in keyof Omit<LiveBuild, "roles">]?: LiveBuild[K] | undefined;
};
export { ApiError, AuthenticationError, AuthorizationError, ConfigurationError, ConflictError, ConnectionError, CredentialsFunction, CredentialsInput, CredentialsSource, ErrorCode, InvalidCredentialsError, LiveConfiguration, LiveCredentials, LiveIncompatible, LivePromptName, LiveRefresh, LiveStatus, LiveVersion, MissingApiKeyError, MissingVariableError, NoProductionVersionError, NotFoundError, OutputError, OutputProblem, PromptUpdate, ProvidedToken, RateLimitError, RenderError, ResourceError, ScopeError, ScopeErrors, ServerError, TimeoutError, TokenProvider, TokenRefreshError, ValidationError, VersionName, configureLive, isScopeError, liveStatus, onPromptUpdate, refreshLive };
