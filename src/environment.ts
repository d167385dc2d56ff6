/** Environment variables by name. Reading the process's own is left to {@link processEnv} alone. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The process's environment, or nothing where there is no process (a browser, some edge runtimes). */
export function processEnv(): Env {
  return (globalThis as { process?: { env?: Env } }).process?.env ?? {};
}

/** The variable's value; an empty variable is absent. */
export function readEnv(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

/** Does this environment belong to a test run (vitest, or `NODE_ENV=test`)? */
export function isTestRun(env: Env): boolean {
  return readEnv(env, "VITEST") !== undefined || env.NODE_ENV === "test";
}

/** Does the environment name a proxy? Which addresses go through it is for the HTTP library to decide. */
export function hasProxy(env: Env): boolean {
  return ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"].some(
    (name) => readEnv(env, name) !== undefined,
  );
}

/** Does a `SCOPE_` variable hold a secret, by its name? */
export function isSecret(name: string): boolean {
  return /_(?:KEY|SECRET|CLIENT_ID)$/.test(name);
}
