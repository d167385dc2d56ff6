import { extname } from "node:path";
import { type ScriptBlock, scriptBlocks } from "../../project/discovery/script-blocks.ts";
import { allTokens, bracketEnd, isCode, type Token } from "../../project/discovery/script-tokens.ts";

/** A call of a prompt that a file imports. */
export interface FoundCall {
  /** Of the import's place in the list that was passed. */
  readonly use: number;
  /** Where the name begins, and where the call ends; offsets in the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * The calls of some imports of a file, by offset: of a default import, of `render`, and of both through a namespace.
 * They are found by name, so an import that is passed on has none.
 *
 * @param imports offsets of the specifiers' quotes
 */
export function findCalls(text: string, file: string, imports: readonly number[]): readonly FoundCall[] {
  return scriptBlocks(text, extname(file).toLowerCase())
    .flatMap((block) => callsInBlock(block, imports))
    .sort((a, b) => a.start - b.start);
}

function callsInBlock({ code, offset, jsx }: ScriptBlock, imports: readonly number[]): FoundCall[] {
  if (!imports.some((at) => at >= offset && at < offset + code.length)) return [];
  const tokens = allTokens(code, jsx).filter(isCode);
  const uses = new Map<string, number>();
  for (const [use, at] of imports.entries()) {
    const literal = tokens.findIndex((token) => token.offset === at - offset);
    if (literal !== -1) for (const name of namesOf(tokens, literal)) uses.set(name, use);
  }
  return tokens.flatMap((token, at) => {
    if (tokens[at - 1]?.value === "." || tokens[at - 1]?.value === "?.") return [];
    // A name, or a member of a namespace.
    const member = tokens[at + 1]?.value === "." ? tokens[at + 2]?.value : undefined;
    const use = uses.get(member === undefined ? token.value : `${token.value}.${member}`);
    const bracket = at + (member === undefined ? 1 : 3);
    if (use === undefined || tokens[bracket]?.value !== "(") return [];
    const last = tokens[bracketEnd(tokens, bracket)];
    return [{ use, start: offset + token.offset, end: offset + (last ? last.offset + 1 : code.length) }];
  });
}

/** What a static import calls the render function. */
function namesOf(tokens: readonly Token[], literal: number): readonly string[] {
  let begin = literal - 1;
  if (tokens[begin]?.value !== "from") return [];
  while (begin >= 0 && tokens[begin]?.value !== "import") begin -= 1;
  const [first, second, third, ...rest] = tokens.slice(begin + 1, literal - 1).map(({ value }) => value);
  if (first === undefined || first === "type") return [];
  if (first === "*") return [`${third}.default`, `${third}.render`];
  const listed = [first, second, third, ...rest].join(" ").replace(/^[^{]*/, "");
  const named = [...listed.matchAll(/[{,] (?:default|render)(?: as (\S+))?(?= [,}])/g)].map(
    ([, name = "render"]) => name,
  );
  return first === "{" ? named : [first, ...(second === "," && third === "*" ? [] : named)];
}
