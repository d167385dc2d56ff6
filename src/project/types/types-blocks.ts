import { stringValue } from "../discovery/string-value.ts";
import { declareTheSame } from "./same-declarations.ts";

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
    blocks.set(open.specifier, open.lines.join("\n"));
    open = undefined;
  }
  return blocks;
}

/**
 * Does a types file declare everything in `code`, in whatever layout? It can declare more: a bundle is a part of the
 * code.
 */
export function typesCover(present: string, code: string): boolean {
  const declared = declarationBlocks(present);
  return [...declarationBlocks(code)].every(([specifier, block]) =>
    declareTheSame(block, declared.get(specifier) ?? ""),
  );
}

/**
 * The blocks of types files without the prompts' texts, which only an editor shows: two equal ones declare the same
 * types.
 */
export function bareBlocks(texts: readonly string[]): ReadonlyMap<string, string> {
  const blocks = declarationBlocks(texts.join("\n"));
  return new Map([...blocks].map(([specifier, block]) => [specifier, withoutComments(block)]));
}

function withoutComments(block: string): string {
  const [head = "", ...rest] = block.split(/\n[ \t]+\/\*\*\n/);
  return head + rest.map((part) => part.slice(part.indexOf("*/\n") + "*/".length)).join("");
}
