import type { LoginRoute } from "./login.ts";
import { Refusal } from "./refusal.ts";

export type Route =
  | { readonly kind: "login"; readonly login: LoginRoute }
  /** What the path can mean, the more likely meaning first. */
  | { readonly kind: "version"; readonly readings: readonly [VersionRequest, ...VersionRequest[]] };

/** A prompt and which version of it is requested. */
export interface VersionRequest {
  /** Name or ID, decoded. */
  readonly prompt: string;
  readonly pick: { readonly label: "production" | "latest" } | { readonly versionId: string };
}

const LOGINS = "/v1/auth/";
const PROMPTS = "/api/v1/prompts/";

/**
 * Reads the target of a request line. It's split before it's decoded, so that `a%2Fb` is one segment; a name with `/`
 * works either way, since the official SDKs send it as it is.
 *
 * @param logins the available login routes
 * @throws Refusal 404 `route_not_found`, 400 `invalid_request` for a broken percent-encoding
 */
export function parseRoute(target: string, logins: readonly LoginRoute[]): Route {
  const path = target.replace(/[?#].*$/s, "");
  const login = logins.find((route) => path === LOGINS + route);
  if (login !== undefined) return { kind: "login", login };
  if (!path.startsWith(PROMPTS)) throw notFound(path, logins);
  const segments = path.slice(PROMPTS.length).split("/");
  const last = segments.at(-1) ?? "";
  const readings: VersionRequest[] = [];
  if (segments.length >= 3 && segments.at(-2) === "versions" && last !== "") {
    readings.push({ prompt: decodeName(segments.slice(0, -2)), pick: { versionId: decode(last) } });
  }
  if (segments.length >= 2 && (last === "production" || last === "latest")) {
    readings.push({ prompt: decodeName(segments.slice(0, -1)), pick: { label: last } });
  }
  const [first, ...rest] = readings;
  if (first === undefined) throw notFound(path, logins);
  return { kind: "version", readings: [first, ...rest] };
}

function decodeName(segments: readonly string[]): string {
  return segments.map(decode).join("/");
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "invalid_request", `The path contains a broken percent-encoding: ${segment}`);
  }
}

function notFound(path: string, logins: readonly LoginRoute[]): Refusal {
  const paths = logins.map((route) => LOGINS + route).join(", ");
  const known = `${PROMPTS}<name or id>/production, …/latest, …/versions/<version id>, ${paths}`;
  return new Refusal(404, "route_not_found", `There's nothing at ${path}. The routes are ${known}.`);
}
