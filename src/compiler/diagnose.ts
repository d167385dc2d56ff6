import { type Diagnostic, excerptOf, messageText, type Span, whereOf } from "../errors/diagnostic.ts";
import { findNearMisses } from "../template/near-misses.ts";
import { parseScope, variablesOf } from "../template/parse-scope.ts";
import type { MustacheNode } from "./1-parse/read-mustache.ts";
import type { CompiledPrompt, PromptSource } from "./compiled-prompt.ts";
import { findInvisible } from "./invisible-characters.ts";
import { findSecrets, maskSecrets } from "./secrets.ts";

type Body = CompiledPrompt["bodies"][number];

/**
 * What looks wrong in a template that compiles: the form in which it came, secrets, characters that nobody sees, near misses,
 * and differences between the template and the platform's (or the config's) list of variables. The template has the last word,
 * so all of it is a warning.
 */
export function diagnose(
  prompt: Pick<CompiledPrompt, "source" | "bodies" | "variables">,
): readonly Diagnostic[] {
  const { source, variables } = prompt;
  const uses = usesOf(prompt);
  const { declaredType } = source.version;
  return [
    ...report(source, "response_chat_text", declaredType === undefined ? [] : [chatText(declaredType)]),
    ...report(source, "prompt-secret", secrets(prompt)),
    ...report(source, "prompt-invisible-character", invisibleCharacters(prompt)),
    ...report(source, "prompt-near-miss", nearMisses(prompt)),
    ...undeclared(source, uses),
    ...unused(source, uses, variables),
  ];
}

function chatText(type: string): Warning {
  return {
    message: `This version came with prompt_type "${type}" and one plain text: it's used as a text prompt, without roles.`,
    hint: "If it should have messages, save it with roles on the platform. To report the form: scope-gen doctor --json",
  };
}

type Text = Pick<Span, "text" | "message">;

interface NameUse {
  readonly name: string;
  /** It's written as in the platform's own syntax, outside every section, so the platform lists it. */
  readonly isPlain: boolean;
  /** The whole tag. */
  readonly span: Span;
}

function textOf({ version }: PromptSource, message: number): Text {
  const { content } = version;
  if (typeof content === "string") return { text: content, message: undefined };
  return { text: content[message]?.content ?? "", message };
}

