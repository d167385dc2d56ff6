import { findNearMisses } from "../template/near-misses.ts";
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
    ...(source.syntax === "scope" ? nearMisses(source, texts) : []),
    ...undeclared(source, uses),
    ...unused(source, uses, variables),
  ];
}

interface Text {
  readonly text: string;
  readonly message: number | undefined;
}

/** A name in a template. `isPlain`: as the platform's own syntax would have it, so that the platform lists it. */
interface NameUse {
  readonly name: string;
  readonly isPlain: boolean;
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
    if (node.kind === "section") {
      const names = node.path.map((name) => ({
        name,
        isPlain: false,
        span: { ...text, index: 0, length: 0 },
      }));
      return [...names, ...mustacheUses(node.nodes, text, false)];
    }
    if (node.kind !== "variable") return [];
    const span = { ...text, index: node.index, length: node.path.join(".").length + 4 };
    return node.path.map((name) => ({ name, isPlain: isOutermost && node.path.length === 1, span }));
  });
}

/** So many near misses are told one by one: a prompt about templates may hold thousands. */
const MOST_NEAR_MISSES = 10;

function nearMisses(source: PromptSource, texts: readonly Text[]): readonly Diagnostic[] {
  const spans = texts.flatMap((text) =>
    findNearMisses(text.text).map((near) => ({ ...text, index: near.index, length: near.text.length })),
  );
  const told = spans.slice(0, MOST_NEAR_MISSES).map((span) => {
    const found = span.text.slice(span.index, span.index + span.length);
    return warning(
      source,
      "template_near_miss",
      `${found}${messageText(source, span)} is no variable and stays as it is.`,
      span,
      NEAR_MISS_HINT,
    );
  });
  const rest = spans.length - told.length;
  if (rest === 0) return told;
  const more = `And ${rest} more ${rest === 1 ? "text that looks like a variable and is none" : "texts that look like variables and are none"}.`;
  return [...told, warning(source, "template_near_miss", more, spans[MOST_NEAR_MISSES], NEAR_MISS_HINT)];
}

const NEAR_MISS_HINT = "A variable is {{name}}: letters, digits and underscores, without spaces.";

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
    ...notUsed(Object.keys(source.variables)).map((name) =>
      warning(
        source,
        "template_variable_unused",
        `The config narrows the variable ${name}, which the template does not use.`,
        undefined,
        whatItUses,
      ),
    ),
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
