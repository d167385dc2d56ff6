import { ValidationError } from "../../errors/classes.ts";
import { isTooDeep } from "../../prompt.ts";
import type { PlatformResponse } from "../http/send.ts";

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The body of a 200 as JSON; `prompt` is for errors. @throws ValidationError `response_invalid` */
export function readJsonBody(response: PlatformResponse, origin: string, prompt?: string): unknown {
  const where = prompt === undefined ? undefined : { prompt };
  const common = { code: "response_invalid", field: "body", where } as const;
  let text: string | undefined;
  try {
    text = STRICT_UTF8.decode(response.body);
    if (!isTooDeep(text)) return JSON.parse(text);
  } catch (cause) {
    const type = response.quote(response.header("content-type") ?? "something else");
    throw new ValidationError(
      `The response from ${origin} isn't JSON: it's ${text?.trim() === "" ? "empty" : type}.`,
      {
        ...common,
        hint: "Check that baseUrl and authApiUrl are the platform's, and that no proxy or login page responds.",
        // The parser's own message quotes the body.
        cause: response.holdsSecret() ? undefined : cause,
      },
    );
  }
  throw new ValidationError(`The response from ${origin} is nested too deep.`, common);
}

/** What an error response says about itself, in a form that errors can show; empty if it can't be read. */
export function readProblem(response: PlatformResponse) {
  let body: unknown;
  let isForeign = false;
  const text = new TextDecoder().decode(response.body);
  try {
    if (!isTooDeep(text)) body = JSON.parse(text);
  } catch {
    // Proxies respond with HTML or nothing. The status says enough.
    isForeign = text.trim() !== "";
  }
  const { error, message, code } = Object(body);
  const inner = Object(error);
  const shown = firstText(response, inner.message, message, error);
  return {
    code: firstText(response, inner.code, code),
    /** To append to a sentence. */
    said: shown === undefined ? "" : `: ${shown}`,
    /** It isn't JSON: a proxy's page, for example. */
    isForeign,
  };
}

function firstText(response: PlatformResponse, ...values: readonly unknown[]): string | undefined {
  const text = values.find((value) => typeof value === "string" && value !== "");
  return text === undefined ? undefined : response.quote(text as string);
}
