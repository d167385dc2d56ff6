import { configExport } from "../project-files/config-object.ts";
import { importedNames } from "../project-files/imported-names.ts";
import { closingIndex, type ScriptToken, scriptTokens } from "../project-files/script-tokens.ts";
import { lineIndent } from "./edit-jsonc.ts";

/** Where formatters break a line by default. */
const LINE_WIDTH = 80;

/** What an ESLint config has to say for prompts. */
export interface EslintEntries {
  /** Paths that are not linted, folders with a slash at the end. */
  readonly ignores: readonly string[];
  readonly rules: readonly EslintRule[];
}

/** A rule that looks for the file of an import, and how it leaves out those of prompts. */
interface EslintRule {
  /** The package of its plugin. */
  readonly plugin: string;
  readonly name: string;
  readonly options: string;
}

const RULES: readonly EslintRule[] = [
  { plugin: "eslint-plugin-import", name: "import/no-unresolved", options: '{ ignore: ["^scope:"] }' },
  { plugin: "eslint-plugin-import-x", name: "import-x/no-unresolved", options: '{ ignore: ["^scope:"] }' },
  {
    plugin: "eslint-plugin-n",
    name: "n/no-missing-import",
    options: '{ resolverConfig: { alias: { "scope:*": false } } }',
  },
];

/** What a project needs that has these packages. */
export function eslintEntries(packages: ReadonlySet<string>, ignores: readonly string[]): EslintEntries {
  return { ignores, rules: RULES.filter(({ plugin }) => packages.has(plugin)) };
}

/** What to add by hand: to the list of a flat config, or to a config of the old kind. */
export function exampleOf({ ignores, rules }: EslintEntries, isFlat: boolean): string {
  const lines = rules.map((rule) => `  ${ruleText(rule)},\n`).join("");
  if (isFlat)
    return [ignoresText(ignores), ...(rules.length > 0 ? [`{ rules: {\n${lines}} }`] : [])].join(",\n");
  return `ignorePatterns: ${JSON.stringify(ignores)},\nrules: {\n${lines}}`;
}

/**
 * Adds to the list of a flat config. Undefined where the config is no list that can be seen, and where it cannot be
 * seen that a rule's plugin is there for every file: ESLint stops at a rule without its plugin.
 */
export function extendEslintConfig(text: string, { ignores, rules }: EslintEntries): string | undefined {
  const tokens = scriptTokens(text);
  const list = tokens === undefined ? undefined : listIndex(tokens);
  if (tokens === undefined || list === undefined) return undefined;
  const elements = elementsOf(tokens, list);
  if (!rules.every(({ plugin }) => isForEveryFile(tokens, elements, plugin))) return undefined;
  const last = tokens[closingIndex(tokens, list) - 1];
  if (last === undefined || elements.length === 0) return undefined;
  const first = tokens[elements.at(-1) ?? 0];
  const indent = (first?.startsLine && lineIndent(text, first.start)) || "  ";
  const step = indent.includes("\t") ? "\t" : "  ";
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = [`${indent}${ignoresText(ignores)},`];
  if (rules.length > 0) {
    const inner = rules.map((rule) => ruleLines(rule, `${indent}${step}${step}`, step, eol));
    lines.push(`${indent}{`, `${indent}${step}rules: {`, ...inner, `${indent}${step}},`, `${indent}},`);
  }
  const comma = last.value === "," ? "" : ",";
  const closing = tokens[closingIndex(tokens, list)];
  // On a line of its own the bracket has its line end already.
  const end = closing?.startsLine === true ? "" : eol;
  return `${text.slice(0, last.end)}${comma}${eol}${lines.join(eol)}${end}${text.slice(last.end)}`;
}

function ignoresText(ignores: readonly string[]): string {
  return `{ ignores: [${ignores.map((one) => JSON.stringify(one)).join(", ")}] }`;
}

/** Broken where formatters break it. */
function ruleLines(rule: EslintRule, indent: string, step: string, eol: string): string {
  const line = `${indent}${ruleText(rule)},`;
  if (line.replaceAll("\t", "  ").length <= LINE_WIDTH) return line;
  const items = [`"error"`, rule.options].map((one) => `${indent}${step}${one},`);
  return [`${indent}"${rule.name}": [`, ...items, `${indent}],`].join(eol);
}

function ruleText({ name, options }: EslintRule): string {
  return `"${name}": ["error", ${options}]`;
}

/** Index of the bracket of the config's list: the export itself, what its name stands for, or what a call is given. */
function listIndex(tokens: readonly ScriptToken[]): number | undefined {
  let at = configExport(tokens)?.index;
  if (at === undefined) return undefined;
  const name = tokens[at];
  if (name?.type === "IdentifierName" && [";", undefined].includes(tokens[at + 1]?.value)) {
    const declared = tokens.findIndex(
      ({ value, depth }, index) => depth === 0 && value === name.value && tokens[index + 1]?.value === "=",
    );
    if (declared === -1) return undefined;
    at = declared + 2;
  }
  if (tokens[at]?.value === "[") return at;
  // `defineConfig(…)` of ESLint, `tseslint.config(…)`: both take lists and single configs.
  const call = tokens.findIndex(
    ({ value }, index) => index > (at ?? 0) && index <= (at ?? 0) + 3 && value === "(",
  );
  const callee = tokens
    .slice(at, call)
    .map(({ value }) => value)
    .join("");
  if (call === -1 || !CALLS.some(({ module, member }) => callees(tokens, module, member).includes(callee))) {
    return undefined;
  }
  return tokens[call + 1]?.value === "[" && closingIndex(tokens, call + 1) >= closingIndex(tokens, call) - 2
    ? call + 1
    : call;
}

const CALLS = [
  { module: "eslint/config", member: "defineConfig" },
  { module: "typescript-eslint", member: "config" },
];

/** How a script may write the call of a module's export. */
function callees(tokens: readonly ScriptToken[], module: string, member: string): readonly string[] {
  return importedNames(tokens, module).flatMap(({ imported, local }) => {
    if (local === undefined) return [];
    return imported === member ? [local] : [`${local}.${member}`];
  });
}

/** Indexes of the first tokens of a list's elements. */
function elementsOf(tokens: readonly ScriptToken[], list: number): readonly number[] {
  const depth = (tokens[list]?.depth ?? 0) + 1;
  const end = closingIndex(tokens, list);
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1];
    const isFirst = index - 1 === list || (before?.value === "," && before.depth === depth);
    return index > list && index < end && token.depth === depth && isFirst ? [index] : [];
  });
}

/** Does an element that has no `files` of its own, `plugin.flatConfigs.recommended`, bring a plugin? */
function isForEveryFile(
  tokens: readonly ScriptToken[],
  elements: readonly number[],
  plugin: string,
): boolean {
  const locals = importedNames(tokens, plugin).map(({ local }) => local);
  return elements.some((index) => {
    const start = tokens[index]?.value === "..." ? index + 1 : index;
    return locals.includes(tokens[start]?.value) && tokens[start + 1]?.value === ".";
  });
}
