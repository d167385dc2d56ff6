import type { CredentialValues } from "../../config/types.ts";
import { NoProductionVersionError, NotFoundError } from "../../errors/classes.ts";
import type { PromptRef, PromptVersionData } from "../../prompt.ts";
import { Cancel } from "../http/cancel.ts";
import { type Limits, within } from "../http/limits.ts";
import { type Answer, type Sender, send, timedOut } from "../http/send.ts";
import { type RetryPolicy, withRetries } from "../http/with-retries.ts";
import { decodeVersion } from "./decode-version.ts";
import { login } from "./login.ts";
import { promptPath } from "./prompt-path.ts";
import { readJson } from "./read-body.ts";
import { answerError } from "./response-error.ts";
import { TokenSource } from "./token-source.ts";

/** What the requests of one client share. */
export interface RequesterOptions extends Sender, RetryPolicy {
  readonly baseUrl: string;
  readonly authApiUrl: string;
  readonly apiVersion: string;
  readonly environment: string;
  readonly tokenRefreshBufferMs: number;
  readonly credentials: CredentialValues;
}

/** A version, or the word that the one whose `etag` was sent is still right. */
export type Fetched =
  | { readonly kind: "version"; readonly data: PromptVersionData; readonly etag: string | undefined }
  | { readonly kind: "unchanged" };

export interface FetchOptions {
  readonly etag?: string | undefined;
  readonly cancel?: Cancel | undefined;
}

/** Fetches prompt versions: token, retries, errors. Keeps nothing but the token. */
export class Requester {
  readonly #options: RequesterOptions;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #tokens: TokenSource;
  readonly #closing = new Cancel();

  constructor(options: RequesterOptions) {
    this.#options = options;
    const base = new URL(options.baseUrl);
    this.#origin = base.origin;
    this.#prefix = base.pathname.replace(/\/$/, "");
    const { authApiUrl, credentials, clock, tokenRefreshBufferMs } = options;
    this.#tokens = new TokenSource(
      () => login(options, options, authApiUrl, credentials, this.#closing),
      clock,
      tokenRefreshBufferMs,
    );
  }

  /**
   * One version by label or version ID; all attempts within `deadline`.
   *
   * @throws ValidationError for a name, label or answer that cannot be used; NotFoundError,
   * NoProductionVersionError, AuthorizationError, AuthenticationError (InvalidCredentialsError,
   * TokenRefreshError), RateLimitError, ServerError, ApiError; ConnectionError, TimeoutError; the signal's reason
   */
  async fetchVersion(ref: PromptRef, { etag, cancel }: FetchOptions = {}): Promise<Fetched> {
    const path = promptPath(this.#options.apiVersion, ref.name, ref.pin);
    const limits = { cancel, deadlineAt: this.#options.clock() + this.#options.deadlineMs };
    const answer = await this.#get(path, etag, limits);
    if (answer.status === 200) {
      const body = readJson(answer, this.#origin, ref.name);
      const data = decodeVersion(body, ref.name, () => answer.holdsSecret());
      return { kind: "version", data, etag: usableEtag(answer.header("etag")) };
    }
    if (answer.status === 304 && etag !== undefined) return { kind: "unchanged" };
    const error = answerError(answer, ref);
    if (error instanceof NotFoundError && ref.pin.kind === "label" && ref.pin.label === "production") {
      throw await this.#explainNotFound(ref, error, limits);
    }
    throw error;
  }

  /** Is there a token, or does the next fetch begin with a login? */
  get hasToken(): boolean {
    return this.#tokens.hasToken;
  }

  /** Ends a login under way with `reason`. */
  close(reason: unknown): void {
    this.#closing.abort(reason);
  }

  async #get(path: string, etag: string | undefined, limits: Limits): Promise<Answer> {
    for (let isRetry = false; ; isRetry = true) {
      let token = "";
      const answer = await withRetries(this.#options, limits, () => {
        const sendWith = (value: string) => {
          token = value;
          return send(this.#options, this.#outgoing(path, etag, value), limits);
        };
        const held = this.#tokens.get();
        return typeof held === "string" ? sendWith(held) : this.#loginWithin(held, limits).then(sendWith);
      });
      if (answer.status !== 401 || isRetry) return answer;
      this.#tokens.drop(token);
    }
  }

  #outgoing(path: string, etag: string | undefined, token: string) {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      "x-scope-environment": this.#options.environment,
    };
    if (etag !== undefined) headers["if-none-match"] = etag;
    return {
      method: "GET",
      origin: this.#origin,
      path: this.#prefix + path,
      headers,
      secrets: [token],
    } as const;
  }

  #loginWithin(login: Promise<string>, { cancel, deadlineAt }: Limits): Promise<string> {
    const left = deadlineAt - this.#options.clock();
    return within(login, cancel, left, () => timedOut(this.#options, this.#options.authApiUrl, true));
  }

  /** No such prompt, or nothing labelled production? The error code tells, else a second look at `latest`. */
  async #explainNotFound(ref: PromptRef, error: NotFoundError, limits: Limits): Promise<Error> {
    const code = error.errorCode?.toLowerCase().replace(/[^a-z]/g, "") ?? "";
    if (code.includes("production")) return noProduction(ref, error);
    if (code.includes("promptnotfound")) return error;
    const path = promptPath(this.#options.apiVersion, ref.name, { kind: "label", label: "latest" });
    const answer = await this.#get(path, undefined, limits);
    if (answer.status === 200) return noProduction(ref, error);
    return answer.status === 404 ? error : answerError(answer, ref);
  }
}

/** Only what is an entity tag is sent back: a header that cannot be sent would break each later request. */
function usableEtag(value: string | undefined): string | undefined {
  return value !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(value) ? value : undefined;
}

function noProduction({ name }: PromptRef, cause: NotFoundError): NoProductionVersionError {
  return new NoProductionVersionError(`Prompt "${name}" has no production version.`, {
    code: "no_production_version",
    promptId: name,
    where: { prompt: name },
    hint: 'Label a version production on the platform, or ask for label "latest".',
    cause,
  });
}
