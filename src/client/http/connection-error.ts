import { ConnectionError } from "../../errors/classes.ts";

/**
 * The error for a request that got no complete response.
 *
 * @param hintOf what to do next, by the failure's code, if a transport knows
 */
export function connectionError(
  origin: string,
  cause: unknown,
  hintOf?: (code: string) => string | undefined,
): ConnectionError {
  const code = networkCode(cause);
  const what = NOT_CONNECTED.test(code) ? "Could not connect to" : "No complete response from";
  return new ConnectionError(`${what} ${origin}${code && ` (${code})`}.`, {
    code: "connection_failed",
    hint: hintOf?.(code),
    cause,
  });
}

const NOT_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH)$/;

/** The system's or HTTP library's name for the failure: `ECONNREFUSED`, `UND_ERR_SOCKET` …; otherwise empty. */
function networkCode(error: unknown): string {
  for (let at = error, depth = 4; at instanceof Error && depth--; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string") return code;
  }
  return "";
}
