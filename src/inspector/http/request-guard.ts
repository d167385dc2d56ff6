import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "../../platform/loopback.ts";

/** Why a request is not answered: for somebody who sees it in the network view of a browser. */
export interface Refusal {
  readonly status: 403 | 415;
  readonly message: string;
}

/**
 * The inspector is for this machine and for its own page. A dev server may listen on every address, so the other end of
 * the connection counts too; a page of another origin may send requests here, and reads no answer. A tunnel may rewrite
 * Host and is a connection of this machine, but says that it forwards.
 */
export function refusalOf(request: IncomingMessage): Refusal | undefined {
  const { headers, socket, method } = request;
  if (!isLoopbackHost(headers.host) || !isLoopbackAddress(socket.remoteAddress))
    return { status: 403, message: "The inspector serves 127.0.0.1 and localhost alone." };
  if (Object.keys(headers).some((name) => FORWARDED.test(name)))
    return { status: 403, message: "The inspector answers nothing that a proxy or tunnel forwards." };
  const { origin } = headers;
  const isOwn =
    origin === undefined || origin === `http://${headers.host}` || origin === `https://${headers.host}`;
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin" || (site === "none" && method === "GET");
  if (!isOwn || !isOwnSite) return { status: 403, message: "The inspector answers its own page alone." };
  // A form can send other types across origins without asking; this one it cannot.
  if (method === "POST" && !/^application\/json\b/i.test(headers["content-type"] ?? ""))
    return { status: 415, message: "The inspector takes application/json." };
  return undefined;
}

/** What proxies and tunnels add, in lower case as Node gives it. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*)$/;

function isLoopbackAddress(address: string | undefined): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address ?? "");
}
