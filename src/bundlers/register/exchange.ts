import { BroadcastChannel } from "node:worker_threads";
import type { ModuleRequest } from "../../build/open-prompts.ts";
import { readableError } from "../../errors/readable-error.ts";

/** What comes back. All text is for a person, already formatted. */
export interface ModuleResponse {
  /** Absolute path of the module. */
  readonly file?: string;
  readonly error?: { readonly code: string; readonly text: string };
  /** Files that the response was made from, for `node --watch`. */
  readonly madeOf?: readonly string[];
  /** What the build reports, for stderr: stdout is the application's. */
  readonly notes: readonly string[];
}

/** A question as it's posted: the asker sleeps on `reply` and the build wakes it. */
export interface Posted {
  /** Undefined: the application is ending, so the build should clean up and end too. */
  readonly question: ModuleRequest | undefined;
  readonly reply: SharedArrayBuffer;
}

/** First word of a reply. */
const ASKED = 0;
const TAKEN = 1;
const RESPONDED = 2;
export const ENDED = 3;

const HEADER_BYTES = 8;
/** Room for one response. Only a list of very many errors is longer. */
const ROOM_BYTES = 1 << 20;
/** A thread that hasn't started by then never will. */
const START_MS = 120_000;

/** An empty reply, for one question. */
export function newReply(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + ROOM_BYTES);
}

/**
 * Asks the build in its thread, and blocks this thread until it responds. Works in every thread of the process.
 *
 * @throws like {@link waitFor}
 */
export function ask(channel: string, question: ModuleRequest): ModuleResponse {
  return waitFor(post(channel, question));
}

/** Ends the build's thread, and waits until it has cleaned up. */
export function endBuild(channel: string): void {
  sleepOn(post(channel, undefined));
}

function post(channel: string, question: ModuleRequest | undefined): SharedArrayBuffer {
  const reply = newReply();
  const sender = new BroadcastChannel(channel);
  sender.postMessage({ question, reply } satisfies Posted);
  sender.close();
  return reply;
}

/**
 * Blocks until the reply arrives, and prints what the build reports.
 *
 * @throws an Error for a person with the error's `code`; see {@link readableError}
 */
export function waitFor(reply: SharedArrayBuffer): ModuleResponse {
  const words = sleepOn(reply);
  if (Atomics.load(words, 0) !== RESPONDED) {
    const text = "register_ended  The thread that compiles prompts has ended, or never started.";
    throw readableError(text, "register_ended");
  }
  // Decoding refuses shared memory, so it gets a copy.
  const bytes = new Uint8Array(reply, HEADER_BYTES, Atomics.load(words, 1)).slice();
  const response: ModuleResponse = JSON.parse(new TextDecoder().decode(bytes));
  for (const text of response.notes) console.error(text);
  if (response.error !== undefined) throw readableError(response.error.text, response.error.code);
  return response;
}

function sleepOn(reply: SharedArrayBuffer): Int32Array<SharedArrayBuffer> {
  const words = new Int32Array(reply, 0, 2);
  Atomics.wait(words, 0, ASKED, START_MS);
  Atomics.wait(words, 0, TAKEN);
  return words;
}

/** In the build's thread: marks the question as seen. */
export function take(reply: SharedArrayBuffer): void {
  wake(reply, TAKEN);
}

export function give(reply: SharedArrayBuffer, response: ModuleResponse): void {
  let bytes = new TextEncoder().encode(JSON.stringify(response));
  if (bytes.length > ROOM_BYTES) {
    const code = "register_failed";
    const text = `${code}  Too many errors at once. Run scope-gen check to see them.`;
    bytes = new TextEncoder().encode(JSON.stringify({ error: { code, text }, notes: [] }));
  }
  new Uint8Array(reply, HEADER_BYTES).set(bytes);
  Atomics.store(new Int32Array(reply, 0, 2), 1, bytes.length);
  wake(reply, RESPONDED);
}

/** In the build's thread: it is ending, so nobody should wait for it. */
export function end(reply: SharedArrayBuffer): void {
  wake(reply, ENDED);
}

function wake(reply: SharedArrayBuffer, state: number): void {
  const words = new Int32Array(reply, 0, 2);
  Atomics.store(words, 0, state);
  Atomics.notify(words, 0);
}