function usesOf({ source, bodies }: Pick<CompiledPrompt, "source" | "bodies">): readonly NameUse[] {
  return bodies.flatMap((body, i) => usesIn(body, textOf(source, i)));
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
    if (node.kind === "text") return [];
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

/** How many of one kind are reported one by one: a prompt about templates may contain thousands. */
const MAX_OF_A_KIND = 10;

interface Warning {
  readonly message: string;
  readonly span?: Span | undefined;
  readonly hint: string;
}

/**
 * The first ones of a kind, and one more with the number of others, at the place of the first of these. Each frame takes
 * as long as the text.
 */
function report(
  source: PromptSource,
  code: Diagnostic["code"],
  warnings: readonly Warning[],
): readonly Diagnostic[] {
  return warnings.slice(0, MAX_OF_A_KIND + 1).map(({ message, span, hint }, at): Diagnostic => {
    const rest = `And ${warnings.length - MAX_OF_A_KIND} more like these.`;
    // A frame quotes the text around a place.
    const shown = span && { ...span, text: maskSecrets(span.text) };
    const where = whereOf(source, shown);
    return { code, message: at < MAX_OF_A_KIND ? maskSecrets(message) : rest, where, hint };
  });
}

function textsOf({ source, bodies }: Pick<CompiledPrompt, "source" | "bodies">): readonly Text[] {
  return bodies.map((_, message) => textOf(source, message));
}

function secrets(prompt: Pick<CompiledPrompt, "source" | "bodies">): readonly Warning[] {
  return textsOf(prompt).flatMap((text) =>
    findSecrets(text.text).map(({ kind, index, length }) => {
      const span = { ...text, index, length };
      return {
        message: `The text${messageText(prompt.source, span)} contains ${kind}: ${text.text.slice(index, index + 4)}…, ${length} characters.`,
        span,
        hint: "Revoke it where it was issued, since every reader of the prompt has it, and save a version without it.",
      };
    }),
  );
}

/** One warning per text: such characters come in numbers, and one search finds them all. */
function invisibleCharacters(prompt: Pick<CompiledPrompt, "source" | "bodies">): readonly Warning[] {
  return textsOf(prompt).flatMap((text) => {
    const found = findInvisible(text.text);
    const [first] = found;
    if (first === undefined) return [];
    const span = { ...text, index: first.index, length: first[0].length };
    const counts = new Map<string, number>();
    for (const [character] of found) counts.set(character, (counts.get(character) ?? 0) + 1);
    const kinds = [...counts].map(([character, count]) => {
      const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
      return `U+${code}${count > 1 ? ` (${count} times)` : ""}`;
    });
    return [
      {
        message: `The text${messageText(prompt.source, span)} has ${found.length === 1 ? "an invisible character" : `${found.length} invisible characters`}: ${listed(kinds)}.`,
        span,
        hint: "They often come from copied pages, and can hide instructions. Delete them in an editor that shows them.",
      },
    ];
  });
}

const SECTION = /\{\{\s*[#^][^{}\r\n]{1,80}\}\}/;
const SECTION_END = /\{\{\s*\/[^{}\r\n]{1,80}\}\}/;

/**
 * What looks like a variable and isn't one, or is one although it looks like text. Double braces and a word with spaces, a
 * path or a filter stay as they are; a section suggests that the whole template is meant as mustache.
 */
function nearMisses(
  prompt: Pick<CompiledPrompt, "source" | "bodies">,
): readonly (Warning & { readonly span: Span })[] {
  const { source, bodies } = prompt;
  if (source.syntax === "mustache") return nameMisses(source, usesOf(prompt));
  return literalMisses(
    source,
    bodies.map((_, message) => textOf(source, message)),
  );
}

function literalMisses(source: PromptSource, texts: readonly Text[]) {
  const isMustache = [SECTION, SECTION_END].every((tag) => texts.some(({ text }) => tag.test(text)));
  const section = texts.flatMap((text) => {
    const { 0: tag, index } = (isMustache && SECTION.exec(text.text)) || {};
    return tag === undefined ? [] : [{ ...text, index: index as number, length: tag.length }];
  })[0];
  const misses = texts.flatMap((text) =>
    findNearMisses(text.text).map(({ text: tag, index }) => ({ ...text, index, length: tag.length })),
  );
  return [
    ...(section === undefined
      ? []
      : [
          {
            message: `This looks like mustache: ${textIn(section)}${messageText(source, section)} and tags like it stay as they are.`,
            span: section,
            hint: 'To read it as mustache, set syntax: "mustache" for this prompt, or for all, in the config.',
          },
        ]),
    ...misses.map((span) => ({
      message: `${textIn(span)}${messageText(source, span)} isn't a variable and stays as it is.`,
      span,
      hint: "A variable is {{name}}: letters, digits and underscores, without spaces.",
    })),
  ];
}

/** Mustache treats everything between braces as a name; if it contains what a name wouldn't, it's meant as text. */
function nameMisses(source: PromptSource, uses: readonly NameUse[]) {
  const hint = "For braces in the text change the delimiters around it: {{=<% %>=}} … <%={{ }}=%>";
  const spans = new Map<string, Span>();
  for (const { name, span } of uses)
    if (name === "" || /[\s"'`{}]/.test(name)) spans.set(`${span.message} ${span.index}`, span);
  return [...spans.values()].map((span) => ({
    message: `${excerptOf(textIn(span))}${messageText(source, span)} is read as a variable, with an unusual name.`,
    span,
    hint,
  }));
}

function undeclared(source: PromptSource, uses: readonly NameUse[]): readonly Diagnostic[] {
  if (source.version.declaredVariables === null) return [];
  const known = new Set(source.version.declaredVariables);
  const firstUses = new Map<string, NameUse>();
  for (const use of uses)
    if (use.isPlain && !known.has(use.name) && !firstUses.has(use.name)) firstUses.set(use.name, use);
  const warnings = [...firstUses.values()].map(({ name, span }) => ({
    message: `The template uses ${excerptOf(name)}${messageText(source, span)}, which isn't in the platform's list of variables.`,
    span,
    hint: "Calls need it anyway. Save a new version on the platform to update the list.",
  }));
  return report(source, "template_variable_undeclared", warnings);
}

function unused(
  source: PromptSource,
  uses: readonly NameUse[],
  variables: readonly string[],
): readonly Diagnostic[] {
  const code = "template_variable_unused";
  const ofTemplate = new Set(variables);
  const used = new Set([...uses.map((use) => use.name), ...variables, ...source.provides]);
  const whatItUses =
    variables.length === 0 ? "The template has no variables." : `It uses ${listed(variables)}.`;
  const notUsed = (source.version.declaredVariables ?? []).filter((name) => !used.has(name));
  const narrowed = Object.keys(source.variables).filter(
    (name) => !ofTemplate.has(name) && !source.provides.includes(name),
  );
  return [
    ...report(
      source,
      code,
      notUsed.map((name) => ({
        message: `The platform lists the variable ${excerptOf(name)}, which the template doesn't use.`,
        hint: `Calls don't accept it. ${whatItUses}`,
      })),
    ),
    ...report(
      source,
      code,
      narrowed.map((name) => ({
        message: `The config narrows ${excerptOf(name)}, which isn't a top-level variable of the template.`,
        hint: `You can't narrow names inside sections or after dots. ${whatItUses}`,
      })),
    ),
  ];
}

/** The first names, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_OF_A_KIND).map(excerptOf).join(", ");
  return names.length > MAX_OF_A_KIND ? `${shown} and ${names.length - MAX_OF_A_KIND} more` : shown;
}
