import { basename } from "node:path";
import { CREDENTIAL_PARTS } from "../../client/connection/credentials.ts";
import {
  type CredentialsSource,
  isFunction,
  isTokenProvider,
} from "../../client/connection/credentials-source.ts";
import type { Env } from "../../environment.ts";
import { readEnv } from "../../environment.ts";
import { loadConfig } from "../../project/config/load/load-config.ts";
import { loadEnvFiles } from "../../project/config/load/load-env-files.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { isIgnored } from "../project-files/git-ignore.ts";
import { type Finding, ok, warning } from "./finding.ts";

const VARIABLES = CREDENTIAL_PARTS.flatMap(({ env }) => [...env].sort());
const SECRETS = VARIABLES.filter((name) => name.endsWith("_SECRET"));

function namesIn(credentials: CredentialsSource | undefined): readonly string[] {
  if (isFunction(credentials)) return ["credentials()"];
  if (isTokenProvider(credentials)) return ["credentials.getToken()"];
  return Object.keys(Object(credentials)).map((key) => `credentials.${key}`);
}

/** Which credentials there are and where they come from, by name: no value leaves this function. */
export async function examineCredentials(options: ResolvedOptions, env: Env): Promise<readonly Finding[]> {
  if (options.connection.credentials === undefined) {
    return [
      warning(
        "credentials",
        "None are set, so prompts come from the committed snapshot.",
        "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET, for example in .env.local.",
      ),
    ];
  }
  const { origins, env: merged } = await loadEnvFiles(options.root, options.mode, env);
  const config = await loadConfig({ cwd: options.root, configFile: options.configFile });
  const { credentials } = Object(config?.value) as { readonly credentials?: CredentialsSource };
  const inConfig = namesIn(credentials).map((name) => `${name} (${basename(config?.file ?? "")})`);
  // If a function or getToken() supplies them, the environment has the organisation at most.
  const used = isFunction(credentials) || isTokenProvider(credentials) ? ["SCOPE_ORG_ID"] : VARIABLES;
  const inEnv = used
    .filter((name) => readEnv(merged, name) !== undefined)
    .map((name) => {
      const file = origins.get(name);
      return `${name} (${file === undefined ? "environment" : basename(file)})`;
    });
  const findings = [ok("credentials", [...inConfig, ...inEnv].join(", "))];
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
