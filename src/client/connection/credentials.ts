import { type Env, readEnv } from "../../environment.ts";
import { MissingApiKeyError } from "../../errors/classes.ts";
import { isObject } from "../../prompt.ts";
import { invalid, refuseUnknown } from "./check-connection-value.ts";
import {
  type CredentialsFunction,
  type CredentialsInput,
  type CredentialsSource,
  isFunction,
  isTokenProvider,
  type TokenProvider,
} from "./credentials-source.ts";
import type { ConnectionOrigins, CredentialValues, ResolvedCredentials } from "./types.ts";

interface Part {
  readonly value: keyof CredentialValues;
  readonly options: readonly (keyof CredentialsInput)[];
  readonly env: readonly string[];
}

// If both names of a variable are set, the official SDKs use `SCOPE_CLIENT_…`, so this does too.
export const CREDENTIAL_PARTS: readonly Part[] = [
  { value: "orgId", options: ["orgId"], env: ["SCOPE_ORG_ID"] },
  { value: "apiKey", options: ["apiKey", "clientId"], env: ["SCOPE_CLIENT_ID", "SCOPE_API_KEY"] },
  {
    value: "apiSecret",
    options: ["apiSecret", "clientSecret"],
    env: ["SCOPE_CLIENT_SECRET", "SCOPE_API_SECRET"],
  },
];
const KNOWN = CREDENTIAL_PARTS.flatMap((part) => part.options);

/**
 * What to log in with: a function or an object with `getToken()` as it was given, with its organisation; otherwise
 * organisation, key and secret from explicit values, with each missing one from the environment.
 *
 * @returns undefined if there is neither, and none of the three is set anywhere
 * @param source as {@link checkCredentials} accepts it
 * @throws MissingApiKeyError as {@link resolveValues} does
 */
export function resolveCredentials(
  source: CredentialsSource | undefined,
  env: Env,
  from?: ConnectionOrigins,
): ResolvedCredentials | undefined {
  if (!isFunction(source) && !isTokenProvider(source)) return resolveValues(source, env, from);
  return hideSource(source, source.orgId || readEnv(env, "SCOPE_ORG_ID"));
}

/**
 * Organisation, key and secret from explicit values, with each missing one from the environment.
 *
 * @returns undefined if none of the three is set anywhere. Key and secret aren't enumerable.
 * @throws MissingApiKeyError if some but not all are set; it names both kinds, never a value.
 */
export function resolveValues(
  input: CredentialsInput | undefined,
  env: Env,
  { file, origins }: ConnectionOrigins = {},
): CredentialValues | undefined {
  /** Of the first part that comes from a file. */
  let from: string | undefined;
  const set: string[] = [];
  const missing: string[] = [];
  const values: { -readonly [K in keyof CredentialValues]: string } = {
    orgId: "",
    apiKey: "",
    apiSecret: "",
  };
  for (const part of CREDENTIAL_PARTS) {
    const option = part.options.find((name) => (input?.[name] ?? "") !== "");
    const variable = part.env.find((name) => readEnv(env, name) !== undefined);
    if (option !== undefined) {
      values[part.value] = input?.[option] ?? "";
      set.push(`credentials.${option}`);
      from ??= file;
    } else if (variable !== undefined) {
      values[part.value] = readEnv(env, variable) ?? "";
      set.push(variable);
      from ??= origins?.get(variable);
    } else missing.push([...part.env].sort().join(" or "));
  }
  if (set.length === 0) return undefined;
  if (missing.length > 0) {
    throw new MissingApiKeyError(
      `The credentials are incomplete: ${set.join(" and ")} ${set.length === 1 ? "is" : "are"} set, ` +
        `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not.`,
      {
        code: "credentials_missing",
        hint: `Set ${missing.join(" and ")}, or remove the rest to work without the platform.`,
        where: from === undefined ? undefined : { file: from },
      },
    );
  }
  return hideSecrets(values);
}

/** What to set for the platform, as messages say it. */
export const VARIABLES_TO_SET = "SCOPE_API_URL, SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET";

export function noCredentials(): MissingApiKeyError {
  return new MissingApiKeyError("No credentials are set.", {
    code: "credentials_missing",
    hint: `Set ${VARIABLES_TO_SET}, or pass baseUrl and credentials: { orgId, apiKey, apiSecret }.`,
  });
}

/**
 * Are these credentials of the right shape, complete or not? Calls neither a function nor `getToken()`.
 *
 * @throws ConfigurationError for an unknown key or a value that isn't a text.
 */
export function checkCredentials(input: CredentialsSource | undefined): void {
  if (input === undefined) return;
  if (isFunction(input) || isTokenProvider(input)) {
    checkText(input.orgId, "orgId");
    return;
  }
  if (!isObject(input)) {
    throw invalid(
      "credentials must be an object with orgId, apiKey and apiSecret.",
      "Or a function that returns one, or an object with getToken().",
    );
  }
  const given: CredentialsInput = input;
  refuseUnknown(given, KNOWN, "credentials.");
  for (const [one, other] of [
    ["apiKey", "clientId"],
    ["apiSecret", "clientSecret"],
  ] as const) {
    if (given[one] && given[other] && given[one] !== given[other]) {
      const both = `credentials.${one} and credentials.${other}`;
      throw invalid(`${both} are two names for the same thing, but they differ.`, "Leave one of them out.");
    }
  }
  for (const name of KNOWN) checkText(given[name], name);
}

/** Names only the kind of a wrong value: it may still be the secret. */
function checkText(value: unknown, name: string): void {
  if (value === undefined || typeof value === "string") return;
  throw invalid(`credentials.${name} must be text, not ${typeof value}.`);
}

/**
 * Frozen credentials whose key and secret can only be read by name. They aren't enumerable, so a log, snapshot or
 * `JSON.stringify` of an object that contains them doesn't show them.
 */
function hideSecrets(values: CredentialValues): CredentialValues {
  const shown = { orgId: values.orgId };
  for (const name of ["apiKey", "apiSecret"] as const) {
    Object.defineProperty(shown, name, { value: values[name], enumerable: false });
  }
  return Object.freeze(shown) as CredentialValues;
}

/**
 * A source of credentials wrapped in a new function, with the organisation. Whatever the source contains, such as a
 * token that it has kept, printing this doesn't show it.
 */
function hideSource(
  source: CredentialsFunction | TokenProvider,
  orgId: string | undefined,
): CredentialsFunction | TokenProvider {
  const hidden = isFunction(source)
    ? () => source()
    : Object.defineProperty({} as TokenProvider, "getToken", { value: () => source.getToken() });
  Object.defineProperty(hidden, "orgId", { value: orgId, enumerable: true });
  return Object.freeze(hidden) as CredentialsFunction | TokenProvider;
}

/** Such a source in the form that can be shown. */
export function redactSource(
  source: CredentialsFunction | TokenProvider,
): Record<string, string | undefined> {
  return { orgId: source.orgId, [isFunction(source) ? "function" : "getToken"]: "[function]" };
}
