import { shortPath } from "../../errors/format-error.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { refKey } from "../../prompt.ts";
import { errorToJson } from "../error-json.ts";
import { notesJson, refJson } from "../json-parts.ts";
import type { PinNotes } from "../pin-notes.ts";
import type { PromptList } from "./list-prompts.ts";

/** A list as `list --json` prints it. */
export function listJson(
  { prompts, included, unused, computed }: PromptList,
  { notes }: Pick<PinNotes, "notes">,
  cwd: string,
) {
  const place = ({ file, line, column }: Omit<ScopeUse, "specifier">) => ({
    file: shortPath(file, cwd),
    line,
    column,
  });
  return {
    prompts: prompts.map(({ request, entry, variables, problem, uses }) => ({
      key: request.key,
      specifier: request.specifier,
      ...refJson(request.ref),
      live: request.live,
      syntax: request.syntax,
      type: entry?.version.type ?? null,
      versionId: entry?.version.id ?? null,
      versionNumber: entry?.version.versionNumber ?? null,
      status: entry?.version.status ?? null,
      environment: entry?.environment ?? null,
      ...notesJson(notes.get(refKey(request.ref)) ?? []),
      variables: variables ?? null,
      ...(problem === undefined ? {} : { problem: errorToJson(problem, cwd) }),
      uses: uses.map((use) => ({ specifier: use.specifier, ...place(use) })),
    })),
    included: included.map(({ request, entry, variables, problem, includedBy }) => ({
      specifier: request.specifier,
      ...refJson(request.ref),
      versionId: entry?.version.id ?? null,
      versionNumber: entry?.version.versionNumber ?? null,
      variables: variables ?? null,
      ...(problem === undefined ? {} : { problem: errorToJson(problem, cwd) }),
      includedBy: includedBy.map(refJson),
    })),
    unused: unused.map(refJson),
    computed: computed.map((use) => ({ text: use.text, ...place(use) })),
  };
}
