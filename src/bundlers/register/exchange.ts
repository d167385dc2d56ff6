import type { ResolveHookContext } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BroadcastChannel } from "node:worker_threads";
import { readableError } from "../../errors/printable.ts";
import type { ModuleRequest } from "../../run/open-prompts.ts";

/** What comes back. All text is for a person, already formatted. */
export interface ModuleResponse {
  /** Absolute path of the module. */
  readonly file?: string;
  readonly error?: { readonly code: string; readonly text: string };
  /** Files that the response was made from, for `node --watch`. */
  readonly filesToWatch?: readonly string[];
  /** For live prompts in development. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the build reports, for stderr: stdout is the application's. */
  readonly notes: readonly string[];
}

/**
 * Two words: a state, on which the asker sleeps, and the length of the response. Its bytes follow: Deno can't receive a
 * message while its thread sleeps.
 */
export type Reply = SharedArrayBuffer;

/** A question as it's posted. */
export interface Posted {
  /** Undefined: the application is ending, so the build should clean up and end too. */
  readonly question: ModuleRequest | undefined;
  readonly reply: Reply;
}

const HEADER_BYTES = 8;
/** As much as a reply can grow to; nothing is allocated for it. */
const MAX_BYTES = 1 << 28;
/** States of a reply. */
const ASKED = 0;
/** The build has seen the question. */
export const TAKEN = 1;
const RESPONDED = 2;
/** The build is ending, so nobody should wait for it. */
export const ENDED = 3;

/** A thread that hasn't started by then never will. */
const START_MS = 120_000;

/** Ends the build's thread, and waits until it has cleaned up. */
export function endBuild(channel: string): void {
  const reply = newReply();
  broadcast(channel, { question: undefined, reply });
  sleepOn(reply);
}

/**
 * Blocks until a reply arrives, and prints what the build reports.
 *
 * @param hand gives the reply to the build
 * @throws an Error for a person with the error's `code`; see {@link readableError}
 */
export function waitFor(hand: (reply: Reply) => void): ModuleResponse {
  const reply = newReply();
  hand(reply);
  sleepOn(reply);
  const [state, length = 0] = new Int32Array(reply, 0, 2);
  if (state !== RESPONDED) {
    const text = "register_ended  The thread that compiles prompts has ended, or never started.";
    throw readableError(text, "register_ended");
  }
  // Decoding refuses shared memory, so it gets a copy.
  const bytes = new Uint8Array(reply, HEADER_BYTES, length).slice();
  const response: ModuleResponse = JSON.parse(new TextDecoder().decode(bytes));
  for (const text of response.notes) console.error(text);
  if (response.error !== undefined) throw readableError(response.error.text, response.error.code);
  return response;
}

function newReply(): Reply {
  return new SharedArrayBuffer(HEADER_BYTES, { maxByteLength: MAX_BYTES });
}

function broadcast(channel: string, message: Posted): void {
  const sender = new BroadcastChannel(channel);
  sender.postMessage(message);
  sender.close();
}

function sleepOn(reply: Reply): void {
  const words = new Int32Array(reply, 0, 2);
  Atomics.wait(words, 0, ASKED, START_MS);
  // What wakes this thread can be the news that the question was taken, if that comes late.
  while (Atomics.load(words, 0) === TAKEN) Atomics.wait(words, 0, TAKEN);
}

export function give(reply: Reply, response: ModuleResponse): void {
  const bytes = new TextEncoder().encode(JSON.stringify(response));
  reply.grow(HEADER_BYTES + bytes.length);
  new Uint8Array(reply, HEADER_BYTES).set(bytes);
  Atomics.store(new Int32Array(reply, 0, 2), 1, bytes.length);
  wake(reply, RESPONDED);
}

/** In the build's thread: tells the asker how it stands. */
export function wake(reply: Reply, value: number): void {
  const words = new Int32Array(reply, 0, 2);
  Atomics.store(words, 0, value);
  Atomics.notify(words, 0);
}

/**
 * Node's resolve hook: finds `scope:` imports, and passes their files on like all other imports: AdonisJS's hook, for one,
 * must have seen a module before it sees what that imports.
 *
 * @throws like {@link promptFile}
 */
export function resolvePrompt<Next extends object>(
  channel: string,
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context: ResolveHookContext) => Next,
) {
  if (!specifier.startsWith("scope:")) return next(specifier, context);
  const { parentURL } = context;
  const importer = parentURL?.startsWith("file:") ? fileURLToPath(parentURL) : undefined;
  const file = promptFile(channel, specifier, importer);
  const isRequired = context.conditions.includes("require");
  const resolved = next(isRequired ? file : pathToFileURL(file).href, context);
  const asModule = <One extends object>(one: One) => ({ ...one, format: "module" as const });
  // In the hooks thread.
  return resolved instanceof Promise ? resolved.then(asModule) : asModule(resolved);
}

/**
 * The path of a `scope:` import's module. Asks the build in its thread, and blocks this thread, which can be any of the
 * process, until it responds.
 *
 * @throws like {@link waitFor}
 */
export function promptFile(channel: string, specifier: string, importer: string | undefined): string {
  const { file } = waitFor((reply) => broadcast(channel, { question: { specifier, importer }, reply }));
  if (file === undefined) throw new TypeError(`${specifier} was resolved without a file.`);
  return file;
}
