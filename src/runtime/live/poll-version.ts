import { fetchVersion } from "../../client/api/fetch-version.ts";
import { createLogin } from "../../client/api/login.ts";
import { TokenSource } from "../../client/api/token-source.ts";
import type { Sender } from "../../client/http/send.ts";
import type { Transport } from "../../client/http/transport.ts";
import type { PromptRef } from "../../prompt.ts";
import { fingerprint, type PolledVersion, type Site } from "./live-prompt.ts";
import type { Settings } from "./settings.ts";

/** Comparing a version blocks the server that renders: this many values and variables take some ten milliseconds. */
const MAX_PARTS = 20_000;

/** One attempt for each request, limited by its time-out; the next poll is the retry. */
export function senderOf({ timeoutMs, maxBodyBytes }: Settings, transport: Transport): Sender {
  return {
    transport,
    timeoutMs,
    maxBodyBytes,
    deadlineMs: Infinity,
    clock: () => performance.now(),
  };
}

/** The transport of one request or poll; it reports the number of each request when it's sent. */
export type TransportFor = (onSend?: (number: number) => void) => Transport;

/** @param slot resolves when one more request keeps within the rate */
export function rateLimited({ request, close }: Transport, slot: () => Promise<void>): TransportFor {
  let requests = 0;
  return (onSend) => ({
    async request(outgoing) {
      await slot();
      requests += 1;
      onSend?.(requests);
      return request(outgoing);
    },
    close,
  });
}

/**
 * One poll. A refused token is renewed once.
 *
 * @param known returned again, as this request's result, if nothing has changed
 * @throws the errors of the client
 */
export async function pollVersion(
  ref: PromptRef,
  settings: Settings,
  transportFor: TransportFor,
  tokens: TokenSource,
  known: PolledVersion | undefined,
): Promise<PolledVersion> {
  const { baseUrl, apiVersion, environment, orgId } = settings;
  const site = JSON.stringify([baseUrl, apiVersion, environment, orgId]);
  let number = 0;
  const transport = transportFor((sent) => {
    number = sent;
  });
  // Elsewhere, the same etag may belong to another version.
  const etag = orgId && known?.site === site ? known.etag : undefined;
  const api = { ...settings, ...senderOf(settings, transport), tokens, mostParts: MAX_PARTS };
  const fetched = await fetchVersion(api, ref, etag);
  if (fetched.kind === "unchanged") return { ...(known as PolledVersion), number };
  const { id: versionId, promptId, versionNumber, content, metadata } = fetched.data;
  const data = { versionId, promptId, versionNumber, content, metadata };
  return { number, data, text: fingerprint(data), etag: fetched.etag, site };
}

/**
 * The tokens of a site, which its prompts share as long as the settings are the same.
 *
 * @param maxWaitMs the longest that a login can take
 */
export function tokensOf(
  site: Site,
  settings: Settings,
  transportFor: TransportFor,
  maxWaitMs: () => number,
): TokenSource {
  const { baseUrl, authApiUrl, credentials, provider, orgId, tokenRefreshBufferMs, timeoutMs } = settings;
  const key = JSON.stringify([
    authApiUrl ?? baseUrl,
    orgId,
    tokenRefreshBufferMs,
    provider ? 0 : credentials,
  ]);
  if (site.tokensFor !== key || site.tokensOf !== provider || site.tokens === undefined) {
    site.tokensFor = key;
    site.tokensOf = provider;
    const sender = senderOf(settings, transportFor());
    site.tokens = new TokenSource(
      createLogin(sender, settings, credentials, orgId),
      sender.clock,
      tokenRefreshBufferMs,
      () => Math.min(2 * timeoutMs, maxWaitMs()),
    );
  }
  return site.tokens;
}
