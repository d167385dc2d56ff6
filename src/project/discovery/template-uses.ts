import { extname } from "node:path";
import pMap from "p-map";
import type { ResolvedOptions } from "../config/types.ts";
import { blank, isComponent } from "./component-scripts.ts";
import { type EmittedModules, findEmitted, mayImportPrompts, promptsOf } from "./emitted-modules.ts";
import { listSources, readSource } from "./list-sources.ts";
import { scanScript } from "./scan-script.ts";
import { type ScriptBlock, scriptBlocks } from "./script-blocks.ts";
import { allTokens, bracketStart, isCode, type Token } from "./script-tokens.ts";

/** A component whose markup uses what its script imports of a prompt. */
export interface TemplateUse {
  /** Absolute. */
  readonly file: string;
  /** As spelled in the code. */
  readonly specifier: string;
}

/**
 * The Vue, Svelte and Astro components whose markup uses a prompt that their script imports: a type checker sees nothing of it.
 * A name is enough, in an expression of the markup: whether it's called isn't examined.
 *
 * @returns by file
 * @throws ConfigurationError `source_unreadable`
 */
export async function findTemplateUses(options: ResolvedOptions): Promise<readonly TemplateUse[]> {
  const sources = await listSources(options);
  const components = sources.filter(isComponent);
  if (components.length === 0) return [];
  const emitted = await findEmitted(sources);
  const found = await pMap(
    components,
    async (file) => {
      const text = (await readSource(file))?.toString("utf8");
      return text === undefined ? [] : templateUses(text, file, emitted);
    },
    { concurrency: 32 },
  );
  return found.flat();
}

/** Those of one component. */
export function templateUses(
  text: string,
  file: string,
  emitted: EmittedModules = new Map(),
): readonly TemplateUse[] {
  const promptOf = promptsOf(file, emitted);
  if (!mayImportPrompts(text, promptOf)) return [];
  const extension = extname(file).toLowerCase();
  const blocks = scriptBlocks(text, extension);
  const used = namesIn(expressionsOf(markupOf(text, blocks), extension));
  const specifiers = new Set<string>();
  for (const block of blocks) {
    const tokens = allTokens(block.code, block.jsx).filter(isCode);
    for (const use of scanScript(block.code, block, promptOf)) {
      if (use.kind === "computed") continue;
      const at = tokens.findIndex(({ offset }) => offset === use.offset);
      if (localNames(tokens, at).some((name) => used.has(name))) specifiers.add(use.specifier);
    }
  }
  return [...specifiers].map((specifier) => ({ file, specifier }));
}

/** What the import with its specifier at `at` is called in its file; empty where that isn't known. */
function localNames(tokens: readonly Token[], at: number): readonly string[] {
  const start = nameStart(tokens, at);
  const names: string[] = [];
  for (let index = start; index >= 0 && index < at; index++) {
    const [token, next] = [tokens[index], tokens[index + 1]];
    // Of `{ render as greet }` and `{ default: greet }` the second.
    if (token?.type === "IdentifierName" && next?.value !== "as" && next?.value !== ":")
      names.push(token.value);
  }
  return names;
}

/** Where the names begin: after `import`, or at the pattern or name of `const … = await import(`; -1 where neither is there. */
function nameStart(tokens: readonly Token[], at: number): number {
  if (tokens[at - 1]?.value === "from") {
    for (let index = at - 2; index >= 0; index--) {
      const value = tokens[index]?.value;
      if (value === "import") return index + 1;
      if (value === "export" || value === ";") return -1;
    }
  }
  let equals = at;
  while (["(", "import", "require", "await"].includes(tokens[equals - 1]?.value ?? "")) equals -= 1;
  if (equals === at || tokens[equals - 1]?.value !== "=") return -1;
  return tokens[equals - 2]?.value === "}" ? bracketStart(tokens, equals - 2) : equals - 2;
}

/** A component without its scripts, styles and comments. */
function markupOf(text: string, blocks: readonly ScriptBlock[]): string {
  let markup = text;
  for (const { code, offset } of blocks)
    markup = markup.slice(0, offset) + blank(code) + markup.slice(offset + code.length);
  return without(without(markup, "<!--", "-->"), "<style", "</style");
}

function without(text: string, open: string, close: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let start = text.indexOf(open); start !== -1; start = text.indexOf(open, at)) {
    parts.push(text.slice(at, start));
    const end = text.indexOf(close, start + open.length);
    at = end === -1 ? text.length : end + close.length;
  }
  return parts.join(" ") + text.slice(at);
}

/** The values of Vue's attributes that hold an expression: `:x`, `@x`, `#x` and `v-x`. */
const DIRECTIVE = /\s(?:v-|[:@#])[^\s=<>"']*=(?:"([^"]*)"|'([^']*)')/g;

/** What stands in braces, and in Vue's directives. A brace in a text that is no expression counts too. */
function expressionsOf(markup: string, extension: string): string {
  const parts: string[] = [];
  if (extension === ".vue")
    for (const [, double, single] of markup.matchAll(DIRECTIVE)) parts.push(double ?? single ?? "");
  let depth = 0;
  for (const part of markup.split(/([{}])/)) {
    if (part === "{") depth += 1;
    else if (part === "}") depth = Math.max(0, depth - 1);
    else if (depth > 0) parts.push(part);
  }
  return parts.join("\n");
}

/** The identifiers of an expression that are no property of another. */
function namesIn(expressions: string): ReadonlySet<string> {
  return new Set(expressions.match(/(?<![\p{L}\p{N}_$.])[\p{L}_$][\p{L}\p{N}_$]*/gu));
}
