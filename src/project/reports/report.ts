import { relative } from "node:path";
import { toPosix } from "../../errors/printable.ts";
import type { Label } from "../../prompt.ts";
import type { CallPlace } from "../calls/broken-calls.ts";
import type { TypesState } from "../types/types-file.ts";
import type { ComparedPrompt } from "../versions/compare-prompts.ts";
import type { ResolvedPrompt } from "../versions/resolve.ts";
import { callJson, changesJson, costJson, errorToJson, notesJson, refJson } from "./json-parts.ts";

/** What is committed for a prompt and what the platform serves now, and what that means for the code and for builds. */
export interface CheckedPrompt extends ComparedPrompt, ResolvedPrompt {
  /** Absolute path of its snapshot file. */
  readonly file: string;
  /** A call breaks, or may break where no compiler looks, or what the code sends no longer arrives. */
  readonly isBroken: boolean;
  /** The next build stops at it, by the project's config. */
  readonly stopsBuild: boolean;
  /** By file and place. */
  readonly calls: readonly CallPlace[];
  /** Absolute paths of the files that import it and that no compiler checked, if the types of the versions differ. */
  readonly unseen: readonly string[];
  /** What the newest version at hand exceeds; undefined if that wasn't looked at. */
  readonly overBudget?: readonly string[] | undefined;
}

/** What a check found; every format prints it. */
export interface CheckReport extends TypesState {
  /** `unknown`: nothing breaks, but a prompt can't be read. */
  readonly status: "in-sync" | "compatible" | "breaking" | "unknown";
  readonly platform: "compared" | "skipped";
  /** How to have the platform asked, as a sentence that ends in a command; undefined if it was. */
  readonly howToAsk: string | undefined;
  /** The label that was compared with; undefined: each prompt's own pin. */
  readonly label: Label | undefined;
  /** What builds do with a version that changes the contract, as a sentence. */
  readonly builds: string;
  /** By name, then pin. */
  readonly prompts: readonly CheckedPrompt[];
  /** What makes the result less certain, and damaged snapshot files that nothing uses. */
  readonly warnings: readonly string[];
}

/** Does something break, or does the next build stop? Of a version that can't be read we don't know. */
export function isError({ grade, isUnreadable, isBroken, stopsBuild }: CheckedPrompt): boolean {
  return !isUnreadable && (isBroken || stopsBuild || grade === "missing");
}

/** What to know about a prompt apart from its changes, one line for each. */
export function notesOn(prompt: CheckedPrompt, cwd: string): readonly string[] {
  const { grade, from, notes } = prompt;
  const mayBreak = ["breaking", "compatible"].includes(grade) && from !== undefined;
  if (mayBreak && isNotImported(prompt)) return [...notes, NOT_IMPORTED];
  return withUnseen(prompt, cwd);
}

/** The notes on a prompt, with the files whose calls no compiler checked. */
export function withUnseen({ notes, unseen }: Pick<CheckedPrompt, "notes" | "unseen">, cwd: string) {
  if (unseen.length === 0) return notes;
  const isScript = unseen.some((file) => /\.[cm]?jsx?$/i.test(file));
  const advice = isScript ? " (with checkJs in the tsconfig, JavaScript is checked)" : "";
  const files = unseen.map((file) => toPosix(relative(cwd, file))).join(", ");
  return [...notes, `calls that no compiler checks: ${files}${advice}`];
}

const NOT_IMPORTED = "no import of it was found. If the code imports files of scope-gen emit, run that first";

/** In the config, but not imported as far as we know: the files of `emit` may be missing, and calls with them. */
export function isNotImported({ problem, specifiers, uses }: CheckedPrompt): boolean {
  return problem === undefined && specifiers.length > 0 && uses.length === 0;
}

/**
 * What is wrong with the types, as a sentence without its end, and the command that fixes it; undefined if nothing is.
 *
 * @param prompts of the project, with what is committed
 */
export function typesProblem(types: CheckReport["types"], prompts: readonly Pick<ComparedPrompt, "from">[]) {
  if (types === "current" || types === "none") return undefined;
  const what = {
    missing: "The types are missing",
    stale: "The types are out of date",
    conflict: "The types contain the marks of a merge conflict",
  }[types];
  // What isn't committed has to be fetched first.
  const isWhole = prompts.every(({ from }) => from !== undefined);
  return { what, command: isWhole ? "scope-gen types" : "scope-gen pull" };
}

/** A report as `check --json` prints it. Its shape is part of the public contract. */
export function checkJson({ status, platform, prompts }: CheckReport, cwd: string) {
  return {
    status,
    platform,
    prompts: prompts.map(({ overBudget = [], ...prompt }) => ({
      ...refJson(prompt.ref),
      change: prompt.grade,
      stopsBuild: prompt.stopsBuild,
      ...((prompt.isUnreadable || prompt.problem?.code === "metadata_invalid") && {
        problem: errorToJson(prompt.problem, cwd),
      }),
      changes: changesJson(prompt.changes),
      from: prompt.from?.versionNumber ?? null,
      to: prompt.to?.versionNumber ?? null,
      ...notesJson(notesOn(prompt, cwd)),
      ...costJson(prompt.cost),
      ...(overBudget.length > 0 && { overBudget }),
      calls: prompt.calls.map((call) => callJson(call, cwd)),
    })),
  };
}
