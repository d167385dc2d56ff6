// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.
// What client.d.ts has as well is there.
// What index.d.ts has as well is there.
declare function configureLive(options: LiveConfiguration): void;
declare function liveStatus(): readonly LiveStatus[];
declare function onPromptUpdate(callback: (update: PromptUpdate) => void): () => void;
declare function refreshLive(name?: string): Promise<readonly LiveStatus[]>;
interface CachePrefix {
    readonly message: number;
    readonly characters: number;
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
    readonly cachePrefix: CachePrefix | undefined;
    readonly metadata: JsonObject;
    readonly attributes: JsonObject;
    readonly versionId: string;
    readonly versionNumber: number;
}
interface PromptUpdate {
    readonly name: string;
    readonly label: "production" | "latest" | undefined;
    readonly versionId: string;
    readonly versionNumber: number;
}
interface VersionName {
    readonly versionId: string;
    readonly versionNumber: number;
}
type LiveCredentials = CredentialsSource;
type Settable = {
    readonly [K in keyof Omit<LiveBuild, "roles">]?: LiveBuild[K] | undefined;
};
export { ApiError, AuthenticationError, AuthorizationError, ConfigurationError, ConflictError, ConnectionError, InvalidCredentialsError, MissingApiKeyError, MissingVariableError, NoProductionVersionError, NotFoundError, RateLimitError, RenderError, ResourceError, ScopeError, ScopeErrors, ServerError, TimeoutError, TokenRefreshError, ValidationError, configureLive, isScopeError, liveStatus, onPromptUpdate, refreshLive };
export type { CredentialsFunction, CredentialsInput, CredentialsSource, ErrorCode, LiveConfiguration, LiveCredentials, LiveIncompatible, LivePromptName, LiveRefresh, LiveStatus, LiveVersion, PromptUpdate, ProvidedToken, TokenProvider, VersionName };
