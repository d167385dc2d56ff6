import { randomUUID } from "node:crypto";
import { BroadcastChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
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

/** The asker sleeps on `state` until the build has put the response into the channel. */
export interface Reply {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly channel: string;
}

/** A question as it's posted. */
export interface Posted {
  /** Undefined: the application is ending, so the build should clean up and end too. */
  readonly question: ModuleRequest | undefined;
  readonly reply: Reply;
}

/** States of a reply. */
const ASKED = 0;
const TAKEN = 1;
const RESPONDED = 2;
export const ENDED = 3;

/** A thread that hasn't started by then never will. */
const START_MS = 120_000;

/**
 * Asks the build in its thread, and blocks this thread until it responds. Works in every thread of the process.
 *
 * @throws like {@link waitFor}
 */
export function ask(channel: string, question: ModuleRequest): ModuleResponse {
  return waitFor((reply) => send(channel, { question, reply }));
}

/** Ends the build's thread, and waits until it has cleaned up. */
export function endBuild(channel: string): void {
  const reply = newReply();
  send(channel, { question: undefined, reply });
  sleepOn(reply);
}

/**
 * Blocks until a reply arrives, and prints what the build reports.
 *
 * @param post hands the reply to the build
 * @throws an Error for a person with the error's `code`; see {@link readableError}
 */
export function waitFor(post: (reply: Reply) => void): ModuleResponse {
  const reply = newReply();
  const inbox = new BroadcastChannel(reply.channel);
  post(reply);
  sleepOn(reply);
  // Works for both, but isn't typed for this one.
  const received = receiveMessageOnPort(inbox as unknown as MessagePort);
  inbox.close();
  if (received === undefined) {
    const text = "register_ended  The thread that compiles prompts has ended, or never started.";
    throw readableError(text, "register_ended");
  }
  const response: ModuleResponse = received.message;
  for (const text of response.notes) console.error(text);
  if (response.error !== undefined) throw readableError(response.error.text, response.error.code);
  return response;
}

function newReply(): Reply {
  return { state: new Int32Array(new SharedArrayBuffer(4)), channel: randomUUID() };
}

function send(channel: string, message: Posted | ModuleResponse): void {
  const sender = new BroadcastChannel(channel);
  sender.postMessage(message);
  sender.close();
}

function sleepOn({ state }: Reply): void {
  Atomics.wait(state, 0, ASKED, START_MS);
  Atomics.wait(state, 0, TAKEN);
}

/** In the build's thread: marks the question as seen. */
export function take({ state }: Reply): void {
  wake(state, TAKEN);
}

export function give({ state, channel }: Reply, response: ModuleResponse): void {
  send(channel, response);
  wake(state, RESPONDED);
}

/** In the build's thread: it is ending, so nobody should wait for it. */
export function end({ state }: Reply): void {
  wake(state, ENDED);
}

function wake(state: Reply["state"], value: number): void {
  Atomics.store(state, 0, value);
  Atomics.notify(state, 0);
}
