import { ValidationError } from "../../errors/classes.ts";
import type { Answer } from "../http/send.ts";

/** What an error answer says of itself: the forms that the platform is known to use. */
export interface ServerFault {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The body of a 200 as JSON.
 *
 * @param prompt the name that was asked, for errors; undefined for a login
 * @throws ValidationError `response_invalid` for bytes that are no UTF-8 or no JSON
 */
export function readJson(answer: Answer, origin: string, prompt?: string): unknown {
  try {
    return JSON.parse(STRICT_UTF8.decode(answer.body));
  } catch (cause) {
    const text = new TextDecoder().decode(answer.body).trim();
    throw new ValidationError(`The answer of ${origin} is not JSON: ${describeBody(answer, text)}.`, {
      code: "response_invalid",
      field: "body",
      ...(prompt !== undefined && { where: { prompt } }),
      hint: "Check that baseUrl and authApiUrl are the platform's, and that no proxy or login page answers for it.",
      // The parser's own message quotes the body.
      cause: answer.holdsSecret() ? undefined : cause,
    });
  }
}

function describeBody(answer: Answer, text: string): string {
  if (text === "") return "it is empty";
  const encoding = answer.header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") return `it is encoded as ${answer.said(encoding)}`;
  const type = answer.header("content-type");
  return type === undefined ? "it is something else" : `it is ${answer.said(type)}`;
}

/** Code and message of an error body as an error may show them; both undefined when there is none to be read. */
export function readFault(answer: Answer): ServerFault {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    // Proxies answer with HTML or nothing. The status says enough.
    return { code: undefined, message: undefined };
  }
  const { error, message, code } = asRecord(body);
  const inner = asRecord(error);
  return {
    code: firstText(answer, inner.code, code),
    message: firstText(answer, inner.message, message, error),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function firstText(answer: Answer, ...values: readonly unknown[]): string | undefined {
  const text = values.find((value) => typeof value === "string" && value !== "");
  return text === undefined ? undefined : answer.said(text as string);
}
