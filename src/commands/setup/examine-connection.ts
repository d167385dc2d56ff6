import { basename, dirname } from "node:path";
import pMap from "p-map";
import { noAddress } from "../../client/connection/check-value.ts";
import type { ConnectionOptions } from "../../client/connection/connection.ts";
import { CREDENTIAL_PARTS } from "../../client/connection/credentials.ts";
import { isFunction, isTokenProvider } from "../../client/connection/types.ts";
import type { Transport } from "../../client/http/transport.ts";
import { createUndiciTransport } from "../../client/http/undici-transport.ts";
import { isOutage } from "../../client/index.ts";
import { Requester } from "../../client/requester.ts";
import { type Env, readEnv } from "../../environment.ts";
import { flatten, formatError, shortPath } from "../../errors/format-error.ts";
import { quoted } from "../../errors/printable.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { ignoredBy, isTracked } from "../../files/run-git.ts";
import { loadEnvFiles } from "../../project/config/config-files.ts";
import { loadConfig } from "../../project/config/load-config.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type Finding, problem, warning } from "../../project/setup-problems.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { pinState } from "../../project/versions/pin-notes.ts";
import type { SideVersion } from "../../project/versions/resolve.ts";
import { fetchByNameOrId } from "../../project/versions/source.ts";
import { howToSetCredentials, isMissing, isUnknownForm } from "../../project/versions/version-errors.ts";
import {
  isObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
  type PromptRef,
  refText,
} from "../../prompt.ts";

export function ok(check: string, message: string): Finding {
  return { check, status: "ok", message, fix: null };
}

/** What kept something from being examined, one finding for each problem. `fix`: if the error doesn't say what to do. */
export function problemsOf(check: string, error: unknown, cwd: string, fix?: string): readonly Finding[] {
  return flatten(error).map((one) => {
    if (!isScopeError(one)) return problem(check, formatError(one).split("\n")[0] ?? "", fix);
    const { message, hint, where } = one;
    const file = where?.file === undefined ? "" : `${shortPath(where.file, cwd)}: `;
    return problem(check, file + message, hint ?? fix);
  });
}

const VARIABLES = CREDENTIAL_PARTS.flatMap(({ env }) => [...env].sort());

/** The address and the credentials, and where they come from, by name: no credential's value leaves this function. */
export async function* examineCredentials(options: ResolvedOptions, env: Env): AsyncGenerator<Finding> {
  const { baseUrl, credentials: resolved } = options.connection;
  if (resolved === undefined) {
    const what = "None are set, so a build has only what is committed.";
    yield warning("credentials", what, `${howToSetCredentials(options.root)}.`);
    return;
  }
  const { origins, env: merged } = await loadEnvFiles(options.root, options.mode, env);
  const config = await loadConfig({ cwd: options.root, configFile: options.configFile });
  const written: ConnectionOptions = Object(config?.value);
  const { credentials } = written;
  const inConfig = (name: string) => `${name} (${basename(config?.file ?? "")})`;
  const inEnv = (name: string) => `${name} (${basename(origins.get(name) ?? "environment")})`;
  // If a function or getToken() supplies them, the environment has the organisation at most.
  const supplier = isFunction(credentials)
    ? "credentials()"
    : isTokenProvider(credentials) && "credentials.getToken()";
  const names = supplier ? [supplier] : Object.keys(Object(credentials)).map((key) => `credentials.${key}`);
  const used = supplier ? ["SCOPE_ORG_ID"] : VARIABLES;
  const set = used.filter((name) => readEnv(merged, name) !== undefined);
  const { message, hint = "" } = noAddress();
  const origin = written.baseUrl === undefined ? inEnv("SCOPE_API_URL") : inConfig("baseUrl");
  if (baseUrl !== undefined) yield ok("address", `${baseUrl}, from ${origin}`);
  else yield (options.fetch === "never" ? warning : problem)("address", message, hint);
  yield ok("credentials", [...names.map(inConfig), ...set.map(inEnv)].join(", "));
  const secrets = VARIABLES.filter((name) => name.endsWith("_SECRET"));
  for (const file of new Set(secrets.flatMap((name) => origins.get(name) ?? []))) {
    // A file that git tracks is a problem of the set-up.
    if ((await ignoredBy(file, dirname(file))) !== false || (await isTracked(file))) continue;
    const what = `${basename(file)} contains the secret, and git doesn't ignore it.`;
    yield warning("credentials", what, `Add ${basename(file)} to .gitignore.`);
  }
}

/** Long enough for a slow network; somebody is waiting at a terminal. */
const PATIENCE = 10;

/** Requested if the project has no prompt: a 404 for this name shows that the login works. */
const NOBODY: PromptRef = { name: "scope-gen-doctor", pin: { kind: "label", label: "production" } };

/** What the requests of a trial have shown. */
interface Trial {
  /** There was a token, from a login or `getToken()`. */
  isLoggedIn: boolean;
  /** Address and path that the login worked at; undefined when none did. */
  loginUrl?: string;
  /** Each form of a version once. */
  readonly forms: Map<string, JsonObject>;
}

