import { createHash } from "node:crypto";
import { type PromptRef, refKey } from "../../prompt.ts";
import type { LintFinding } from "../../review/lint/lint-prompts.ts";
import { placeText } from "../lint/print-text.ts";
import { overBudgetText, versionsText, whatText } from "./print-text.ts";
import { pathIn, type Repository } from "./repository.ts";
import { type CheckedPrompt, typesProblem, type Verdict } from "./verdict.ts";

/** One thing to say about one place of the repository, for the tools that show a check next to the code. */
export interface Remark {
  /** A key of {@link RULES}, or the ID of a lint rule. */
  readonly rule: string;
  readonly level: "error" | "warning";
  /** Undefined: it's about the types as a whole. */
  readonly prompt: PromptRef | undefined;
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  /** From 1; undefined: it's about the whole file. */
  readonly line?: number;
  readonly column?: number;
  /** Text from elsewhere, which isn't safe to print. */
  readonly message: string;
  /** The same for the same remark in a later check, even if its lines have moved; unlike that of any other remark. */
  readonly fingerprint: string;
}

/** What the rules are about, by ID. Lint rules have their own names, and a page. */
export const RULES: Readonly<Record<string, string>> = {
  "broken-call": "A call or an import that doesn't fit the prompt.",
  "prompt-missing": "A prompt that's gone from the platform, or that was never committed.",
  "prompt-breaking": "A prompt whose new version changes the contract.",
  "prompt-compatible": "A prompt whose new version drops a variable or adds a metadata key.",
  "prompt-renamed": "A prompt that has another name on the platform now.",
  "prompt-values": "A prompt whose new version changes metadata values.",
  "prompt-text": "A prompt whose new version changes the text.",
  "over-budget": "A prompt that has more tokens than its budget allows.",
  "types-outdated": "Types that don't match the committed prompts.",
};

type Found = Omit<Remark, "fingerprint">;

/** Everything that a verdict says, place by place: for each prompt its calls, then itself. */
export function remarksOn(verdict: Verdict, repository: Repository): readonly Remark[] {
  const shown = (file: string) => pathIn(repository, file);
  const types = typesProblem(verdict, shown);
  const remarks: Found[] = verdict.prompts.flatMap((one) => remarksOnPrompt(one, verdict, shown));
  if (types !== undefined) {
    const message = `${types.what} Run: ${types.command}`;
    const path = shown(verdict.typesFile);
    remarks.push({ rule: "types-outdated", level: "warning", prompt: undefined, path, message });
  }
  return withFingerprints(remarks);
}

function remarksOnPrompt(
  prompt: CheckedPrompt,
  verdict: Verdict,
  shown: (file: string) => string,
): readonly Found[] {
  const { ref, file, change, calls, overBudget = [] } = prompt;
  const findings = (verdict.findings ?? []).filter((one) => refKey(one.prompt) === refKey(ref));
  const inFile = (rule: string, level: Remark["level"], message: string): Found => {
    return { rule, level, prompt: ref, path: shown(file), message };
  };
  return [
    ...calls.map(({ message, line, column, ...call }): Found => {
      const place = { path: shown(call.file), line, column };
      return { rule: "broken-call", level: "error", prompt: ref, ...place, message };
    }),
    ...(change === "none"
      ? []
      : [
          inFile(`prompt-${change}`, levelOf(prompt), `version ${versionsText(prompt)}: ${whatText(prompt)}`),
        ]),
    ...overBudget.map((one) =>
      inFile("over-budget", fromSeverity(one.severity), overBudgetText(prompt, one)),
    ),
    ...findings.map((one) => inFile(one.rule, fromSeverity(one.severity), findingText(one))),
  ];
}

function levelOf({ change, isBroken, stopsBuild }: CheckedPrompt): Remark["level"] {
  return isBroken || stopsBuild || change === "missing" ? "error" : "warning";
}

function fromSeverity(severity: "warn" | "error"): Remark["level"] {
  return severity === "error" ? "error" : "warning";
}

/** A finding's place is one in the prompt's text. The file around it has other lines. */
function findingText(finding: LintFinding): string {
  const place = placeText(finding);
  return `${place === undefined ? "" : `${place}: `}${finding.message} ${finding.hint}`;
}

function withFingerprints(remarks: readonly Found[]): readonly Remark[] {
  const seen = new Map<string, number>();
  return remarks.map((remark) => {
    const { rule, prompt, path, message } = remark;
    const key = JSON.stringify([rule, prompt === undefined ? null : refKey(prompt), path, message]);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const fingerprint = createHash("sha256").update(`${key}${before}`).digest("hex").slice(0, 32);
    return { ...remark, fingerprint };
  });
}
