/**
 * Text from elsewhere as part of one line: replaces control characters, line endings and invisible characters with
 * spaces, as well as what makes a CI command (`##[`, `##vso[`, `##teamcity[`). Separate from `printable.ts`, whose
 * tables are too large for the live client.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+|##([a-z]*\[)/giu, " $1").trim();
}
