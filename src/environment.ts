/** Environment variables by name. Only {@link processEnv} reads the process's own. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The process's environment, or nothing if there's no process (a browser, some edge runtimes). */
export function processEnv(): Env {
  return (globalThis as { process?: { env?: Env } }).process?.env ?? {};
}

/** The variable's value; an empty variable counts as absent. */
export function readEnv(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

/** Does this environment belong to a test run (vitest, or `NODE_ENV=test`)? */
export function isTestRun(env: Env): boolean {
  return readEnv(env, "VITEST") !== undefined || env.NODE_ENV === "test";
}

/** Does the environment name a proxy? The HTTP library decides which addresses go through it. */
export function hasProxy(env: Env): boolean {
  return ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"].some(
    (name) => readEnv(env, name) !== undefined,
  );
}
