import type { Readable, Writable } from "node:stream";
import { confirm, isCancel } from "@clack/prompts";
import { ScopeError } from "../errors/scope-error.ts";

/**
 * Asks a person a question that is answered with yes or no; yes is the default.
 *
 * @throws ScopeError `cli_interrupted` for Ctrl-C and Escape
 */
export async function ask(message: string, streams: { input: Readable; output: Writable }): Promise<boolean> {
  const answer = await confirm({ message, ...streams });
  if (isCancel(answer)) throw new ScopeError("Stopped before the end.", { code: "cli_interrupted" });
  return answer;
}
