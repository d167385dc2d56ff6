import type { SnapshotEntry } from "../../../src/project/snapshot/format.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { promptSource } from "../../compiler/prompts.ts";

/** What is committed for a prompt and pin. */
export function snapshotEntry(
  { name, pin }: PromptRef,
  change: Partial<PromptVersionData> = {},
): SnapshotEntry {
  const isProduction = pin.kind === "label" && pin.label === "production";
  const version = { ...promptSource(change.content ?? "").version, isProduction, ...change };
  const { versionNumber } = version;
  const ref = { name, pin: pin.kind === "label" ? pin : { ...pin, versionNumber } };
  return { ref, environment: "production", version };
}
