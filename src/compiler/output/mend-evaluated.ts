/** Where the code of ajv keeps names in an object: what is evaluated, and what a list had before (`uniqueItems`). */
const NO_NAMES = /^((?:(?:var|const) )?(?:props|indices)\d+ = (?:props\d+ \|\| )?)\{\};$/;
const NAMES_OF_FUNCTION = /(\bprops\d+ = )(\S+\.evaluated\.props);$/;
const NAME_BY_PATTERN = /^(props\d+)(\[key\d+\] = true;)$/;
const ITEMS_READ = /^(?:if\(|var valid\d+ = )len\d+ (?:>|<=) (items\d+)\b/;
const DECLARATION = /^var ((?:props|items)\d+)\b/;

/**
 * Mends how the code of ajv keeps what is evaluated of an answer, for `unevaluatedProperties` and `unevaluatedItems`:
 *
 * - A map of names is an object, which has `toString` and cannot hold `__proto__`.
 * - What a function always evaluates is one map for all calls, and who calls it adds names to that map: it takes a copy.
 * - What a branch sets is undefined where another was taken, and true for all names or items: patterns and lists forget it.
 *
 * @param line a statement, or the beginning or end of a block
 */
export function mendEvaluated(line: string): string {
  return line
    .replace(NO_NAMES, "$1{ __proto__: null };")
    .replace(NAMES_OF_FUNCTION, "$1$2 === true || Object.assign({ __proto__: null }, $2);")
    .replace(NAME_BY_PATTERN, "if($1 !== true) ($1 ??= { __proto__: null })$2")
    .replace(ITEMS_READ, "$1 = $1 === true ? Infinity : $1 ?? 0;\n$&");
}

/**
 * Gives each turn of a loop its own variables for what is evaluated: ajv declares them by `var` in a branch, and another
 * branch of the next turn found what they had.
 */
export function declareInLoops(lines: readonly string[]): readonly string[] {
  const written: string[] = [];
  // The blocks that are open: for a loop, the place behind its first line.
  const blocks: (number | undefined)[] = [];
  const declared = new Map<number, string[]>();
  for (const line of lines) {
    if (line.startsWith("}")) blocks.pop();
    const loop = blocks.findLast((at) => at !== undefined);
    const name = DECLARATION.exec(line)?.[1];
    const isInLoop = loop !== undefined && name !== undefined;
    if (isInLoop) declared.set(loop, [...(declared.get(loop) ?? []), name]);
    written.push(isInLoop ? line.replace(/^var /, "") : line);
    if (line.endsWith("{")) blocks.push(line.startsWith("for(") ? written.length : undefined);
  }
  return written.flatMap((line, at) => {
    const names = declared.get(at + 1);
    return names === undefined ? [line] : [line, `let ${names.join(", ")};`];
  });
}
