import { expect } from "vitest";
import { ApiKeyCredentials, ScopeClient } from "../../src/client/index.ts";
import type { PromptContent } from "../../src/prompt.ts";
import { isMissing } from "../support/optional-tool.ts";
import { ourResult } from "./our-results.ts";
import {
  type Answer,
  type Call,
  type FoundAnswer,
  findPython,
  HTTPX,
  type Outcome,
  runPython,
} from "./python-sdk.ts";
import { bringsTag, oneAfterTheOther, onePass } from "./two-ways-to-fill.ts";

export const python = findPython();
if (python === undefined) isMissing(HTTPX, "the official Python SDK answers as it was recorded");

/** A call, and the template that it is answered with where it is answered with one. */
export interface Question {
  readonly call: Call;
  readonly content: PromptContent;
}

export function localClient(url: string): ScopeClient {
  const credentials = new ApiKeyCredentials({ orgId: "local", apiKey: "local", apiSecret: "local" });
  // The official SDKs know no roles: compared is what is stored.
  return new ScopeClient({ credentials, baseUrl: url, authApiUrl: url, roles: false });
}

/** What the Python SDK answers now. */
export async function askPython(url: string, questions: readonly Question[]): Promise<readonly Answer[]> {
  if (python === undefined) throw new Error("There's no Python with the SDK to ask");
  const credentials = { org_id: "local", api_key: "local", api_secret: "local" };
  const calls = questions.map(({ call }) => call);
  const options = { base_url: url, auth_api_url: url };
  const { sessions } = await runPython(python, { sessions: [{ credentials, options, calls }] });
  return sessions[0]?.answers ?? [];
}

/**
 * Asks our client the same and compares, question by question.
 *
 * @returns how many renderings there were, and how many of them differ where the two are known to
 */
export async function compare(
  url: string,
  questions: readonly Question[],
  theirs: readonly Answer[],
): Promise<{ renderings: number; differing: number }> {
  expect(theirs).toHaveLength(questions.length);
  await using client = localClient(url);
  const count = { renderings: 0, differing: 0 };
  for (const [index, question] of questions.entries()) {
    const ours = await ourResult(client, question.call);
    try {
      count.differing += compareAnswers(question, theirs[index] as Answer, ours);
    } catch (error) {
      throw new Error(`They part at ${JSON.stringify(question)}`, { cause: error });
    }
    count.renderings += question.call.renders?.length ?? 0;
  }
  return count;
}

function compareAnswers({ call, content }: Question, theirs: Answer, ours: Answer): number {
  if ("error" in theirs || "error" in ours) {
    expect(ours).toEqual(theirs);
    return 0;
  }
  expect(factsOf(ours)).toEqual(factsOf(theirs));
  let differing = 0;
  for (const [index, values] of (call.renders ?? []).entries()) {
    const [their, our] = [theirs.renders[index] as Outcome, ours.renders[index] as Outcome];
    expect(sorted(our)).toEqual(sorted(onePass(content, values)));
    if (typeof content !== "string") {
      // The table: chat content is not handled. It breaks on the list of messages, unless a name is wrong already.
      expect(their).toHaveProperty("error");
      expect(["AttributeError", "TypeError", "ValidationError"]).toContain("error" in their && their.error);
      differing += Number(!("error" in our) || our.error !== ("error" in their && their.error));
    } else if (JSON.stringify(sorted(their)) !== JSON.stringify(sorted(our))) {
      // The table: sequential replacement. Nothing else may part the two.
      expect(bringsTag(content, values)).toBe(true);
      expect(sorted(their)).toEqual(sorted(oneAfterTheOther(content, values)));
      differing += 1;
    }
  }
  return differing;
}

/** Everything but the renderings. Names are sets: the SDK for Python gives them in no order of their own. */
function factsOf(answer: FoundAnswer): unknown {
  const { renders, variables, ...facts } = answer;
  return { ...facts, renders: renders.length, variables: variables === null ? null : [...variables].sort() };
}

function sorted(outcome: Outcome): Outcome {
  return "missing" in outcome ? { ...outcome, missing: [...(outcome.missing ?? [])].sort() } : outcome;
}
