import triage, { attributes, metadata } from "scope:triage";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import type OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ScopeClient } from "unplugin-scope/client";
import * as z from "zod";

const tracer = trace.getTracer("tickets");

/** What the model answers. */
const Sorted = z.object({
  team: z.enum(["billing", "shipping", "support"]).describe("Who answers."),
  summary: z.string().describe("One sentence."),
});

/** Sorts a ticket and writes the first reply to it. */
export async function answerTicket(ticket: string, openai: OpenAI, prompts: ScopeClient) {
  const { team, summary } = await sort(ticket, openai);
  // The shop changes this text without a release: the client fetches it by name while the application runs.
  const reply = await prompts.renderPrompt("first-reply", { team, summary });
  return { team, reply };
}

/** What the model makes of a ticket: built in, typed on both ends, and traced as the version that it is. */
function sort(ticket: string, openai: OpenAI): Promise<z.infer<typeof Sorted>> {
  return tracer.startActiveSpan("triage", { attributes }, async (span) => {
    try {
      const { choices } = await openai.chat.completions.parse({
        model: metadata.model,
        messages: triage({ ticket }),
        response_format: zodResponseFormat(Sorted, "triage"),
      });
      const answer = choices[0]?.message.parsed;
      if (!answer) throw new Error("The model gave no answer.");
      return answer;
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
