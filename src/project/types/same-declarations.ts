import { significantTokens, stringValue } from "../../compiler/3-emit/types/tokens.ts";

/** Do two texts of a types file declare the same? Layout and comments don't count. */
export function declareTheSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [left, right] = [significantTokens(one), significantTokens(other)];
  return left.length === right.length && left.every((token, at) => token === right[at]);
}

/** The `declare module` blocks of a types file, by specifier, in any formatter's layout. Line endings don't count. */
export function declarationBlocks(code: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  let open: { specifier: string; lines: string[] } | undefined;
  for (const line of code.replaceAll("\r\n", "\n").split("\n")) {
    if (open === undefined) {
      const [, quoted] = /^declare module ("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') \{$/.exec(line) ?? [];
      if (quoted !== undefined) open = { specifier: stringValue(quoted), lines: [line] };
      continue;
    }
    open.lines.push(line);
    if (line !== "}") continue;
    // TypeScript merges two blocks of one specifier.
    blocks.set(open.specifier, [blocks.get(open.specifier), ...open.lines].filter(Boolean).join("\n"));
    open = undefined;
  }
  return blocks;
}
