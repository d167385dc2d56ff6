import { extname } from "node:path";
import { EmittedModules, mayImportPrompts, promptsOf } from "./emitted-modules.ts";
import { readSource } from "./list-sources.ts";
import { type PromptOf, scanScript } from "./scan-script.ts";
import { scriptBlocks } from "./script-blocks.ts";
import { allTokens, isCode, type Token } from "./script-tokens.ts";
import { stringValue } from "./string-value.ts";

/** The exports of a prompt's module that contain metadata; `*` is the whole module. */
const WITH_METADATA = new Set([
  "metadata",
  "getMetadata",
  "attributes",
  "output",
  "outputSchema",
  "current",
  "*",
]);

/**
 * The files, among those given, that take a prompt's metadata: their imports name an export that contains it, or take
 * the whole module, as `import()` does. What they do with it isn't examined.
 *
 * @param files absolute
 * @param isMeant does a specifier ask for the prompt?
 * @throws ConfigurationError `source_unreadable`
 */
export async function findMetadataReaders(
  files: readonly string[],
  isMeant: (specifier: string) => boolean,
): Promise<readonly string[]> {
  const emitted = new EmittedModules(files);
  const readers: string[] = [];
  for (const file of files) {
    const text = (await readSource(file))?.toString("utf8");
    const promptOf = promptsOf(file, emitted);
    if (text === undefined || !mayImportPrompts(text, promptOf)) continue;
    if (takesMetadata(text, file, isMeant, promptOf)) readers.push(file);
  }
  return readers;
}

function takesMetadata(
  text: string,
  file: string,
  isMeant: (specifier: string) => boolean,
  promptOf: PromptOf,
): boolean {
  return scriptBlocks(text, extname(file).toLowerCase()).some((block) => {
    const tokens = allTokens(block.code, block.jsx).filter(isCode);
    return scanScript(block.code, block, promptOf).some((use) => {
      if (use.kind === "computed" || !isMeant(use.specifier)) return false;
      const at = tokens.findIndex((token) => token.offset === use.offset);
      // In a comment, as a type.
      if (at === -1) return false;
      return takenNames(tokens, at).some((name) => WITH_METADATA.has(name));
    });
  });
}

/** The names in the import with its specifier at `at`; `*` if it takes the whole module. */
function takenNames(tokens: readonly Token[], at: number): readonly string[] {
  const before = tokens[at - 1]?.value;
  // Loaded for its side effects, and it has none.
  if (before === "import") return [];
  if (before === "from") {
    const start = tokens.findLastIndex(({ value }, index) => index < at && /^(?:im|ex)port$/.test(value));
    return tokens
      .slice(start + 1, at - 1)
      .map(({ type, value }) => (type === "StringLiteral" ? stringValue(value) : value));
  }
  // `import("…").Variables`, as types have it.
  const [close, dot, name] = tokens.slice(at + 1, at + 4);
  const isMember = close?.value === ")" && dot?.value === "." && name?.value !== "then";
  return isMember && name !== undefined ? [name.value] : ["*"];
}
