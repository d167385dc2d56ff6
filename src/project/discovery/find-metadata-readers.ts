import { extname } from "node:path";
import pMap from "p-map";
import { EmittedModules, mayImportPrompts, promptsOf } from "./emitted-modules.ts";
import { readSource } from "./list-sources.ts";
import { type PromptOf, scanScript } from "./scan-script.ts";
import { scriptBlocks } from "./script-blocks.ts";
import { allTokens, bracketStart, isCode, type Token } from "./script-tokens.ts";
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
 * The files, among those given, that take a prompt's metadata: their imports name an export that contains it, or the
 * whole module. What they do with it isn't examined.
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
  const found = await pMap(
    files,
    async (file) => {
      const text = (await readSource(file))?.toString("utf8");
      const promptOf = promptsOf(file, emitted);
      if (text === undefined || !mayImportPrompts(text, promptOf)) return [];
      return takesMetadata(text, file, isMeant, promptOf) ? [file] : [];
    },
    { concurrency: 32 },
  );
  return found.flat();
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

/** The exports that the import with its specifier at `at` takes; `*` if that isn't known. */
function takenNames(tokens: readonly Token[], at: number): readonly string[] {
  const before = tokens[at - 1]?.value;
  if (before === "from") return clauseNames(tokens, at - 2);
  // Loaded for its side effects, and it has none.
  if (before === "import") return [];
  const isCall = before === "(" && ["import", "require"].includes(tokens[at - 2]?.value ?? "");
  return isCall ? calledNames(tokens, at - 2, at + 1) : ["*"];
}

/** Of `import a, { b as c } from` and `export * from`, which ends at `end`. */
function clauseNames(tokens: readonly Token[], end: number): readonly string[] {
  if (tokens[end]?.value === "}") return patternNames(tokens, bracketStart(tokens, end), end);
  return tokens[end - 1]?.value === "as" || tokens[end]?.value === "*" ? ["*"] : [];
}

/** Of `import("…")` and `require("…")`, which begin at `start` and close at `end`. */
function calledNames(tokens: readonly Token[], start: number, end: number): readonly string[] {
  let [first, last] = [start, end];
  if (tokens[first - 1]?.value === "await") first -= 1;
  while (tokens[first - 1]?.value === "(" && tokens[last + 1]?.value === ")") {
    first -= 1;
    last += 1;
  }
  const after = tokens[last + 1]?.value;
  if (after === "." || after === "?.") {
    const name = tokens[last + 2]?.value ?? "*";
    return name === "then" ? ["*"] : [name];
  }
  if (tokens[first - 1]?.value === "=" && tokens[first - 2]?.value === "}")
    return patternNames(tokens, bracketStart(tokens, first - 2), first - 2);
  return ["*"];
}

/** The names between braces: of exports in an import, of properties in a pattern. */
function patternNames(tokens: readonly Token[], start: number, end: number): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  for (let at = start; at < end; at++) {
    const { value } = tokens[at] as Token;
    if (["{", "[", "("].includes(value)) depth += 1;
    else if (["}", "]", ")"].includes(value)) depth -= 1;
    if (depth !== 1 || (value !== "," && at !== start)) continue;
    let name = tokens[at + 1];
    // `import { type Variables }`, but a name can itself be `type`.
    if (name?.value === "type" && tokens[at + 2]?.type === "IdentifierName" && tokens[at + 2]?.value !== "as")
      name = tokens[at + 2];
    if (name === undefined || name.value === "}") continue;
    if (name.value === "..." || name.value === "[") names.push("*");
    else names.push(name.type === "StringLiteral" ? stringValue(name.value) : name.value);
  }
  return names;
}
