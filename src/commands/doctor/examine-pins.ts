import type { Project } from "../../project/project.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { refKey, refText } from "../../prompt.ts";
import { findPinNotes } from "../pin-notes.ts";
import type { SelectedImport } from "../select-imports.ts";
import { type Finding, ok } from "./finding.ts";

/**
 * Pins on versions that somebody may have forgotten: production has left them behind, or they're drafts. None of this
 * is an error.
 *
 * @param isAsked whether to ask the platform, if it can be asked
 */
export async function examinePins(
  project: Project,
  imports: readonly SelectedImport[],
  isAsked: boolean,
): Promise<readonly Finding[]> {
  const refs = new Map(imports.map(({ request: { ref } }) => [refKey(ref), ref]));
  const prompts = await Promise.all(
    [...refs.values()].map(async (ref) => ({
      ref,
      committed: (await loadIfSound(project.options.snapshotDir, ref))?.version,
    })),
  );
  const asked = isAsked ? project : { ...project, fetchVersion: undefined };
  const { notes, problem } = await findPinNotes(asked, prompts);
  const findings = [...notes].flatMap(([key, own]) => {
    const ref = refs.get(key);
    return ref === undefined ? [] : own.map((note) => ok("pins", `${refText(ref)}: ${note}`));
  });
  if (problem === undefined) return findings;
  return [...findings, ok("pins", `How far production is ahead of them is not known. ${problem}`)];
}
