import { closingIndex, type ScriptToken } from "./script-tokens.ts";

/** One name under which a script has something of a module. */
export interface ImportedName {
  /** What it is in the module: a name, `default`, or `*` for all of it. */
  readonly imported: string;
  /** Index of the token that stands for it where it was imported at once and used there, as `require("x")(…)` does. */
  readonly inlineEnd?: number | undefined;
  /** Undefined for an import that is used at once. */
  readonly local: string | undefined;
}

/** The names that a script's imports and requires give to what is in a module; none when it does not import it. */
export function importedNames(tokens: readonly ScriptToken[], module: string): readonly ImportedName[] {
  return tokens.flatMap((token, index) => {
    if (textOf(token) !== module) return [];
    if (tokens[index - 1]?.value === "from") return clauseNames(tokens, index - 1);
    return isCalledImport(tokens, index) ? calledNames(tokens, index - 2) : [];
  });
}

/** The modules that a script imports or requires, as it names them. */
export function importedModules(tokens: readonly ScriptToken[]): readonly string[] {
  return tokens.flatMap((token, index) => {
    const module = textOf(token);
    const before = tokens[index - 1]?.value ?? "";
    const isImport = ["from", "import"].includes(before) || isCalledImport(tokens, index);
    return module !== undefined && isImport ? [module] : [];
  });
}

/**
 * Indexes of the tokens at which a script does something with a module: those that use one of its names, the
 * `require` or `import` of one that is used at once, the `export` of one that is handed on.
 */
export function usesOf(tokens: readonly ScriptToken[], module: string): readonly number[] {
  return tokens.flatMap((token, index) => {
    if (textOf(token) !== module) return [];
    if (tokens[index - 1]?.value === "from") {
      const start = clauseStart(tokens, index - 1);
      if (tokens[start]?.value === "export") return [start];
      return occurrences(tokens, clauseNames(tokens, index - 1), start, index);
    }
    if (!isCalledImport(tokens, index)) return [];
    const names = calledNames(tokens, index - 2).filter(({ local }) => local !== undefined);
    if (names.length === 0) return [index - 2];
    const start = tokens.findLastIndex(({ value }, at) => at < index && DECLARES.has(value));
    return occurrences(tokens, names, start, index);
  });
}

const DECLARES = new Set(["const", "let", "var"]);

/** Where names stand, other than in what declares them. */
function occurrences(
  tokens: readonly ScriptToken[],
  names: readonly ImportedName[],
  start: number,
  end: number,
): readonly number[] {
  const locals = new Set(names.map(({ local }) => local));
  return tokens.flatMap(({ type, value }, at) => {
    const isDeclared = at >= start && at <= end;
    const isMember = [".", "?."].includes(tokens[at - 1]?.value ?? "");
    return type === "IdentifierName" && locals.has(value) && !isDeclared && !isMember ? [at] : [];
  });
}

/** Is the string at `index` what `require(…)` or `import(…)` is called with? */
function isCalledImport(tokens: readonly ScriptToken[], index: number): boolean {
  return tokens[index - 1]?.value === "(" && ["require", "import"].includes(tokens[index - 2]?.value ?? "");
}

/** Is the name at `index`, or what follows a name for a whole module, called? Gives the index of the bracket. */
function callOf(
  tokens: readonly ScriptToken[],
  index: number,
  { imported }: ImportedName,
  wanted: readonly string[],
): number | undefined {
  if (imported === "*" && tokens[index + 1]?.value === "." && tokens[index + 3]?.value === "(") {
    if (wanted.includes(tokens[index + 2]?.value ?? "")) return index + 3;
  }
  // What a module of the old kind exports is called itself.
  const isMeant = wanted.includes(imported) || (imported === "*" && wanted.includes("default"));
  return isMeant && tokens[index + 1]?.value === "(" ? index + 1 : undefined;
}

