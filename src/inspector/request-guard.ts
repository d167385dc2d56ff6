import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "../platform/loopback.ts";

/** Why a request isn't answered, for somebody who sees it in a browser's network view. */
export interface RefusedRequest {
  readonly status: 403 | 415;
  readonly message: string;
}

/**
 * The inspector is for this machine and its own page. A dev server can listen on every address, so the other end of the
 * connection counts too. A page of another origin can send requests here, but can't read the answer. A tunnel can
 * rewrite Host and connects from this machine, but its headers say that it forwards.
 */
export function refusalOf(request: IncomingMessage): RefusedRequest | undefined {
  const { headers, socket, method } = request;
  if (!isLoopbackHost(headers.host) || !isLoopbackAddress(socket.remoteAddress))
    return { status: 403, message: "The inspector only answers on 127.0.0.1 and localhost." };
  if (Object.keys(headers).some((name) => FORWARDED.test(name)))
    return { status: 403, message: "The inspector doesn't answer what a proxy or tunnel forwards." };
  const { origin } = headers;
  const isOwn =
    origin === undefined || origin === `http://${headers.host}` || origin === `https://${headers.host}`;
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin" || (site === "none" && method === "GET");
  if (!isOwn || !isOwnSite) return { status: 403, message: "The inspector only answers its own page." };
  // A form can send other types across origins without asking. It can't send this one.
  if (method === "POST" && !/^application\/json\b/i.test(headers["content-type"] ?? ""))
    return { status: 415, message: "The inspector only reads application/json." };
  return undefined;
}

/** The headers that proxies and tunnels add, in lower case as in Node. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*|via|x-real-ip|cf-connecting-ip)$/;

function isLoopbackAddress(address: string | undefined): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address ?? "");
}
