import { type PromptRef, pinText } from "../../prompt.ts";

/** A URL in the two parts that a transport needs. */
export interface Endpoint {
  readonly origin: string;
  /** Starts with `/`, and is sent unchanged. */
  readonly path: string;
}

/** A path below a base address, which can end with a slash. */
export function endpoint(base: string, path: string): Endpoint {
  const { origin, pathname } = new URL(base);
  return { origin, path: pathname.replace(/\/$/, "") + path };
}

/**
 * The address of one prompt version. Names are encoded whole, so that `a/b` or `../../admin` stays one segment. The
 * caller checks that they aren't empty, `.` or `..`.
 */
export function versionEndpoint(baseUrl: string, apiVersion: string, { name, pin }: PromptRef): Endpoint {
  const versions = pin.kind === "version" ? "versions/" : "";
  const last = versions + encodeURIComponent(pinText(pin));
  return endpoint(baseUrl, `/api/${apiVersion}/prompts/${encodeURIComponent(name)}/${last}`);
}
