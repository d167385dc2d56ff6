import { basename } from "node:path";
import { noAddress } from "../../client/connection/check-value.ts";
import type { ConnectionOptions } from "../../client/connection/connection.ts";
import { CREDENTIAL_PARTS, VARIABLES_TO_SET } from "../../client/connection/credentials.ts";
import {
  type CredentialsSource,
  type CredentialValues,
  isFunction,
  isTokenProvider,
} from "../../client/connection/types.ts";
import { type Env, readEnv } from "../../environment.ts";
import { loadEnvFiles } from "../../project/config/config-files.ts";
import { loadConfig } from "../../project/config/load-config.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { isIgnored } from "../project-files/git-ignore.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const VARIABLES = CREDENTIAL_PARTS.flatMap(({ env }) => [...env].sort());
const SECRETS = VARIABLES.filter((name) => name.endsWith("_SECRET"));

function namesIn(credentials: CredentialsSource | undefined): readonly string[] {
  if (isFunction(credentials)) return ["credentials()"];
  if (isTokenProvider(credentials)) return ["credentials.getToken()"];
  return Object.keys(Object(credentials)).map((key) => `credentials.${key}`);
}

/** The environment of a key, by what its ID says: `acme_stag_8vxk…`. */
const KEY_ENVIRONMENTS: Readonly<Record<string, string>> = {
  live: "production",
  stag: "staging",
  test: "development",
};

/**
 * The platform's address, and which credentials there are. Where both come from, by name: no credential's value leaves
 * this function.
 */
export async function examineCredentials(options: ResolvedOptions, env: Env): Promise<readonly Finding[]> {
  if (options.connection.credentials === undefined) {
    return [
      warning(
        "credentials",
        "None are set, so prompts come from the committed snapshot.",
        `Set ${VARIABLES_TO_SET}, for example in .env.local.`,
      ),
    ];
  }
  const { origins, env: merged } = await loadEnvFiles(options.root, options.mode, env);
  const config = await loadConfig({ cwd: options.root, configFile: options.configFile });
  const written: ConnectionOptions = Object(config?.value);
  const { credentials } = written;
  const inConfig = (name: string) => `${name} (${basename(config?.file ?? "")})`;
  const inEnv = (name: string) => `${name} (${basename(origins.get(name) ?? "environment")})`;
  const { baseUrl, environment } = options.connection;
  const { message, hint = "" } = noAddress();
  // If a function or getToken() supplies them, the environment has the organisation at most.
  const used = isFunction(credentials) || isTokenProvider(credentials) ? ["SCOPE_ORG_ID"] : VARIABLES;
  const set = used.filter((name) => readEnv(merged, name) !== undefined);
  const findings = [
    baseUrl === undefined
      ? (options.fetch === "never" ? warning : problem)("address", message, hint)
      : ok(
          "address",
          `${baseUrl}, from ${written.baseUrl === undefined ? inEnv("SCOPE_API_URL") : inConfig("baseUrl")}`,
        ),
    ok("credentials", [...namesIn(credentials).map(inConfig), ...set.map(inEnv)].join(", ")),
  ];
  const { apiKey = "" } = options.connection.credentials as Partial<CredentialValues>;
  const [, mark = ""] = /_(live|stag|test)_/.exec(apiKey) ?? [];
  const keyEnvironment = KEY_ENVIRONMENTS[mark] ?? environment;
  if (keyEnvironment !== environment) {
    findings.push(
      warning(
        "credentials",
        `The API key is one of ${keyEnvironment}, and the environment is ${environment}.`,
        `Set SCOPE_ENVIRONMENT=${keyEnvironment}, or use a key of ${environment}.`,
      ),
    );
  }
  const secretFiles = new Set(SECRETS.flatMap((name) => origins.get(name) ?? []));
  for (const file of secretFiles) {
    if ((await isIgnored(file)) === false) {
      findings.push(
        warning(
          "credentials",
          `${basename(file)} contains the secret, and git doesn't ignore it.`,
          `Add ${basename(file)} to .gitignore.`,
        ),
      );
    }
  }
  return findings;
}
