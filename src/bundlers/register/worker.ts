import { BroadcastChannel, workerData } from "node:worker_threads";
import type { Prompts } from "../../run/open-prompts.ts";
import { ENDED, give, type ModuleResponse, type Posted, type Reply, TAKEN, wake } from "./exchange.ts";

/** What the starting thread passes to this one. */
export interface WorkerData {
  readonly channel: string;
  /** Resolved when the prompts are there, before the application's first module. */
  readonly ready: Reply;
}

const { channel, ready } = workerData as WorkerData;
const open = new Set<Reply>();
const notes: string[] = [];
const note = (text: string) => void notes.push(text);

// Covers whatever ends this thread, including a config that calls process.exit: the other thread would otherwise wait
// forever.
process.on("exit", () => {
  for (const reply of open) wake(reply, ENDED);
});

let prompts: Prompts | undefined;
void response(ready, async () => {
  // Loaded here, so that an error in loading it can be reported.
  const { openPrompts } = await import("../../run/open-prompts.ts");
  prompts = await openPrompts({ info: note, warn: note });
  return { filesToWatch: prompts.filesToWatch, env: prompts.env };
});

const questions = new BroadcastChannel(channel);
questions.onmessage = (event) => {
  const { question, reply } = (event as { data: Posted }).data;
  if (question === undefined) {
    // Runs after the handlers that others registered: a temporary folder is removed before the application continues
    // to its end.
    process.on("exit", () => wake(reply, ENDED));
    process.exit();
  }
  void response(reply, async () => {
    if (prompts === undefined) throw new TypeError("A prompt was requested before the project was open.");
    return { file: await prompts.moduleFile(question) };
  });
};

/** Does the work and sends the outcome to the waiting thread. Never rejects: the other thread gets the error. */
async function response(reply: Reply, work: () => Promise<Omit<ModuleResponse, "notes">>): Promise<void> {
  open.add(reply);
  wake(reply, TAKEN);
  let outcome: Omit<ModuleResponse, "notes">;
  try {
    outcome = await work();
  } catch (error) {
    const { formatError } = await import("../../errors/format-error.ts");
    const code = (error as { code?: unknown } | undefined)?.code;
    outcome = {
      error: {
        code: typeof code === "string" ? code : "register_failed",
        text: formatError(error, { cwd: process.cwd() }),
      },
    };
  }
  give(reply, { ...outcome, notes: notes.splice(0) });
  open.delete(reply);
}
