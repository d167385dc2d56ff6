import { GRADES, type Grade } from "../../contract/contract.ts";
import type { JsonRef, Overview } from "../inspector.ts";
import type { SideOption } from "../versions.ts";

/** A prompt in the list: what `list`, `diff` and the server say of it. */
export type Row = ReturnType<typeof rowsOf>[number];

/** The prompts of a project: the worst grade first, then by name and pin. */
export function rowsOf({ list, diff, prompts }: Overview) {
  const compared = new Map(diff.prompts.map((one) => [mentionKey(one), one]));
  const rows = list.prompts.map((listed, at) => {
    const { versionNumber, variables, problem, pin } = listed;
    const own = compared.get(mentionKey(listed));
    const { isKnown, preview, calls = 0, problem: failure } = prompts[at] ?? {};
    return {
      ...listed,
      ref: mentionKey(listed),
      pin: shownPinOf(pin, versionNumber),
      isPinned: "version" in pin,
      committed: versionNumber ?? undefined,
      /** Version number that the platform serves now. */
      current: own?.to?.versionNumber,
      /** Undefined if the platform wasn't asked, or has never responded for this prompt. */
      grade: isKnown === false ? undefined : own?.change,
      /** The grade is of an earlier response. */
      isStale: isKnown === true,
      changes: own?.changes ?? [],
      variables: variables ?? [],
      calls,
      notes: (own?.notes ?? []).concat(preview ?? []),
      /** Why it can't be used. */
      problem: failure ?? problem?.message ?? own?.problem?.message,
      /** Changes whenever its code or one of the two versions changes. */
      digest: JSON.stringify([listed, own, isKnown === false]),
    };
  });
  return rows.sort((a, b) => rank(a) - rank(b) || (a.ref < b.ref ? -1 : 1));
}

/** `production`, `version 2`, or the ID of a version whose number isn't known. */
export function shownPinOf(pin: JsonRef["pin"], versionNumber: number | null = null): string {
  if ("label" in pin) return pin.label;
  return versionNumber === null ? pin.version : `version ${versionNumber}`;
}

/** The same for each mention of a prompt and pin. */
export function mentionKey({ name, pin }: JsonRef): string {
  return JSON.stringify([name, pin]);
}

/** Without a grade, a prompt with a problem comes after those that break, and another one before those in step. */
function rank({ grade, problem }: { grade: Grade | undefined; problem: string | undefined }): number {
  if (grade === undefined) return problem === undefined ? 5.5 : 1.5;
  return GRADES.indexOf(grade);
}

/** The first of these sides that is available; otherwise any. */
export function sideIn(versions: readonly SideOption[], ...wanted: readonly string[]): string {
  const sides = versions.map(({ side }) => side);
  return wanted.find((side) => sides.includes(side)) ?? sides[0] ?? "";
}

/** `3 (production)`, by the name of the side. */
export function versionOptions(versions: readonly SideOption[]) {
  return versions.map(({ side, number, place, status }) => {
    const notes = status === "published" ? place : `${place}, ${status}`;
    return [side, `${number} (${notes})`] as const;
  });
}
