import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadStream } from "node:tty";
import { isCancel, select, text } from "@clack/prompts";
import { ScopeError } from "../../errors/scope-error.ts";
import type { Choice } from "./io.ts";

/** As long as a terminal may take to hand over what was typed before. */
const PENDING_MS = 50;
const CTRL_C = 3;

/**
 * Asks a person a question that is answered with yes or no and Enter; Enter alone is yes. An answer is never taken from
 * a key that was pressed before the question stood there, nor by a single key: `y` and Enter, typed by habit, answer
 * one question and not two.
 *
 * @throws ScopeError `cli_interrupted` for Ctrl-C and Escape
 */
export async function ask(
  message: string,
  streams: { readonly input: ReadStream; readonly output: Writable },
): Promise<boolean> {
  await discardPending(streams.input);
  const answer = await text({
    message: `${message} (Y/n)`,
    defaultValue: "yes",
    validate: (typed) =>
      /^(?:y|yes|n|no)?$/i.test((typed ?? "").trim()) ? undefined : "Type y or n, or press Enter for yes.",
    ...streams,
  });
  if (isCancel(answer)) throw interrupted();
  return !/^\s*n/i.test(answer);
}

/**
 * Asks a person to take one of several; Enter alone takes the first. As with {@link ask}, what was typed before the
 * question stood there answers nothing.
 *
 * @returns the value of the one that was taken
 * @throws ScopeError `cli_interrupted` for Ctrl-C and Escape
 */
export async function choose(
  message: string,
  choices: readonly Choice[],
  streams: { readonly input: ReadStream; readonly output: Writable },
): Promise<string> {
  await discardPending(streams.input);
  const answer = await select<string>({ message, options: [...choices], ...streams });
  if (isCancel(answer)) throw interrupted();
  return answer;
}

async function discardPending(input: ReadStream): Promise<void> {
  let isInterrupted = false;
  const onTyped = (typed: Uint8Array) => {
    isInterrupted ||= typed.includes(CTRL_C);
  };
  input.setRawMode(true);
  input.on("data", onTyped);
  await sleep(PENDING_MS);
  input.off("data", onTyped);
  input.pause();
  input.setRawMode(false);
  if (isInterrupted) throw interrupted();
}

function interrupted(): ScopeError {
  return new ScopeError("Stopped before the end.", { code: "cli_interrupted" });
}
