import { hasProxy, processEnv } from "../environment.ts";
import { ConfigurationError } from "../errors/classes.ts";
import { advise, isScopeError, ScopeError } from "../errors/scope-error.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { type Api, type Fetched, fetchVersion } from "./api/fetch-version.ts";
import { createLogin } from "./api/login.ts";
import { TokenSource } from "./api/token-source.ts";
import { type ClientParts, checkName } from "./client-options.ts";
import { noAddress } from "./connection/check-value.ts";
import { noCredentials } from "./connection/credentials.ts";
import { type CredentialsFunction, isFunction, type ResolvedConnection } from "./connection/types.ts";
import { Cancel, within } from "./http/cancel.ts";
import { type Sender, timedOut } from "./http/send.ts";
import { createUndiciTransport } from "./http/undici-transport.ts";
import { createRetry } from "./http/with-retries.ts";
import { watchRequests } from "./telemetry.ts";

const REPORT_FORM = "To report the form, run scope-gen doctor --json: it shows no text of a prompt.";

export interface RequesterParts extends Omit<ClientParts, "warn"> {
  /** Runs each attempt. Default: shows it to hooks, tracers and the debug log. */
  readonly watch?: Sender["watch"];
}

/** Fetches prompt versions, with retries within a deadline. Only keeps the token. */
export class Requester {
  readonly #api: Api;
  readonly #closing = new Cancel();

  /** @throws as {@link reachable} does */
  constructor(given: ResolvedConnection, parts: RequesterParts = {}) {
    const connection = reachable(given);
    const { baseUrl, authApiUrl = baseUrl, credentials, deadlineMs } = connection;
    const { openTimeoutMs, telemetryEnabled, tokenRefreshBufferMs } = connection;
    const { clock = () => performance.now(), random = Math.random, sleep } = parts;
    const api = {
      ...connection,
      clock,
      transport:
        parts.transport ?? createUndiciTransport({ openTimeoutMs, useProxy: hasProxy(processEnv()) }),
      watch: parts.watch ?? watchRequests({ isTraced: telemetryEnabled, hasHooks: telemetryEnabled }, clock),
      retry: createRetry({ ...connection, clock, random, sleep }),
      waitWithin: (started, { cancel, deadlineAt }) =>
        within(started, cancel, deadlineAt - clock(), () => timedOut(authApiUrl, deadlineMs, "deadline")),
    } satisfies Omit<Api, "tokens">;
    const logIn = createLogin(
      api,
      connection,
      isFunction(credentials) ? ofOneOrganisation(credentials) : credentials,
      credentials.orgId,
      this.#closing,
    );
    // A function or getToken() may never finish. The calls that wait for it do, and a later one calls it again.
    this.#api = { ...api, tokens: new TokenSource(logIn, clock, tokenRefreshBufferMs, () => deadlineMs) };
  }

  /**
   * One version, as described in {@link fetchVersion}; {@link close} ends it too.
   *
   * @throws ValidationError `name_invalid` too, before any request
   */
  async fetchVersion(
    ref: PromptRef,
    {
      etag,
      cancel: given,
    }: { readonly etag?: string | undefined; readonly cancel?: Cancel | undefined } = {},
  ): Promise<Fetched> {
    checkName(ref.name, "name", ref.name);
    if (ref.pin.kind === "version") checkName(ref.pin.versionId, "version", ref.name);
    const cancel = new Cancel();
    const ends = [given, this.#closing];
    for (const end of ends) end?.throwIfAborted();
    const offs = ends.map((end) => end?.onAbort(() => cancel.abort(end.reason)));
    try {
      return await fetchVersion(this.#api, ref, etag, cancel);
    } catch (error) {
      throw isScopeError(error, "response_form_unknown") ? advise(error, REPORT_FORM) : error;
    } finally {
      for (const off of offs) off?.();
    }
  }

  /** {@link fetchVersion} for a caller that knows none yet. */
  async fetchFirst(ref: PromptRef, cancel?: Cancel): Promise<PromptVersionData> {
    const fetched = await this.fetchVersion(ref, { cancel });
    return (fetched as Extract<Fetched, { kind: "version" }>).data;
  }

  /** Ends every connection, and running requests and logins with `reason`. */
  close(reason: unknown = clientClosed()): Promise<void> {
    this.#closing.abort(reason);
    return this.#api.transport.close();
  }
}

/**
 * A connection that has what a request needs.
 *
 * @throws MissingApiKeyError without credentials; ConfigurationError `base_url_missing` without an address
 */
export function reachable(connection: ResolvedConnection) {
  const { baseUrl, credentials } = connection;
  if (credentials === undefined) throw noCredentials();
  if (baseUrl === undefined) throw noAddress();
  return { ...connection, baseUrl, credentials };
}

export function clientClosed(): ScopeError {
  return new ScopeError("The client was closed.", {
    code: "client_closed",
    hint: "Make a new ScopeClient, or close this one later.",
  });
}

/**
 * The same function, limited to one organisation: that of `give.orgId`, otherwise the first that it returns. A client's
 * cache belongs to one organisation.
 *
 * @returns throws ConfigurationError if another one is returned
 */
function ofOneOrganisation(give: CredentialsFunction): CredentialsFunction {
  let { orgId } = give;
  return async () => {
    const given = await give();
    const { orgId: own } = Object(given);
    orgId ||= own;
    if (!own || own === orgId) return given;
    throw new ConfigurationError(
      `credentials() returned the organisation ${own}, but this client is for ${orgId}.`,
      { code: "config_invalid", hint: "Make a client for each organisation, and check SCOPE_ORG_ID." },
    );
  };
}
