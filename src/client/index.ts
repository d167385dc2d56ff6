/** `unplugin-scope/client`: the client of the Scope Platform for Node. */

import { requireNode } from "../errors/node-version.ts";

export {
  ApiError,
  type ApiErrorOptions,
  AuthenticationError,
  AuthorizationError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  InvalidCredentialsError,
  isOutage,
  MissingApiKeyError,
  NoProductionVersionError,
  NotFoundError,
  RateLimitError,
  ResourceError,
  ServerError,
  TimeoutError,
  TokenRefreshError,
  ValidationError,
  type ValidationErrorOptions,
} from "../errors/classes.ts";
export type { ErrorCode } from "../errors/codes.ts";
export {
  MissingVariableError,
  RenderError,
} from "../errors/render-errors.ts";
export { isScopeError, ScopeError, type ScopeErrorOptions, type Where } from "../errors/scope-error.ts";
export { ScopeErrors } from "../errors/scope-errors.ts";
export type {
  ChatMessage,
  JsonObject,
  JsonValue,
  Label,
  PromptStatus,
  PromptType,
  PromptVersionData,
  Value,
} from "../prompt.ts";
export {
  ApiKeyCredentials,
  ApiKeyCredentials as ClientCredentials,
  Configuration,
  type ConfigurationOptions,
  configuration,
  configure,
  resetConfiguration,
} from "./configuration.ts";
export type {
  CacheStore,
  CredentialsFunction,
  CredentialsInput,
  CredentialsSource,
  ProvidedToken,
  TokenProvider,
} from "./connection/types.ts";
export type { Cancel } from "./http/cancel.ts";
export type { Transport, TransportRequest, TransportResponse } from "./http/transport.ts";
export { VERSION } from "./http/user-agent.ts";
export {
  type AnyPromptVersion,
  type ContentOf,
  PromptVersion,
  type RenderedOf,
  versionData,
} from "./prompt-version.ts";
export type { ClientParts } from "./requester.ts";
export {
  client,
  type GetPromptVersionOptions,
  type RenderedPrompt,
  ScopeClient,
  type ScopeClientOptions,
} from "./scope-client.ts";
export {
  type ErrorInfo,
  type OnErrorCallback,
  type OnRequestCallback,
  type OnResponseCallback,
  type RequestInfo,
  type ResponseInfo,
  Telemetry,
} from "./telemetry.ts";

requireNode();
