import { type Env, readEnv } from "../../environment.ts";
import { ConfigurationError, MissingApiKeyError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import {
  type CredentialsInput,
  type CredentialsSource,
  isFunction,
  isTokenProvider,
} from "./credentials-source.ts";
import { hideSecrets, hideSource } from "./redact-credentials.ts";
import type { CredentialValues, ResolvedCredentials } from "./types.ts";

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
 * @throws as {@link resolveValues} does
 */
export function resolveCredentials(
  source: CredentialsSource | undefined,
  env: Env,
  file?: string,
  origins?: ReadonlyMap<string, string>,
): ResolvedCredentials | undefined {
  if (!isFunction(source) && !isTokenProvider(source)) return resolveValues(source, env, file, origins);
  checkCredentials(source, file);
  return hideSource(source, source.orgId || readEnv(env, "SCOPE_ORG_ID"));
}

/**
 * Organisation, key and secret from explicit values, with each missing one from the environment.
 *
 * @param file that contains the explicit values
 * @param origins the files that variables come from, by variable name
 * @returns undefined if none of the three is set anywhere. Key and secret aren't enumerable.
 * @throws MissingApiKeyError if some but not all are set; it names both kinds, never a value.
 * @throws ConfigurationError for an unknown key or a value that isn't a text.
 */
export function resolveValues(
  input: CredentialsInput | undefined,
  env: Env,
  file?: string,
  origins?: ReadonlyMap<string, string>,
): CredentialValues | undefined {
  checkCredentials(input, file);
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

/** The error for work that needs the platform when nothing is set at all. */
export function noCredentials(): MissingApiKeyError {
  return new MissingApiKeyError("No credentials are set.", {
    code: "credentials_missing",
    hint: "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET, or pass credentials: { orgId, apiKey, apiSecret }.",
  });
}

/**
 * Are these credentials of the right shape, complete or not? Calls neither a function nor `getToken()`.
 *
 * @throws ConfigurationError for an unknown key or a value that isn't a text.
 */
export function checkCredentials(input: CredentialsSource | undefined, file: string | undefined): void {
  if (input === undefined) return;
  const where = file === undefined ? undefined : { file };
  if (isFunction(input) || isTokenProvider(input)) {
    if (input.orgId === undefined || typeof input.orgId === "string") return;
    throw new ConfigurationError(`credentials.orgId must be text, not ${typeof input.orgId}.`, {
      code: "config_invalid",
      where,
    });
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new ConfigurationError("credentials must be an object of orgId, apiKey and apiSecret.", {
      code: "config_invalid",
      hint: "Or a function that returns one, or an object with getToken().",
      where,
    });
  }
  for (const key of Object.keys(input)) {
    if (!(KNOWN as readonly string[]).includes(key)) {
      throw new ConfigurationError(`Unknown option "credentials.${key}".`, {
        code: "config_invalid",
        hint: didYouMean(key, KNOWN, `Known are ${KNOWN.join(", ")}.`),
        where,
      });
    }
  }
  for (const [one, other] of [
    ["apiKey", "clientId"],
    ["apiSecret", "clientSecret"],
  ] as const) {
    if ((input[one] ?? "") !== "" && (input[other] ?? "") !== "" && input[one] !== input[other]) {
      throw new ConfigurationError(
        `credentials.${one} and credentials.${other} are two names of one thing, and they differ.`,
        { code: "config_invalid", hint: `Leave one of them out.`, where },
      );
    }
  }
  for (const name of KNOWN) {
    const value: unknown = input[name];
    // Names only the kind of a wrong value: it may still be the secret.
    if (value !== undefined && typeof value !== "string") {
      throw new ConfigurationError(`credentials.${name} must be text, not ${typeof value}.`, {
        code: "config_invalid",
        where,
      });
    }
  }
}
