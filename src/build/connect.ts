import { Configuration, ScopeClient } from "../client/index.ts";
import type { ResolvedConnection } from "../config/types.ts";

/** A client for a connection that the config has resolved; the environment has had its say there. */
export function connect(connection: ResolvedConnection): ScopeClient {
  const {
    timeoutMs,
    openTimeoutMs,
    deadlineMs,
    cacheTtlMs,
    cacheMaxStaleMs,
    retryBaseDelayMs,
    retryMaxDelayMs,
    tokenRefreshBufferMs,
    ...same
  } = connection;
  const configuration = new Configuration(
    {
      ...same,
      timeout: timeoutMs / 1000,
      openTimeout: openTimeoutMs / 1000,
      deadline: deadlineMs / 1000,
      cacheTtl: cacheTtlMs / 1000,
      cacheMaxStale: cacheMaxStaleMs / 1000,
      retryBaseDelay: retryBaseDelayMs / 1000,
      retryMaxDelay: retryMaxDelayMs / 1000,
      tokenRefreshBuffer: tokenRefreshBufferMs / 1000,
    },
    {},
  );
  return new ScopeClient(configuration);
}
