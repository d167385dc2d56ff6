import { relative } from "node:path";
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
        // The contract says relative, so a file beside the working directory is named by a way up.
        file: relative(cwd, file).replaceAll("\\", "/"),
        line,
        column,
        message,
      })),
    })),
  };
}
