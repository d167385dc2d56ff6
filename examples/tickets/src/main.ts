import OpenAI from "openai";
import { ScopeClient } from "unplugin-scope/client";
import { answerTicket } from "./answer-ticket.ts";

// Both take their addresses and keys from the environment.
const prompts = new ScopeClient();
try {
  const { team, reply } = await answerTicket(
    process.argv[2] ?? "I was charged twice.",
    new OpenAI(),
    prompts,
  );
  console.log(`${team}: ${reply}`);
} finally {
  await prompts.close();
}
