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
declare class MissingVariableError extends RenderError {
    readonly missingVariables: readonly string[];
    constructor(message: string, options: ScopeErrorOptions & {
        readonly missingVariables: readonly string[];
    });
}
declare class NoProductionVersionError extends ResourceError<ScopeErrorOptions & {
    readonly promptId: string;
}> {
    readonly promptId: string;
}
declare class NotFoundError extends ApiError {
}
declare class OutputError extends ResourceError {
    readonly problems: readonly OutputProblem[];
    constructor(message: string, options: ScopeErrorOptions & {
        readonly problems: readonly OutputProblem[];
    });
}
declare class RateLimitError extends ApiError<ApiErrorOptions & {
    readonly retryAfter?: number | undefined;
}> {
    readonly retryAfter: number | undefined;
}
declare class RenderError extends ResourceError {
}
declare class ResourceError<Options extends ScopeErrorOptions = ScopeErrorOptions> extends ScopeError<Options> {
}
declare class ScopeError<Options extends ScopeErrorOptions = ScopeErrorOptions> extends Error {
    readonly code: ErrorCode;
    hint: string | undefined;
    where: Where | undefined;
    constructor(message: string, options: Options);
}
declare class ScopeErrors extends ScopeError {
    readonly errors: readonly unknown[];
    constructor(message: string, options: ScopeErrorOptions & {
        readonly errors: readonly unknown[];
    });
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
declare const ERROR_CODES: {
    readonly config_invalid: "An option is unknown, of the wrong type, or past its maximum.";
    readonly config_in_package: "The root of a workspace has no config, and packages of it have their own.";
    readonly config_not_editable: "A config is not one literal object, and so cannot be changed with certainty.";
    readonly config_load_failed: "The config file could not be read or threw while it was evaluated.";
    readonly url_from_env_file: "An address in a file that may be committed would be sent a key or secret from elsewhere.";
    readonly credentials_missing: "Some of organisation, key and secret are set, but not all, or none where one is needed.";
    readonly request_refused: "The platform refused the request (a 4xx without a class of its own).";
    readonly request_conflict: "The platform responded with 409.";
    readonly authentication_failed: "The platform responded with 401, and again after a new login.";
    readonly credentials_invalid: "The login responded with 401 or 403: organisation, key or secret is wrong.";
    readonly login_failed: "The login failed for another reason than the credentials; counts as an outage.";
    readonly access_denied: "The platform responded with 403 for this prompt.";
    readonly prompt_not_found: "There is no prompt or version of that name on the platform.";
    readonly no_production_version: "The prompt exists, but no version is labelled production.";
    readonly rate_limited: "The platform responded with 429 on every attempt.";
    readonly server_error: "The platform responded with 5xx on every attempt.";
    readonly connection_failed: "No whole response came: refused, reset, cut off, or the host is not known.";
    readonly request_timeout: "No response within the time-out or the deadline.";
    readonly redirect_refused: "The platform responded with a redirect, which is never followed.";
    readonly response_invalid: "The response is complete, but it is not a prompt version.";
    readonly response_too_large: "The response is larger than maxBodyBytes, or a live prompt's has more than 20,000 values and variables.";
    readonly label_invalid: "A label other than production or latest.";
    readonly name_invalid: "A prompt name or version ID that cannot be sent.";
    readonly insecure_url: "An http:// address that is not loopback.";
    readonly client_closed: "The client was closed.";
    readonly variable_missing: "A render call without a value for a variable of the template.";
    readonly variable_unknown: "A render call with a variable that the template does not have.";
    readonly variable_invalid: "A value that is not a string, number, bigint or boolean.";
    readonly template_near_miss: "Text that looks like a variable and is none, such as {{ name }}. A warning.";
    readonly template_variable_undeclared: "The template uses a variable that the platform does not list. A warning.";
    readonly template_variable_unused: "A variable is listed on the platform or in the config, and the template does not use it. A warning.";
    readonly template_unclosed_tag: "A mustache tag is opened but never closed.";
    readonly template_unclosed_section: "A mustache section is not closed where it should be.";
    readonly template_unopened_section: "A mustache section is closed that was never opened.";
    readonly template_invalid_delimiters: "A mustache tag sets delimiters that are not two texts.";
    readonly template_invalid: "A mustache template is nested too deep, or has too many characters or tags.";
    readonly template_partial_missing: "A mustache partial names a prompt that was not found, or is no name.";
    readonly template_partial_chat: "A mustache partial names a chat prompt.";
    readonly template_partial_endless: "A mustache partial includes itself where nothing leads deeper into the data.";
    readonly template_partials_too_many: "Mustache partials, or the names in them, lead to too many places.";
    readonly sample_unknown: "A sample that is not among those of the prompt.";
    readonly samples_damaged: "A file of samples is not a JSON object.";
    readonly sample_too_deep: "A sample is nested so deep that it could not be read back.";
    readonly output_schema_invalid: "The JSON Schema of a version's answers does not compile, or is not safe to compile.";
    readonly output_keyword_unknown: "A schema of answers has a keyword that JSON Schema does not know, and so ignores.";
    readonly output_invalid: "An answer of a model does not fit the schema of the prompt's version.";
    readonly snapshot_missing: "A prompt is needed from the snapshot, and nothing is committed for it.";
    readonly snapshot_damaged: "A snapshot file is not JSON, or not of the snapshot's shape.";
    readonly snapshot_integrity: "A snapshot file was edited by hand or badly merged: its integrity does not match.";
    readonly snapshot_unreadable: "A file of the snapshot, or its folder, may not be read, or is something else.";
    readonly snapshot_unwritable: "A file of the snapshot or of the types could not be written.";
    readonly types_foreign: "A file that was not generated is in the place of the types.";
    readonly types_unsettled: "Other programs changed snapshot or types again and again while the types were written.";
    readonly snapshot_format_newer: "A snapshot file was written by a newer version of this package.";
    readonly build_contract_changed: "The fetched version does not keep the contract of the committed one.";
    readonly build_unknown_specifier: "A scope: import that cannot be read, or names nothing known.";
    readonly build_config_changed: "The config changed while a build ran, and an import asks for another prompt now.";
    readonly build_credentials_needed: "fetch is always (or a pull was asked for), and there are no credentials.";
    readonly build_platform_down: "The platform cannot be reached, and the policy or a missing snapshot makes that an error.";
    readonly fetch_never: "A pull, a diff or check --label needs the platform, and --fetch never or SCOPE_FETCH=never keeps it away.";
    readonly version_not_found: "A version named on the command line is in none of the places where it was looked for.";
    readonly name_unknown: "A name on the command line that is neither configured nor imported.";
    readonly client_bundle_refused: "A prompt would enter a browser bundle, and clientBundle is \"error\".";
    readonly live_in_browser: "A live prompt is imported in a browser bundle, where no credentials may be.";
    readonly env_prefix_refused: "A Vite envPrefix that would put SCOPE_ variables, the secret among them, into the page.";
    readonly next_project_unknown: "The folder of the Next project isn't known, so imports couldn't be found.";
    readonly next_server_gone: "The process that read next.config, and serves the prompts, cannot be reached.";
    readonly register_ended: "The thread that compiles prompts for /register has ended, or never began.";
    readonly platform_options_invalid: "An option of startPlatform is unknown or of the wrong kind.";
    readonly platform_dir_missing: "The folder of prompts that the local platform is to serve is not there.";
    readonly inspector_port_unavailable: "The inspector cannot listen on its port: it is taken, or not permitted.";
    readonly platform_port_unavailable: "The local platform cannot listen on its port: it is taken, or not permitted.";
    readonly source_unreadable: "A source file could not be read while scope: imports were looked for.";
    readonly tsconfig_unreadable: "A tsconfig may not be read, so that it is not known which files it includes.";
    readonly tsconfig_invalid: "A tsconfig that does not parse, so that calls cannot be checked.";
    readonly emit_foreign_folder: "The folder to emit to holds a package.json that scope-gen did not write.";
    readonly emit_map_damaged: "The map in a folder that scope-gen emit wrote cannot be read.";
    readonly cli_usage: "A command, flag or argument of scope-gen that is unknown, missing or cannot be used.";
    readonly cli_interrupted: "The command was stopped before its end.";
    readonly cli_ended_early: "The process ended, or had nothing left to run, before the command's work was done.";
    readonly leads_outside: "A file that would be read or changed is a link to somewhere outside of the project.";
    readonly file_read_only: "A file that scope-gen init or pin would change may not be written.";
    readonly init_file_changed: "A file changed while scope-gen init or pin asked about it, and was left alone.";
    readonly cli_file_unreadable: "A file named on the command line could not be read.";
    readonly several_errors: "More than one problem; each is listed.";
};
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
interface LiveBuild extends LiveConnection {
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
interface LiveConnection {
    readonly baseUrl: string;
    readonly authApiUrl: string;
    readonly apiVersion: string;
    readonly environment: string;
    readonly timeout: number;
    readonly tokenRefreshBuffer: number;
    readonly retryMaxDelay: number;
    readonly maxBodyBytes: number;
    readonly allowInsecure: boolean;
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
type ErrorCode = keyof typeof ERROR_CODES;
type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
type LiveCredentials = CredentialsSource;
type PromptContent = string | readonly ChatMessage[];
type Roles = Readonly<Record<string, string>> | false;
type Settable = {
    readonly [K in keyof Omit<LiveBuild, "roles">]?: LiveBuild[K] | undefined;
};
export { ApiError, AuthenticationError, AuthorizationError, ConfigurationError, ConflictError, ConnectionError, CredentialsFunction, CredentialsInput, CredentialsSource, ErrorCode, InvalidCredentialsError, LiveConfiguration, LiveCredentials, LiveIncompatible, LivePromptName, LiveRefresh, LiveStatus, LiveVersion, MissingApiKeyError, MissingVariableError, NoProductionVersionError, NotFoundError, OutputError, OutputProblem, PromptUpdate, ProvidedToken, RateLimitError, RenderError, ResourceError, ScopeError, ScopeErrors, ServerError, TimeoutError, TokenProvider, TokenRefreshError, ValidationError, VersionName, configureLive, isScopeError, liveStatus, onPromptUpdate, refreshLive };
