import { shortPath } from "../../errors/format-error.ts";
import { pinJson } from "../pin-json.ts";
import type { Verdict } from "./verdict.ts";

/** A verdict as `check --json` prints it: the shape is part of the public contract. */
export function checkJson({ status, platform, prompts }: Verdict, cwd: string): unknown {
  return {
    status,
    platform,
    prompts: prompts.map(({ ref, change, from, to, calls }) => ({
      name: ref.name,
      pin: pinJson(ref.pin),
      change,
      from: from ?? null,
      to: to ?? null,
      calls: calls.map(({ file, line, column, message }) => ({
        file: shortPath(file, cwd),
        line,
        column,
        message,
      })),
    })),
  };
}
