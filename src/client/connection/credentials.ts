import { type Env, readEnv } from "../../environment.ts";
import { MissingApiKeyError } from "../../errors/classes.ts";
import { isObject } from "../../prompt.ts";
import { type Problems, reportProblem, reportUnknown } from "./check-value.ts";
import {
  type CredentialsFunction,
  type CredentialsInput,
  type CredentialsSource,
  type CredentialValues,
  isFunction,
  isTokenProvider,
  NAMES_OF_VALUES,
  type ResolvedCredentials,
  type TokenProvider,
} from "./types.ts";

// If both names of a variable are set, the official SDKs use `SCOPE_CLIENT_…`, so this does too.
export const CREDENTIAL_PARTS: readonly {
  readonly options: readonly [keyof CredentialValues, (keyof CredentialsInput)?];
  readonly env: readonly string[];
}[] = [
  { options: ["orgId"], env: ["SCOPE_ORG_ID"] },
  { options: ["apiKey", "clientId"], env: ["SCOPE_CLIENT_ID", "SCOPE_API_KEY"] },
  { options: ["apiSecret", "clientSecret"], env: ["SCOPE_CLIENT_SECRET", "SCOPE_API_SECRET"] },
];

/**
 * What to log in with: a function or `getToken()` with its organisation, otherwise values, each missing one from the
 * environment. Undefined if none is set; also if only some are, which is reported, never with a value.
 */
export function resolveCredentials(
  source: CredentialsSource | undefined,
  env: Env,
  problems: Problems,
  origins?: ReadonlyMap<string, string>,
): ResolvedCredentials | undefined {
  if (!isFunction(source) && !isTokenProvider(source)) return resolveValues(source, env, problems, origins);
  // Wrapped: printing it doesn't show what the source contains, such as a token that it has kept.
  const hidden = isFunction(source)
    ? () => source()
    : Object.defineProperty({} as TokenProvider, "getToken", { value: () => source.getToken() });
  const orgId = source.orgId || readEnv(env, "SCOPE_ORG_ID");
  return Object.freeze(Object.defineProperty(hidden, "orgId", { value: orgId, enumerable: true })) as
    | CredentialsFunction
    | TokenProvider;
}

/** {@link resolveCredentials} for values. */
export function resolveValues(
  input: CredentialsInput | undefined,
  env: Env,
  problems: Problems,
  origins?: ReadonlyMap<string, string>,
): CredentialValues | undefined {
  /** What is set, each with its file. */
  const set: { readonly name: string; readonly file: string | undefined }[] = [];
  const missing: string[] = [];
  const values: Record<string, string> = {};
  for (const part of CREDENTIAL_PARTS) {
    const option = part.options.find((name) => name && input?.[name]);
    const variable = part.env.find((name) => readEnv(env, name) !== undefined);
    if (option !== undefined) {
      values[part.options[0]] = input?.[option] ?? "";
      set.push({ name: `credentials.${option}`, file: problems.file });
    } else if (variable !== undefined) {
      values[part.options[0]] = readEnv(env, variable) ?? "";
      set.push({ name: variable, file: origins?.get(variable) });
    } else missing.push([...part.env].sort().join(" or "));
  }
  if (set.length === 0) return undefined;
  if (missing.length === 0) {
    // Key and secret aren't enumerable: no log, snapshot or `JSON.stringify` of an object that contains them shows them.
    for (const name of ["apiKey", "apiSecret"]) Object.defineProperty(values, name, { enumerable: false });
    NAMES_OF_VALUES.set(values, set.map(({ name }) => name).join(", "));
    return Object.freeze(values) as unknown as CredentialValues;
  }
  const file = set.find((one) => one.file !== undefined)?.file;
  const are = (names: readonly string[]) => `${names.join(" and ")} ${names.length === 1 ? "is" : "are"}`;
  const error = new MissingApiKeyError(
    `The credentials are incomplete: ${are(set.map(({ name }) => name))} set, ${are(missing)} not.`,
    {
      code: "credentials_missing",
      hint: `Set ${missing.join(" and ")}, or remove the rest to work without the platform.`,
      where: file === undefined ? file : { file },
    },
  );
  problems.errors.push(error);
  return undefined;
}

/** What to set for the platform, as messages say it. */
export const VARIABLES_TO_SET = "SCOPE_API_URL, SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET";

export function noCredentials(): MissingApiKeyError {
  return new MissingApiKeyError("No credentials are set.", {
    code: "credentials_missing",
    hint: `Set ${VARIABLES_TO_SET}, or pass baseUrl and credentials: { orgId, apiKey, apiSecret }.`,
  });
}

/** Checks the shape of credentials, complete or not. Calls neither a function nor `getToken()`. */
export function checkCredentials(input: unknown, _name: string, problems: Problems): unknown {
  const isSource = isFunction(input) || isTokenProvider(input);
  if (!isSource && !isObject(input))
    return reportProblem(
      problems,
      "credentials must be an object with orgId, apiKey and apiSecret.",
      "Or a function that returns one, or an object with getToken().",
    );
  const given = input as Readonly<Record<string, unknown>>;
  const known: readonly string[] = isSource
    ? ["orgId"]
    : CREDENTIAL_PARTS.flatMap(({ options }) => options.filter((name) => name !== undefined));
  for (const name of isSource ? [] : Object.keys(given))
    if (!known.includes(name)) reportUnknown(problems, name, known, `credentials.${name}`);
  for (const { options } of CREDENTIAL_PARTS) {
    const [one, other] = options;
    if (isSource || !other || !given[one] || !given[other] || given[one] === given[other]) continue;
    const both = `credentials.${one} and credentials.${other}`;
    reportProblem(
      problems,
      `${both} are two names for the same thing, but they differ.`,
      "Leave one of them out.",
    );
  }
  for (const name of known) {
    const value = given[name];
    // Names only the kind of a wrong value: it may still be the secret.
    if (value !== undefined && typeof value !== "string")
      reportProblem(problems, `credentials.${name} must be text, not ${typeof value}.`);
  }
  return input;
}
