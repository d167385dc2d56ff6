import type { Change, Grade } from "../../contract/contract.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { Label, PromptRef } from "../../prompt.ts";
import type { OverBudget } from "../../review/cost/prompt-cost.ts";
import type { LintFinding } from "../../review/lint/lint-prompts.ts";
import type { CostSides, RenderedTokensSides } from "../cost/cost-sides.ts";
import type { ComparedPrompt } from "../diff/compare-prompts.ts";
import type { RenderedSample } from "../diff/render-samples.ts";
import type { CallPlace } from "./broken-calls.ts";

export interface CheckedPrompt {
  readonly ref: PromptRef;
  /** Absolute path of its snapshot file. */
  readonly file: string;
  /** The grade of the two versions, as `diff`, `pull` and builds report it. */
  readonly change: Grade;
  /** A call breaks, or may break where no compiler looks. */
  readonly isBroken: boolean;
  /** The next build stops at it, by the project's config. */
  readonly stopsBuild: boolean;
  /** Committed version number; undefined when nothing is committed. */
  readonly from: number | undefined;
  /** Version number that the platform serves; undefined when it wasn't asked, or has none. */
  readonly to: number | undefined;
  readonly changes: readonly Change[];
  /** By file and place. */
  readonly calls: readonly CallPlace[];
  /** Absolute paths of the files that import it and that no compiler checked, if the types of the versions differ. */
  readonly unseen: readonly string[];
  readonly compared: ComparedPrompt;
  /** What the versions cost, where they differ in it; see `measurePrompts`. */
  readonly cost?: CostSides | undefined;
  /** What the newest version at hand exceeds; undefined if that wasn't looked at. */
  readonly overBudget?: readonly OverBudget[] | undefined;
  /** What its samples render to, where the versions differ; undefined if that wasn't looked at. */
  readonly rendered?: RenderedSamples | undefined;
}

/** What a prompt's samples render to, with the committed version and with the other one. */
export interface RenderedSamples {
  readonly samples: readonly RenderedSample[];
  readonly tokens: RenderedTokensSides | undefined;
}

/**
 * Do the types on disk match the snapshot? `none`: there shouldn't be any, because of the config or because there are
 * no prompts. `conflict`: a file has merge conflict markers.
 */
export type TypesState = "current" | "stale" | "missing" | "conflict" | "none";

export interface Verdict {
  readonly status: "in-sync" | "compatible" | "breaking";
  readonly platform: "compared" | "skipped";
  /** How to have the platform asked, as a sentence that ends in a command; undefined if it was. */
  readonly howToAsk: string | undefined;
  /** The label that was compared with; undefined: each prompt's own pin. */
  readonly label: Label | undefined;
  /** What builds do with a version that changes the contract, as a sentence. */
  readonly builds: string;
  readonly types: TypesState;
  /** Absolute path of the one types file that isn't right; if it isn't just one, the path of all types. */
  readonly typesFile: string;
  /** By name, then pin. */
  readonly prompts: readonly CheckedPrompt[];
  /** What the rules for prompts found; undefined if they weren't applied. */
  readonly findings?: readonly LintFinding[] | undefined;
}

/**
 * What is wrong with the types, as a sentence, and the command that fixes it; undefined if nothing is.
 *
 * @param shown gives the text for a path
 */
export function typesProblem(
  { types, typesFile, prompts }: Pick<Verdict, "types" | "typesFile" | "prompts">,
  shown: (file: string) => string,
): { readonly what: string; readonly command: string } | undefined {
  if (types === "current" || types === "none") return undefined;
  const path = shown(typesFile);
  const what = {
    missing: `The types are missing (${path}).`,
    stale: `The types are out of date (${path}).`,
    conflict: `The types contain the marks of a merge conflict (${path}).`,
  }[types];
  // What isn't committed has to be fetched first.
  const isWhole = prompts.every(({ compared }) => compared.committed !== undefined);
  return { what, command: isWhole ? "scope-gen types" : "scope-gen pull" };
}

/**
 * What to know about a prompt apart from its changes, one line for each.
 *
 * @param shown gives the text for a path
 */
