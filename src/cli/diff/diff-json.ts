import type { PromptVersionData } from "../../prompt.ts";
import type { PromptDiff } from "../../tasks/diff-prompts.ts";
import { errorToJson } from "../error-json.ts";
import { changesJson, refJson } from "../ref-json.ts";
import { metadataChanges } from "./diff-text.ts";
import { partDiffs } from "./message-diffs.ts";

/** The differences of some prompts as `--json` prints them. */
export function diffJson(diffs: readonly PromptDiff[]): unknown {
  return {
    prompts: diffs.map(({ ref, from, to, grade, changes, problem }) => ({
      ...refJson(ref),
      from: versionJson(from),
      to: versionJson(to),
      change: grade,
      changes: changesJson(changes),
      ...(problem === undefined ? {} : { problem: errorToJson(problem, "") }),
      content: partDiffs(from?.content, to?.content).map(({ title, hunks }) => ({
        ...(title === undefined ? {} : { message: title }),
        diff: hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n"),
      })),
      metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}).map((change) => ({
        key: change.key,
        from: change.from === undefined ? null : JSON.parse(change.from),
        to: change.to === undefined ? null : JSON.parse(change.to),
      })),
    })),
  };
}

function versionJson(version: PromptVersionData | undefined) {
  return version === undefined ? null : { versionId: version.id, versionNumber: version.versionNumber };
}
