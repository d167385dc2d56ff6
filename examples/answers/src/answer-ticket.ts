import triage, { attributes, metadata, type Output, output } from "scope:triage";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import type OpenAI from "openai";
import { standardResponseFormat } from "openai/helpers/standard-schema";
import type { ScopeClient } from "unplugin-scope/client";

const tracer = trace.getTracer("answers");

/** Sorts a ticket and writes the first reply to it. */
export async function answerTicket(ticket: string, openai: OpenAI, prompts: ScopeClient) {
  const { team, summary } = await sort(ticket, openai);
  // The shop changes this text without a release: the client fetches it by name while the application runs.
  const reply = await prompts.renderPrompt("first-reply", { team, summary });
  return { team, reply };
}

/** What the model makes of a ticket: built in, typed on both ends, and traced as the version that it is. */
function sort(ticket: string, openai: OpenAI): Promise<Output> {
  return tracer.startActiveSpan("triage", { attributes }, async (span) => {
    try {
      const completion = await openai.chat.completions.create({
        model: metadata.model,
        messages: triage({ ticket }),
        response_format: standardResponseFormat(output, "triage"),
      });
      return output.parse(completion.choices[0]?.message.content);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
