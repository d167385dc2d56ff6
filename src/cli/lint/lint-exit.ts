import type { Finding } from "../../review/lint/lint-prompts.ts";

/** The exit code for what the rules found: 0 for nothing, 2 for warnings, 3 for an error. */
export function lintExit(findings: readonly Finding[]): 0 | 2 | 3 {
  if (findings.some(({ severity }) => severity === "error")) return 3;
  return findings.length > 0 ? 2 : 0;
}