export function notesOn(prompt: CheckedPrompt, shown: (file: string) => string): readonly string[] {
  const { compared, unseen } = prompt;
  // Removing a variable is compatible, but `tsc` refuses a call that still gives it.
  const mayBreak = ["breaking", "compatible"].includes(compared.grade) && compared.committed !== undefined;
  if (mayBreak && isNotImported(prompt)) return [...compared.notes, NOT_IMPORTED];
  if (unseen.length === 0) return compared.notes;
  return [...compared.notes, unseenText(unseen, shown)];
}

/** What to know about files whose calls no compiler checked. */
export function unseenText(files: readonly string[], shown: (file: string) => string): string {
  const isScript = files.some((file) => /\.[cm]?jsx?$/i.test(file));
  const advice = isScript ? " (with checkJs in the tsconfig, JavaScript is checked)" : "";
  return `calls that no compiler checks: ${files.map(shown).join(", ")}${advice}`;
}

const NOT_IMPORTED = "no import of it was found. If the code imports files of scope-gen emit, run that first";

/**
 * Is it in the config, but not imported as far as we know? We can't tell missing `emit` files from other missing files,
 * so we can't be sure that no call breaks.
 */
export function isNotImported({ compared: { problem, specifiers, uses } }: CheckedPrompt): boolean {
  return problem === undefined && specifiers.length > 0 && uses.length === 0;
}

/** Is there something to say about what it costs: does a version change, or does a budget limit it? */
export function hasCost(prompt: CheckedPrompt): boolean {
  const { grade, problem } = prompt.compared;
  return problem === undefined && (grade !== "none" || limitedRequests(prompt).length > 0);
}

/** What asks for a prompt with a budget. The text of a prompt that others include counts as part of theirs. */
export function limitedRequests({
  compared: { requests, specifiers },
}: CheckedPrompt): readonly ResolvedImport[] {
  return specifiers.length === 0 ? [] : requests.filter(({ budget }) => budget.tokens !== undefined);
}

/** How many prompts exceed a budget. */
export function overBudgetCount({ prompts }: Pick<Verdict, "prompts">, severity?: "error"): number {
  const counts = ({ overBudget = [] }: CheckedPrompt) =>
    overBudget.some((one) => severity === undefined || one.severity === severity);
  return prompts.filter(counts).length;
}

/**
 * What a check without the platform has shown, as a sentence; undefined if the platform was asked, or something is
 * wrong already.
 */
export function offlineText({ platform, prompts, types }: Verdict): string | undefined {
  if (platform === "compared" || prompts.some(({ change }) => change !== "none")) return undefined;
  return `${types === "current" ? "imports and types" : "imports"} fit the committed prompts`;
}

/**
 * How many prompts have each grade, in words; empty if there are none. Without the platform, no prompt counts as in
 * step.
 */
export function countsText(
  prompts: readonly CheckedPrompt[],
  platform: Verdict["platform"] = "compared",
): string {
  const words: readonly (readonly [Grade, string, string?])[] = [
    ["missing", "missing"],
    ["breaking", "changes the contract", "change the contract"],
    ["compatible", "compatible"],
    ["renamed", "renamed"],
    ["values", "values only"],
    ["text", "text only"],
    ["none", platform === "compared" ? "in step" : "committed"],
  ];
  return words
    .map(([grade, one, more = one]) => {
      const those = prompts.filter(({ change }) => change === grade);
      const broken = grade === "missing" ? 0 : those.filter(({ isBroken }) => isBroken).length;
      const calls = broken === 0 ? "" : ` (${broken} ${broken === 1 ? "breaks" : "break"} calls)`;
      return those.length === 0 ? "" : `${those.length} ${those.length === 1 ? one : more}${calls}`;
    })
    .filter((text) => text !== "")
    .join(", ");
}

/** The whole from its parts: the worst of them, by what breaks and what the next build does. */
export function statusOf(prompts: readonly CheckedPrompt[], types: TypesState): Verdict["status"] {
  if (prompts.some(({ change, isBroken, stopsBuild }) => isBroken || stopsBuild || change === "missing"))
    return "breaking";
  const areRight = types === "current" || types === "none";
  return prompts.some(({ change }) => change !== "none") || !areRight ? "compatible" : "in-sync";
}
