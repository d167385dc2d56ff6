import { findNearMisses } from "../template/near-misses.ts";
import { parseScope } from "../template/parse-scope.ts";
import { variablesOf } from "../template/parts.ts";
import type { Body } from "./compiled-prompt.ts";
import { type Diagnostic, messageText, type Span, whereOf } from "./diagnostic.ts";
import type { MustacheNode } from "./mustache-nodes.ts";
import type { PromptSource } from "./prompt-source.ts";

/**
 * What looks wrong in a template that compiles: near misses, and where the template and the platform's list of
 * variables (or the config's) disagree. The template has the last word, so all of it is a warning.
 *
 * @param variables the template's names, in order of first use
 */
export function diagnose(
  source: PromptSource,
  bodies: readonly Body[],
  variables: readonly string[],
): readonly Diagnostic[] {
  const texts = bodies.map((_, message) => textOf(source, message));
  const uses = bodies.flatMap((body, i) => usesIn(body, texts[i] as Text));
  return [
    ...nearMisses(
      source,
      source.syntax === "scope" ? literalMisses(source, texts) : nameMisses(source, uses),
    ),
    ...undeclared(source, uses),
    ...unused(source, uses, variables),
  ];
}

interface Text {
  readonly text: string;
  readonly message: number | undefined;
}

/** A name in a template. */
interface NameUse {
  readonly name: string;
  /** It is written as in the platform's own syntax, outside of every section, so that the platform lists it. */
  readonly isPlain: boolean;
  /** The whole tag. */
  readonly span: Span;
}

function textOf({ version }: PromptSource, message: number): Text {
  const { content } = version;
  if (typeof content === "string") return { text: content, message: undefined };
  return { text: content[message]?.content ?? "", message };
}

function usesIn(body: Body, text: Text): readonly NameUse[] {
  if (body.syntax === "mustache") return mustacheUses(body.nodes, text, true);
  return body.parts.flatMap((part) => {
    if (part.kind === "text") return [];
    const span = { ...text, index: part.index, length: part.name.length + 4 };
    return [{ name: part.name, isPlain: true, span }];
  });
}

function mustacheUses(nodes: readonly MustacheNode[], text: Text, isOutermost: boolean): readonly NameUse[] {
  return nodes.flatMap((node): readonly NameUse[] => {
    if (node.kind !== "section" && node.kind !== "variable") return [];
    const span = { ...text, index: node.index, length: node.length };
    const isPlain =
      isOutermost && node.kind === "variable" && variablesOf(parseScope(textIn(span))).length > 0;
    const uses = node.path.map((name) => ({ name, isPlain, span }));
    return node.kind === "section" ? [...uses, ...mustacheUses(node.nodes, text, false)] : uses;
  });
}

function textIn({ text, index, length }: Span): string {
  return text.slice(index, index + length);
}

/** So many near misses are told one by one: a prompt about templates may hold thousands. */
const MOST_NEAR_MISSES = 10;

interface Miss {
  readonly message: string;
  readonly span: Span;
  readonly hint: string;
}

function nearMisses(source: PromptSource, misses: readonly Miss[]): readonly Diagnostic[] {
  const warn = (message: string, { span, hint }: Miss) =>
    warning(source, "template_near_miss", message, span, hint);
  const told = misses.slice(0, MOST_NEAR_MISSES).map((miss) => warn(miss.message, miss));
  const [next] = misses.slice(MOST_NEAR_MISSES);
  if (next === undefined) return told;
  const rest = misses.length - told.length;
  const ofKind =
    source.syntax === "mustache"
      ? ["variable with an unusual name", "variables with unusual names"]
      : ["text that looks like a variable and is none", "texts that look like variables and are none"];
  return [...told, warn(`And ${rest} more ${ofKind[rest === 1 ? 0 : 1]}.`, next)];
}

/** Text that stays as it is and looks like a variable. */
function literalMisses(source: PromptSource, texts: readonly Text[]): readonly Miss[] {
  const hint = "A variable is {{name}}: letters, digits and underscores, without spaces.";
  return texts.flatMap((text) =>
    findNearMisses(text.text).map((near) => {
      const span = { ...text, index: near.index, length: near.text.length };
      return {
        message: `${near.text}${messageText(source, span)} is no variable and stays as it is.`,
        span,
        hint,
      };
    }),
  );
}

/** Mustache takes everything between braces for a name: such as hold what a name would not are meant as text. */
function nameMisses(source: PromptSource, uses: readonly NameUse[]): readonly Miss[] {
  const hint = "For braces in the text change the delimiters around it: {{=<% %>=}} … <%={{ }}=%>";
  const spans = new Map<string, Span>();
  for (const { name, span } of uses)
    if (name === "" || /[\s"'`{}]/.test(name)) spans.set(`${span.message} ${span.index}`, span);
  return [...spans.values()].map((span) => ({
    message: `${oneLine(textIn(span))}${messageText(source, span)} is read as a variable, with an unusual name.`,
    span,
    hint,
  }));
}

function oneLine(tag: string): string {
  const line = tag.replace(/[\s\p{Cc}]+/gu, " ");
  return line.length > 60 ? `${line.slice(0, 60).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

function undeclared(source: PromptSource, uses: readonly NameUse[]): readonly Diagnostic[] {
  if (source.version.declaredVariables === null) return [];
  const known = new Set(source.version.declaredVariables);
  const firstUses = new Map<string, NameUse>();
  for (const use of uses)
    if (use.isPlain && !known.has(use.name) && !firstUses.has(use.name)) firstUses.set(use.name, use);
  return [...firstUses.values()].map(({ name, span }) =>
    warning(
      source,
      "template_variable_undeclared",
      `The template uses ${name}${messageText(source, span)}, which the platform does not list among its variables.`,
      span,
      "Calls need it all the same. Save a new version on the platform to bring its list up to date.",
    ),
  );
}

function unused(
  source: PromptSource,
  uses: readonly NameUse[],
  variables: readonly string[],
): readonly Diagnostic[] {
  const used = new Set([...uses.map((use) => use.name), ...variables]);
  const notUsed = (names: readonly string[]) => names.filter((name) => !used.has(name));
  const whatItUses =
    variables.length === 0 ? "The template has no variables." : `It uses ${variables.join(", ")}.`;
  return [
    ...notUsed(source.version.declaredVariables ?? []).map((name) =>
      warning(
        source,
        "template_variable_unused",
        `The platform lists the variable ${name}, which the template does not use.`,
        undefined,
        `Calls do not take it. ${whatItUses}`,
      ),
    ),
    ...Object.keys(source.variables)
      .filter((name) => !variables.includes(name))
      .map((name) => {
        const isInside = used.has(name) || name.split(".").every((part) => used.has(part));
        return warning(
          source,
          "template_variable_unused",
          isInside
            ? `The config narrows ${name}, which is no variable of its own in the template: it belongs to another one.`
            : `The config narrows the variable ${name}, which the template does not use.`,
          undefined,
          isInside ? `Names inside sections and after dots cannot be narrowed. ${whatItUses}` : whatItUses,
        );
      }),
  ];
}

function warning(
  source: PromptSource,
  code: Diagnostic["code"],
  message: string,
  span: Span | undefined,
  hint: string,
): Diagnostic {
  return { severity: "warning", code, message, where: whereOf(source, span), hint };
}
