/** The public entry `unplugin-scope/runtime`. */
export type {
  CredentialsFunction,
  CredentialsInput,
  CredentialsSource,
  ProvidedToken,
  TokenProvider,
} from "../client/connection/types.ts";
export {
  ApiError,
  AuthenticationError,
  AuthorizationError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  InvalidCredentialsError,
  MissingApiKeyError,
  NoProductionVersionError,
  NotFoundError,
  RateLimitError,
  ResourceError,
  ServerError,
  TimeoutError,
  TokenRefreshError,
  ValidationError,
} from "../errors/classes.ts";
export type { ErrorCode } from "../errors/codes.ts";
export {
  MissingVariableError,
  RenderError,
} from "../errors/render-errors.ts";
export { isScopeError, ScopeError } from "../errors/scope-error.ts";
export { ScopeErrors } from "../errors/scope-errors.ts";
export { configureLive, liveStatus, refreshLive } from "./configure-live.ts";
export type {
  LiveConfiguration,
  LiveCredentials,
  LiveIncompatible,
  LivePromptName,
  LiveRefresh,
  LiveStatus,
  LiveVersion,
  VersionName,
} from "./live-registry.ts";
export { onPromptUpdate, type PromptUpdate } from "./on-prompt-update.ts";
