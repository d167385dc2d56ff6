import { type PromptRef, pinText } from "../../prompt.ts";

/** A URL in the two parts that a transport takes. */
export interface Endpoint {
  readonly origin: string;
  /** Begins with `/`, and is sent as it is. */
  readonly path: string;
}

/** A path below a base address, with or without a slash at its end. */
export function endpoint(base: string, path: string): Endpoint {
  const { origin, pathname } = new URL(base);
  return { origin, path: pathname.replace(/\/$/, "") + path };
}

/**
 * Where one prompt version is. Names are encoded whole, so that `a/b` or `../../admin` stays one segment; that they are
 * not empty, `.` or `..` is for the caller to check.
 */
export function versionEndpoint(baseUrl: string, apiVersion: string, { name, pin }: PromptRef): Endpoint {
  const versions = pin.kind === "version" ? "versions/" : "";
  const last = versions + encodeURIComponent(pinText(pin));
  return endpoint(baseUrl, `/api/${apiVersion}/prompts/${encodeURIComponent(name)}/${last}`);
}
