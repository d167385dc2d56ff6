import pMap from "p-map";
import type { Transport } from "../../client/http/transport.ts";
import { createUndiciTransport } from "../../client/http/undici-transport.ts";
import { isOutage } from "../../client/index.ts";
import { Requester } from "../../client/requester.ts";
import { hasProxy, processEnv } from "../../environment.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { fetchByNameOrId } from "../../project/versions/source.ts";
import { isUnknownForm } from "../../project/versions/version-errors.ts";
import {
  isObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
  type PromptRef,
  refText,
} from "../../prompt.ts";
import { type FetchedPrompt, isMissing } from "../fetch-versions.ts";
import { pinState } from "../pin-notes.ts";
import { type Finding, ok, problemsOf, warning } from "./finding.ts";

/** The platform refuses tokens when the two clocks are further apart than this. */
const MAX_SKEW_MS = 60_000;

/** Long enough for a slow network; somebody is waiting at a terminal. */
const PATIENCE_MS = 10_000;

/** Requested if the project has no prompt: a 404 for this name shows that the login works. */
const NOBODY: PromptRef = { name: "scope-gen-doctor", pin: { kind: "label", label: "production" } };

/** Logs in, asks for each prompt of the project once, and compares the clocks. */
export async function examinePlatform(
  options: ResolvedOptions,
  refs: readonly PromptRef[],
  cwd: string,
): Promise<readonly Finding[]> {
  const { baseUrl, credentials } = options.connection;
  if (baseUrl === undefined || credentials === undefined || options.fetch === "never") {
    const lack = credentials === undefined ? "there are no credentials" : "there's no address";
    const why = options.fetch === "never" ? 'fetch is "never"' : lack;
    return [ok("login", `Not tried: ${why}.`)];
  }
  const trial = await tryOnce(options, refs.length === 0 ? [NOBODY] : refs);
  const { isLoggedIn, loginUrl, clockAheadMs, failed: { ref, error } = {} } = trial;
  const forms = [...trial.forms.values()];
  const host = new URL(baseUrl).host;
  const clock = clockAheadMs === undefined ? [] : [clockFinding(clockAheadMs)];
  if (!isLoggedIn)
    return [
      ...problemsOf("login", error, cwd, "Check SCOPE_API_URL, SCOPE_AUTH_API_URL and the network."),
      ...clock,
    ];
  const login = ok("login", loginText(loginUrl));
  if (ref === undefined || (ref === NOBODY && isMissing(error)))
    return [login, { ...ok("platform", `responds at ${host}`), forms }, ...trial.pins, ...clock];
  const fix = isMissing(error)
    ? `Create ${refText(ref)} on the platform, or remove its import.`
    : isOutage(error)
      ? "Check SCOPE_API_URL and the network."
      : undefined;
  const problems = problemsOf("platform", error, cwd, fix).map((one) => ({ ...one, forms }));
  return [login, ...problems, ...trial.pins, ...clock];
}

/** What one attempt to reach the platform showed. */
interface Trial {
  /** There was a token, from a login or `getToken()`. */
  isLoggedIn: boolean;
  /** Address and path that the login worked at; undefined when none did. */
  loginUrl?: string;
  /** How far this machine's clock is ahead of the server's, in ms; undefined when no response gave a time. */
  clockAheadMs?: number;
  /** The first prompt that couldn't be fetched, and why; undefined when all were. */
  failed?: { readonly ref: PromptRef; readonly error: unknown };
  /** Each form of a version once. */
  readonly forms: Map<string, JsonObject>;
  /** How the platform's copies of committed pins differ. Builds ship what is committed, so that isn't a problem. */
  pins: readonly Finding[];
}

/** Logs in and asks for each prompt once: no retries. */
async function tryOnce(
  { snapshotDir, connection, concurrency }: ResolvedOptions,
  refs: readonly PromptRef[],
): Promise<Trial> {
  const trial: Trial = { isLoggedIn: false, forms: new Map(), pins: [] };
  const timeoutMs = Math.min(connection.timeoutMs, PATIENCE_MS);
  const transport = createUndiciTransport({
    openTimeoutMs: Math.min(connection.openTimeoutMs, PATIENCE_MS),
    useProxy: hasProxy(processEnv()),
  });
  const watching: Transport = {
    close: () => transport.close(),
    async request(request) {
      // The request for the prompt has the token.
      if (request.method === "GET") trial.isLoggedIn = true;
      const sentAt = Date.now();
      const response = await transport.request(request);
      const serverTime = Date.parse(response.header("date") ?? "");
      // The response was written sometime between the two, to the second.
      if (!Number.isNaN(serverTime)) trial.clockAheadMs = (sentAt + Date.now()) / 2 - (serverTime + 500);
      if (request.method === "POST" && response.status === 200)
        trial.loginUrl = request.origin + request.path;
      const form = request.method === "GET" && response.status === 200 ? formOf(response.body) : undefined;
      if (form !== undefined) trial.forms.set(JSON.stringify(form), form);
      return response;
    },
  };
  const requester = new Requester(
    { ...connection, timeoutMs, deadlineMs: 2 * PATIENCE_MS, maxRetries: 0 },
    { transport: watching },
  );
  let hasEnded = false;
  const first = refs.find(({ pin }) => pin.kind === "label") ?? refs[0];
  const ask = async (ref: PromptRef): Promise<readonly Finding[]> => {
    const committed = await loadIfSound(snapshotDir, ref);
    const pinned = ref.pin.kind === "version" ? committed : undefined;
    const promptIdOf = async () => committed?.version.promptId;
    try {
      const served = await fetchByNameOrId(ref, (one) => requester.fetchFirst(one), promptIdOf);
      return pinFindings({ committed: pinned, served });
    } catch (error) {
      if (isMissing(error) && pinned !== undefined) return pinFindings({ committed: pinned });
      const isAboutOne = isMissing(error) || isUnknownForm(error);
      // One of them shows whether prompts are found at all; `check` says which are gone.
      if (hasEnded || (isMissing(error) && ref !== first)) return [];
      if (!isAboutOne || trial.failed === undefined) trial.failed = { ref, error };
      hasEnded = !isAboutOne;
      if (hasEnded) throw error;
      return [];
    }
  };
  // What isn't about one prompt ends it, and is in the trial.
  trial.pins = (await pMap(refs, ask, { concurrency }).catch(() => [])).flat();
  await requester.close();
  return trial;
}

function pinFindings(asked: FetchedPrompt): readonly Finding[] {
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
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, kindsIn(value, 0)])),
  };
}

/**
 * Kinds instead of values, down to some level; of an array each different item once.
 *
 * @example kindsIn([{ role: "user" }, { role: "ai" }], 2) // [{ role: "string" }]
 */
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

/** Where the token came from, with the route: there are two. */
function loginText(url: string | undefined): string {
  if (url === undefined) return "not needed: credentials.getToken() returned a token";
  const { host, pathname } = new URL(url);
  return `works at ${host}${pathname}`;
}

function clockFinding(aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= MAX_SKEW_MS) return ok("clock", "agrees with the platform's");
  return warning(
    "clock",
    `This machine's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} the platform's.`,
    "Synchronise it with a time server: the platform can refuse tokens while the clocks differ.",
  );
}
