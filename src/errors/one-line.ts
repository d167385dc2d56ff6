/**
 * A text from elsewhere as a part of one line: white space for every control character, line end and character without a
 * shape, and for what makes a command of a pipeline (`##[`, `##vso[`, `##teamcity[`). Apart from `printable.ts`, whose tables are too large for the live client.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+|##([a-z]*\[)/giu, " $1").trim();
}