/** Indexes of the brackets that open a call of one of the wanted exports, under whatever name. */
export function callsOf(
  tokens: readonly ScriptToken[],
  module: string,
  wanted: readonly string[],
): readonly number[] {
  return importedNames(tokens, module).flatMap((name) => {
    if (name.local === undefined) {
      const call = name.inlineEnd === undefined ? undefined : callOf(tokens, name.inlineEnd, name, wanted);
      return call === undefined ? [] : [call];
    }
    return tokens.flatMap((token, index) => {
      if (token.value !== name.local || token.type !== "IdentifierName") return [];
      if ([".", "?."].includes(tokens[index - 1]?.value ?? "")) return [];
      const call = callOf(tokens, index, name, wanted);
      return call === undefined ? [] : [call];
    });
  });
}

function textOf({ type, value }: ScriptToken): string | undefined {
  return type === "StringLiteral" ? value.slice(1, -1) : undefined;
}

/** Index of the `import` or `export` of the clause whose `from` is at `end`; of another token where it is neither. */
function clauseStart(tokens: readonly ScriptToken[], end: number): number {
  return tokens.findLastIndex(
    ({ type, value }, at) =>
      at < end && (type === "StringLiteral" || ["import", "export", ";"].includes(value)),
  );
}

/** `import a, { b as c } from`, whose `from` is at `end`. */
function clauseNames(tokens: readonly ScriptToken[], end: number): readonly ImportedName[] {
  const start = clauseStart(tokens, end);
  if (tokens[start]?.value !== "import" || tokens[start + 1]?.value === "type") return [];
  const names: ImportedName[] = [];
  const brace = tokens.findIndex(({ value }, at) => at > start && at < end && value === "{");
  if (brace !== -1) names.push(...memberNames(tokens, brace, "as"));
  const first = tokens[start + 1];
  if (first?.type === "IdentifierName" && first.value !== "from") {
    names.push({ imported: "default", local: first.value });
  }
  const star = tokens.findIndex(({ value }, at) => at > start && at < end && value === "*");
  if (star !== -1 && tokens[star + 1]?.value === "as") {
    names.push({ imported: "*", local: tokens[star + 2]?.value });
  }
  return names;
}

/** `const a = require(…)`, `const { a: b } = await import(…)`, or a use on the spot. */
function calledNames(tokens: readonly ScriptToken[], index: number): readonly ImportedName[] {
  let end = closingIndex(tokens, index + 1);
  let start = tokens[index - 1]?.value === "await" ? index - 1 : index;
  if (tokens[start - 1]?.value === "(" && tokens[end + 1]?.value === ")") {
    start -= 1;
    end += 1;
  }
  const isDefault = tokens[end + 1]?.value === "." && tokens[end + 2]?.value === "default";
  const after = isDefault ? end + 3 : end + 1;
  if (["(", "."].includes(tokens[after]?.value ?? ""))
    return [{ imported: "*", local: undefined, inlineEnd: after - 1 }];
  if (tokens[start - 1]?.value !== "=") return [];
  const target = tokens[start - 2];
  if (target?.value === "}") {
    const brace = tokens.findLastIndex(
      ({ value, depth }, at) => at < start && value === "{" && depth === target.depth,
    );
    return brace === -1 ? [] : memberNames(tokens, brace, ":");
  }
  // `module.exports = require(…)` declares nothing.
  if (target?.type !== "IdentifierName" || tokens[start - 3]?.value === ".") return [];
  return [{ imported: isDefault ? "default" : "*", local: target.value }];
}

/** The names between braces, each renamed after `as` or a colon. */
function memberNames(
  tokens: readonly ScriptToken[],
  brace: number,
  renames: string,
): readonly ImportedName[] {
  const end = closingIndex(tokens, brace);
  const names: ImportedName[] = [];
  for (let at = brace + 1; at < end; at += 1) {
    const imported = tokens[at]?.value ?? "";
    if (imported === "," || imported === "type") continue;
    const isRenamed = tokens[at + 1]?.value === renames;
    names.push({ imported, local: isRenamed ? tokens[at + 2]?.value : imported });
    at += isRenamed ? 2 : 0;
  }
  return names;
}
