import { withoutHashes } from "../../compiler/3-emit/types/emit-types.ts";
import { significantTokens, stringValue } from "../../compiler/3-emit/types/tokens.ts";

/** Do two texts of a types file declare the same, comments included? */
export function declareTheSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [left, right] = [significantTokens(one, true), significantTokens(other, true)];
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

/** The blocks of types files: two equal ones declare the same types. */
export function bareBlocks(texts: readonly string[]): ReadonlyMap<string, string> {
  const blocks = declarationBlocks(texts.join("\n"));
  return new Map([...blocks].map(([specifier, block]) => [specifier, withoutHashes(block)]));
}
