import { closingIndex, type ScriptToken } from "./script-tokens.ts";

/**
 * What a config names in a string as the source of settings: what it, or one of its `projects`, `extends` (Vite's
 * config in Vitest's, a layer of Nuxt's).
 */
export function extendedConfigs(tokens: readonly ScriptToken[]): readonly string[] {
  return tokens.flatMap((_, index) => {
    if (!isKey(tokens, index, "extends")) return [];
    return [undefined, "projects"].includes(keyAround(tokens, index)) ? textsOf(tokens, index + 2) : [];
  });
}

/** What Vitest's `test.projects` names in strings: files, folders and patterns of projects with own configs. */
export function projectConfigs(tokens: readonly ScriptToken[]): readonly string[] {
  return tokens.flatMap((_, index) =>
    isKey(tokens, index, "projects") && keyAround(tokens, index) === "test" ? textsOf(tokens, index + 2) : [],
  );
}

function isKey(tokens: readonly ScriptToken[], index: number, key: string): boolean {
  return nameOf(tokens[index]) === key && tokens[index + 1]?.value === ":";
}

function nameOf(token: ScriptToken | undefined): string | undefined {
  return token?.type === "StringLiteral" ? token.value.slice(1, -1) : token?.value;
}

/** The key of the value that a token lies in, whatever lists and calls lie between; undefined at the top. */
function keyAround(tokens: readonly ScriptToken[], index: number): string | undefined {
  let depth = tokens[index]?.depth ?? 0;
  for (let at = index - 1; at >= 0 && depth > 0; at -= 1) {
    if ((tokens[at]?.depth ?? 0) >= depth) continue;
    depth -= 1;
    if (tokens[at - 1]?.value === ":") return nameOf(tokens[at - 2]);
  }
  return undefined;
}

/** Indexes of the tokens that lie in the value of a key, in whatever object. */
export function tokensUnder(tokens: readonly ScriptToken[], key: string): readonly number[] {
  return tokens.flatMap((_, index) => (keyAround(tokens, index) === key ? [index] : []));
}

/** The string at `start`, or those of the list there. */
function textsOf(tokens: readonly ScriptToken[], start: number): string[] {
  const first = tokens[start];
  const end = first?.value === "[" ? closingIndex(tokens, start) : start;
  const depth = (first?.depth ?? 0) + (end === start ? 0 : 1);
  return tokens
    .slice(start, end + 1)
    .flatMap((token) =>
      token.type === "StringLiteral" && token.depth === depth ? [token.value.slice(1, -1)] : [],
    );
}
