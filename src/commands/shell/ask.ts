import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadStream } from "node:tty";
import { isCancel, select, text } from "@clack/prompts";
import { printableLine } from "../../errors/printable.ts";
import { ScopeError } from "../../errors/scope-error.ts";
import type { Choice } from "./io.ts";

/** How long a terminal can take to deliver what was typed before. */
const PENDING_MS = 50;
const CTRL_C = 3;

/**
 * Asks a person a yes/no question, answered with Enter after it; Enter alone means yes. Keys pressed before the
 * question was shown never answer it, and neither does a single key: `y` and Enter, typed out of habit, answer one
 * question and not two.
 *
 * @throws ScopeError `cli_interrupted` for Ctrl-C and Escape
 */
export async function ask(
  message: string,
  streams: { readonly input: ReadStream; readonly output: Writable },
): Promise<boolean> {
  await discardPending(streams.input);
  const answer = await text({
    message: `${printableLine(message)} (Y/n)`,
    defaultValue: "yes",
    validate: (typed) =>
      /^(?:y|yes|n|no)?$/i.test((typed ?? "").trim()) ? undefined : "Type y or n, or press Enter for yes.",
    ...streams,
  });
  if (isCancel(answer)) throw interrupted();
  return !/^\s*n/i.test(answer);
}

/**
 * Asks a person to choose one of several; Enter alone chooses the first. As with {@link ask}, what was typed before the
 * question was shown answers nothing.
 *
 * @returns the value that was chosen
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
  return new ScopeError("The command was stopped before it finished.", { code: "cli_interrupted" });
}
