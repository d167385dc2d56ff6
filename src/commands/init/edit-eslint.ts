import { type ArrayLiteralExpression, type CallExpression, Node, type SourceFile } from "ts-morph";
import { configExport } from "../project-files/scripts/config-object.ts";
import { callsOf, importedNames } from "../project-files/scripts/imported-names.ts";
import { bareExpression, declaredValue, parseScript } from "../project-files/scripts/parse-script.ts";
import { eolOf, LINE_WIDTH } from "../project-files/scripts/text-style.ts";

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
  const file = parseScript(text);
  const list = file === undefined ? undefined : configList(file);
  if (file === undefined || list === undefined) return undefined;
  const elements = Node.isCallExpression(list) ? list.getArguments() : list.getElements();
  const last = elements.at(-1);
  if (last === undefined || !rules.every(({ plugin }) => isForEveryFile(file, elements, plugin)))
    return undefined;
  const before = text.slice(text.lastIndexOf("\n", last.getStart() - 1) + 1, last.getStart());
  const indent = before.trim() === "" && before !== "" ? before : "  ";
  const step = indent.includes("\t") ? "\t" : "  ";
  const eol = eolOf(text);
  const lines = [`${indent}${ignoresText(ignores)},`];
  if (rules.length > 0) {
    const inner = rules.map((rule) => ruleLines(rule, `${indent}${step}${step}`, step, eol));
    lines.push(`${indent}{`, `${indent}${step}rules: {`, ...inner, `${indent}${step}},`, `${indent}},`);
  }
  const at = Node.isCallExpression(list) ? list.compilerNode.arguments : list.compilerNode.elements;
  const comma = at.hasTrailingComma ? "" : ",";
  // On a line of its own the bracket has its line end already.
  const end = text.slice(at.end, list.getEnd()).includes("\n") ? "" : eol;
  return `${text.slice(0, at.end)}${comma}${eol}${lines.join(eol)}${end}${text.slice(at.end)}`;
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

/** The config's list: the export itself, what its name stands for, or the call that takes lists and single configs. */
function configList(file: SourceFile): ArrayLiteralExpression | CallExpression | undefined {
  const exported = bareExpression(configExport(file)?.node);
  const value = Node.isIdentifier(exported) ? bareExpression(declaredValue(exported)) : exported;
  if (Node.isArrayLiteralExpression(value)) return value;
  const calls = CALLS.flatMap(({ module, wanted }) => callsOf(file, module, wanted));
  const call = calls.find((one) => one === value);
  const [only, ...others] = call?.getArguments() ?? [];
  return others.length === 0 && Node.isArrayLiteralExpression(only) ? only : call;
}

const CALLS = [
  { module: "eslint/config", wanted: /^defineConfig$/ },
  { module: "typescript-eslint", wanted: /^config$/ },
];

/** Does an element that has no `files` of its own, `plugin.flatConfigs.recommended`, bring a plugin? */
function isForEveryFile(file: SourceFile, elements: readonly Node[], plugin: string): boolean {
  const locals = importedNames(file, plugin).map(({ local }) => local);
  return elements.some((element) => {
    const value = Node.isSpreadElement(element) ? element.getExpression() : element;
    const isMember = Node.isPropertyAccessExpression(value) || Node.isElementAccessExpression(value);
    return isMember && locals.includes(value.getText().split(/\W/, 1)[0] ?? "");
  });
}
