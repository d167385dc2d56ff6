import { refText } from "../../prompt.ts";
import type { Remark } from "./remarks.ts";

/** Remarks as GitLab's Code Quality report. */
export function gitlabReport(remarks: readonly Remark[]): unknown {
  return remarks.map(({ rule, level, prompt, path, line = 1, message, fingerprint }) => ({
    description: prompt === undefined ? message : `${refText(prompt)}: ${message}`,
    check_name: rule,
    fingerprint,
    severity: level === "error" ? "critical" : "minor",
    location: { path, lines: { begin: line } },
  }));
}