/** Logs in, and asks for each prompt of the project once, without retries. */
export async function* examinePlatform(
  { connection, concurrency, snapshotDir, fetch }: ResolvedOptions,
  refs: readonly PromptRef[],
  cwd: string,
): AsyncGenerator<Finding> {
  const { baseUrl, credentials } = connection;
  if (baseUrl === undefined || credentials === undefined || fetch === "never") {
    const lack = credentials === undefined ? "there are no credentials" : "there's no address";
    yield ok("login", `Not tried: ${fetch === "never" ? 'fetch is "never"' : lack}.`);
    return;
  }
  const trial: Trial = { isLoggedIn: false, forms: new Map() };
  const limits = { timeout: Math.min(connection.timeout, PATIENCE), deadline: 2 * PATIENCE, maxRetries: 0 };
  const transport = watched(createUndiciTransport(Math.min(connection.openTimeout, PATIENCE)), trial);
  const requester = new Requester({ ...connection, ...limits }, { transport });
  const ask = (ref: PromptRef) => examinePrompt(ref, requester, snapshotDir, cwd);
  let ended: unknown;
  const found = await pMap(refs.length === 0 ? [NOBODY] : refs, ask, { concurrency }).catch((error) => {
    ended = error;
    return [];
  });
  await requester.close();
  const { isLoggedIn, loginUrl, forms } = trial;
  if (!isLoggedIn)
    yield* problemsOf("login", ended, cwd, "Check SCOPE_API_URL, SCOPE_AUTH_API_URL and the network.");
  else {
    // With the route: there are two.
    const where = loginUrl?.replace(/^https?:\/\//, "works at ");
    yield ok("login", where ?? "not needed: credentials.getToken() returned a token");
    const outage = isOutage(ended) ? "Check SCOPE_API_URL and the network." : undefined;
    const all = ended ? problemsOf("platform", ended, cwd, outage) : found.flat();
    const isOfPlatform = ({ check }: Finding) => check === "platform";
    if (!all.some(isOfPlatform)) yield ok("platform", `responds at ${new URL(baseUrl).host}`);
    const hasNone = forms.size === 0 && !ended && refs.length > 0;
    const other = hasNone ? ` If it's there, check the address: no prompt was found at ${baseUrl}.` : "";
    for (const one of all)
      yield isOfPlatform(one) ? { ...one, fix: one.fix && one.fix + other, forms: [...forms.values()] } : one;
  }
}

/** Notes what requests and responses show. */
function watched(transport: Transport, trial: Trial): Transport {
  return {
    close: () => transport.close(),
    async request(request) {
      // The request for the prompt has the token.
      if (request.method === "GET") trial.isLoggedIn = true;
      const response = await transport.request(request);
      if (response.status !== 200) return response;
      if (request.method === "POST") trial.loginUrl = request.origin + request.path;
      const form = request.method === "GET" ? formOf(response.body) : undefined;
      if (form !== undefined) trial.forms.set(JSON.stringify(form), form);
      return response;
    },
  };
}

/** What there is to say about one prompt on the platform. Throws what isn't about that prompt: it ends the trial. */
async function examinePrompt(
  ref: PromptRef,
  requester: Requester,
  snapshotDir: string,
  cwd: string,
): Promise<readonly Finding[]> {
  const entry = await loadIfSound(snapshotDir, ref);
  const committed = ref.pin.kind === "version" ? entry : undefined;
  const fetchOne = (one: PromptRef) => requester.fetchFirst(one);
  try {
    const served = await fetchByNameOrId(ref, fetchOne, async () => entry?.version.promptId);
    const found = pinFindings({ committed, served });
    if (served.renamedTo === undefined) return found;
    const what = `${refText(ref)} was renamed to ${quoted(served.renamedTo)} on the platform.`;
    return [warning("platform", what, "Change the name in the import or in the config."), ...found];
  } catch (error) {
    if (isUnknownForm(error)) return problemsOf("platform", error, cwd);
    if (!isMissing(error)) throw error;
    if (committed !== undefined) return pinFindings({ committed });
    const fix = `Create ${refText(ref)} on the platform, or remove its import.`;
    return ref === NOBODY ? [] : problemsOf("platform", error, cwd, fix);
  }
}

function pinFindings(asked: SideVersion): readonly Finding[] {
  const state = pinState(asked);
  if (asked.committed === undefined || state === undefined) return [];
  const { ref } = asked.committed;
  const text = `${refText(ref)}: ${state.message}.`;
  return [state.grade === "none" ? ok("pin", text) : warning("pin", text, `See: scope-gen diff ${ref.name}`)];
}

/** The form of a version for a report: the names and kinds of its fields, and none of its texts but the type. */
function formOf(body: Uint8Array): JsonObject | undefined {
  const fields = parsed(new TextDecoder().decode(body));
  if (!isObject(fields)) return undefined;
  const { prompt_type: type, content } = fields;
  return {
    prompt_type: typeof type === "string" ? type.slice(0, 80) : kindsIn(type, 0),
    content: kindsIn((typeof content === "string" && parsed(content)) || content, 4),
    fields: kindsIn(fields, 1),
  };
}

/** Kinds instead of values, down to some level; of an array each different item once: `[{ role: "string" }]`. */
function kindsIn(value: unknown, levels: number): JsonValue {
  const inside = (one: unknown) => kindsIn(one, levels - 1);
  if (Array.isArray(value) && levels > 0)
    return [...new Map(value.map((one) => [JSON.stringify(inside(one)), inside(one)])).values()];
  if (isObject(value) && levels > 0)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one)]));
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** A JSON text's value; undefined for another text. */
function parsed(text: string): unknown {
  try {
    return isTooDeep(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
