import { findNearMisses } from "../template/near-misses.ts";
import type { Body } from "./compiled-prompt.ts";
import { type Diagnostic, messageText, type Span, whereOf } from "./diagnostic.ts";
import type { PromptSource } from "./prompt-source.ts";

/**
 * What looks wrong in a template that compiles: near misses, and where the template and the platform's list of
 * variables (or the config's) disagree. The template has the last word, so all of it is a warning.
 */
export function diagnose(
  source: PromptSource,
  bodies: readonly Body[],
  variables: readonly string[],
): readonly Diagnostic[] {
  return [
    ...bodies.flatMap((body, message) => nearMisses(source, body, textOf(source, message))),
    ...undeclared(source, bodies, variables),
    ...unused(source, variables),
  ];
}

interface Text {
  readonly text: string;
  readonly message: number | undefined;
}

function textOf({ version }: PromptSource, message: number): Text {
  const { content } = version;
  if (typeof content === "string") return { text: content, message: undefined };
  return { text: content[message]?.content ?? "", message };
}

function nearMisses(source: PromptSource, body: Body, text: Text): Diagnostic[] {
  if (body.syntax !== "scope") return [];
  return findNearMisses(text.text).map((near) => {
    const span = { ...text, index: near.index, length: near.text.length };
    return warning(
      source,
      "template_near_miss",
      `${near.text}${messageText(source, span)} is no variable and stays as it is.`,
      span,
      "A variable is {{name}}: letters, digits and underscores, without spaces.",
    );
  });
}

function undeclared(
  source: PromptSource,
  bodies: readonly Body[],
  variables: readonly string[],
): Diagnostic[] {
  const declared = source.version.declaredVariables;
  if (declared === null) return [];
  const known = new Set(declared);
  return variables
    .filter((name) => !known.has(name))
    .map((name) => {
      const span = firstUse(source, bodies, name);
      const where = span === undefined ? "" : messageText(source, span);
      return warning(
        source,
        "template_variable_undeclared",
        `The template uses ${name}${where}, which the platform does not list among its variables.`,
        span,
        "Calls need it all the same. Save a new version on the platform to bring its list up to date.",
      );
    });
}

function unused(source: PromptSource, variables: readonly string[]): Diagnostic[] {
  const used = new Set(variables);
  const notUsed = (names: readonly string[]) => names.filter((name) => !used.has(name));
  return [
    ...notUsed(source.version.declaredVariables ?? []).map((name) =>
      warning(
        source,
        "template_variable_unused",
        `The platform lists the variable ${name}, which the template does not use.`,
        undefined,
        "Calls do not take it. A misspelt {{name}} in the template has this effect too.",
      ),
    ),
    ...notUsed(Object.keys(source.variables)).map((name) =>
      warning(
        source,
        "template_variable_unused",
        `The config narrows the variable ${name}, which the template does not use.`,
        undefined,
        variables.length === 0 ? "The template has no variables." : `It uses ${variables.join(", ")}.`,
      ),
    ),
  ];
}

function firstUse(source: PromptSource, bodies: readonly Body[], name: string): Span | undefined {
  for (const [message, body] of bodies.entries()) {
    for (const part of body.parts) {
      if (part.kind === "variable" && part.name === name)
        return { ...textOf(source, message), index: part.index, length: name.length + 4 };
    }
  }
  return undefined;
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
