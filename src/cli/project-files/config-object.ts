import { callsOf, importedModules, importedNames } from "./imported-names.ts";
import { closingIndex, type ScriptToken } from "./script-tokens.ts";
import { isToolModule } from "./tool-modules.ts";
import type { PluginStyle } from "./tools.ts";

/** What a config file gives its tool. */
export interface ConfigExport {
  readonly isEsm: boolean;
  /** Index of the first token of the exported expression. */
  readonly index: number;
}

/** `export default …` or `module.exports = …`; undefined unless there is exactly one. */
export function configExport(tokens: readonly ScriptToken[]): ConfigExport | undefined {
  const found: ConfigExport[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.depth > 0) continue;
    const next = tokens[index + 1]?.value;
    if (token.value === "export" && next === "default") found.push({ isEsm: true, index: index + 2 });
    if (token.value === "module" && next === "." && tokens[index + 2]?.value === "exports") {
      if (tokens[index + 3]?.value === "=") found.push({ isEsm: false, index: index + 4 });
    }
  }
  return found.length === 1 ? found[0] : undefined;
}

/**
 * Index of the `{` of the object that takes plugins: the config itself, or what a script hands to esbuild's `build` or
 * `context`. Undefined where that is not known.
 */
export function configObject(tokens: readonly ScriptToken[], style: PluginStyle): number | undefined {
  if (style !== "esbuild") {
    const exported = configExport(tokens);
    return exported === undefined ? undefined : objectIndex(tokens, exported.index);
  }
  const calls = callsOf(tokens, "esbuild", ["build", "context"]);
  const [only] = calls;
  return calls.length === 1 && only !== undefined ? objectIndex(tokens, only + 1) : undefined;
}

/**
 * Index of the `{` of the object that an expression is, or hands to a tool's own `defineConfig`, or that the function
 * it hands over returns. Undefined where more than one object could be meant, and where another function makes the
 * config: what that does with its argument is not known.
 */
function objectIndex(tokens: readonly ScriptToken[], index: number, hops = 0): number | undefined {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined || hops > 3) return undefined;
  if (token.value === "{") return index;
  if (token.type !== "IdentifierName") return functionObject(tokens, index);
  if (next?.value === "(" && token.value !== "function" && token.value !== "async") {
    return definesConfig(tokens, token.value) ? objectIndex(tokens, index + 2, hops + 1) : undefined;
  }
  if (["function", "async"].includes(token.value) || next?.value === "=>")
    return functionObject(tokens, index);
  const declared = declarationIndex(tokens, token.value);
  return declared === undefined ? undefined : objectIndex(tokens, declared, hops + 1);
}

/** Does a function give back the config that it is given? So do those that a tool has for its types. */
function definesConfig(tokens: readonly ScriptToken[], name: string): boolean {
  // Nuxt's is there without an import.
  if (name === "defineNuxtConfig" && !isDeclared(tokens, name)) return true;
  return importedModules(tokens)
    .filter(isToolModule)
    .some((module) =>
      importedNames(tokens, module).some(
        ({ imported, local }) => local === name && /^define(?:\w*Config|Project)$/.test(imported),
      ),
    );
}

function isDeclared(tokens: readonly ScriptToken[], name: string): boolean {
  return tokens.some(({ value }, at) => value === name && tokens[at + 1]?.value !== "(");
}

/** The object that a function returns, when it returns in one place alone. */
function functionObject(tokens: readonly ScriptToken[], index: number): number | undefined {
  const depth = tokens[index]?.depth ?? 0;
  let at = index;
  if (tokens[at]?.value === "async") at += 1;
  if (tokens[at]?.value === "function") {
    at += 1;
    if (tokens[at]?.type === "IdentifierName") at += 1;
    if (tokens[at]?.value !== "(") return undefined;
    const body = tokens.findIndex(
      (token, i) => i > closingIndex(tokens, at) && token.value === "{" && token.depth === depth,
    );
    return body === -1 ? undefined : returnedObject(tokens, body);
  }
  const parameters = tokens[at]?.value === "(" ? closingIndex(tokens, at) : at;
  const arrow = tokens.findIndex(
    (token, i) => i > parameters && token.depth === depth && token.value === "=>",
  );
  if (arrow === -1 || arrow > parameters + 6) return undefined;
  if (tokens[arrow + 1]?.value === "(" && tokens[arrow + 2]?.value === "{") return arrow + 2;
  return tokens[arrow + 1]?.value === "{" ? returnedObject(tokens, arrow + 1) : undefined;
}

function returnedObject(tokens: readonly ScriptToken[], body: number): number | undefined {
  const end = closingIndex(tokens, body);
  const returns = tokens.flatMap((token, index) =>
    index > body && index < end && token.value === "return" && token.type === "IdentifierName" ? [index] : [],
  );
  const [only] = returns;
  if (returns.length !== 1 || only === undefined) return undefined;
  return tokens[only + 1]?.value === "{" ? only + 1 : undefined;
}

/** Index of the value of `const name = …` at the top of the file; undefined unless it is declared once. */
function declarationIndex(tokens: readonly ScriptToken[], name: string): number | undefined {
  const found: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.depth > 0 || token.value !== name || !DECLARES.has(tokens[index - 1]?.value ?? "")) continue;
    // A type annotation may lie between the name and the equals sign.
    const equals = tokens.findIndex(
      (one, at) => at > index && one.depth === 0 && (one.value === "=" || one.value === ";"),
    );
    if (tokens[equals]?.value === "=") found.push(equals + 1);
  }
  return found.length === 1 ? found[0] : undefined;
}

const DECLARES = new Set(["const", "let", "var"]);

/** A member of an object literal: index of its key, and of the first token of its value. */
export interface ObjectMember {
  readonly key: string;
  readonly index: number;
  /** Undefined for a shorthand, a method and a spread. */
  readonly value: number | undefined;
}

/** The members of the object literal whose `{` is at `index`. */
export function objectMembers(tokens: readonly ScriptToken[], index: number): readonly ObjectMember[] {
  const depth = (tokens[index]?.depth ?? 0) + 1;
  const end = closingIndex(tokens, index);
  const members: ObjectMember[] = [];
  let isStart = true;
  for (let at = index + 1; at < end; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.depth !== depth) continue;
    if (isStart) {
      const hasValue = tokens[at + 1]?.value === ":" && tokens[at + 1]?.depth === depth;
      const key = token.type === "StringLiteral" ? token.value.slice(1, -1) : token.value;
      members.push({ key, index: at, value: hasValue ? at + 2 : undefined });
    }
    isStart = token.value === ",";
  }
  return members;
}
