import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { joinedPartials, nearMisses } from "../../compiler/diagnose.ts";
import { literalText, type Piece, type ValuePiece } from "../../compiler/pieces.ts";
import { excerptOf, messageText, type Span } from "../../errors/diagnostic.ts";
import { compareText } from "../../prompt.ts";
import { type PromptCost, tokensText, withCommas } from "../cost/prompt-cost.ts";
import { countTexts, type Tokenizer } from "../cost/tokenizer.ts";
import { findPassages } from "./passages.ts";
import type { RuleId } from "./rule-ids.ts";
import { findSecrets } from "./secrets.ts";

/** A prompt as the rules look at it. */
export interface ReadPrompt {
  readonly prompt: CompiledPrompt;
  /** For its model. */
  readonly tokenizer: Tokenizer;
  /** The number of its version in production; undefined: not known, or none. */
  readonly productionNumber?: number | undefined;
  /** One for a text prompt, one per message for a chat prompt. */
  readonly texts: readonly PromptText[];
  /** Of all texts, in order, partials included. */
  readonly pieces: readonly Piece[];
}

interface PromptText {
  readonly text: string;
  /** The same with secrets masked, at the same length: messages and frames quote only from this. */
  readonly shown: string;
  /** Which message of a chat prompt, from 0. */
  readonly message: number | undefined;
  /** As sent to the model; undefined for a text prompt. */
  readonly role: string | undefined;
}

/** What a rule found, before its place is looked up. */
export interface Problem {
  readonly prompt: ReadPrompt;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Undefined: it's about the prompt as a whole. */
  readonly span?: TextSpan | undefined;
  readonly prefix?: PrefixChange;
  /** The other prompts that have the same problem in common with this one. */
  readonly others?: readonly ReadPrompt[];
}

/** The cacheable prefix in tokens: as it is, and after the fix. */
export interface PrefixChange extends Pick<PromptCost, "encoding"> {
  readonly from: number;
  readonly to: number;
}

interface TextSpan {
  readonly text: PromptText;
  /** In UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

/** The span as it can be shown. */
export function shownSpan({ text, index, length }: TextSpan): Span {
  return { text: text.shown, message: text.message, index, length };
}

/** Sees all prompts at once, since some rules compare them. */
type Rule = (prompts: readonly ReadPrompt[]) => readonly Problem[];

function eachPrompt(find: (prompt: ReadPrompt) => readonly Omit<Problem, "prompt">[]): Rule {
  return (prompts) => prompts.flatMap((prompt) => find(prompt).map((one) => ({ ...one, prompt })));
}

function eachText(find: (text: PromptText, prompt: ReadPrompt) => readonly Omit<Problem, "prompt">[]): Rule {
  return eachPrompt((prompt) => prompt.texts.flatMap((text) => find(text, prompt)));
}

/** How many of several things are named in a message. */
const MAX_NAMED = 5;

/** @example listed(["a", "b", "c"]) // "a, b and c" */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map(excerptOf);
  const rest = names.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : (last ?? "");
}

/** @example counted(1310, "word") // "1,310 words" */
function counted(count: number, what: string): string {
  return `${withCommas(count)} ${what}${count === 1 ? "" : "s"}`;
}

const secret = eachText((text, { prompt }) =>
  findSecrets(text.text).map(({ kind, index, length }) => {
    const span = { text, index, length };
    const begin = text.shown.slice(index, index + 4);
    return {
      message: `The text${messageText(prompt.source, shownSpan(span))} contains ${kind}: ${begin}…, ${counted(length, "character")}.`,
      hint: "Revoke it where it was issued, since every reader of the prompt has it, and save a version without it.",
      span,
    };
  }),
);

// Characters without a shape of their own, and controls other than white space.
const INVISIBLE = /(?![\t\n\v\f\r\u0085])[\p{Cc}\p{DI}\ufff9-\ufffb]/gu;
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** What a character needs in the text before it (and after it) to be there for a reason. */
const REASONS: readonly { readonly of: RegExp; readonly before: RegExp; readonly after?: RegExp }[] = [
  // Emoji made of several, such as families.
  { of: /\u200d/, before: /(?:\p{Emoji}|\ufe0f)$/u, after: /^\p{Extended_Pictographic}/u },
  // Joiners choose the form of a letter in Persian, the scripts of India and others, but not in these.
  {
    of: /\u200c|\u200d|\u034f/,
    before:
      /(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{M}]$/u,
  },
  // Variants of an emoji, a symbol or a character of East Asia.
  {
    of: /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u,
    before: /[\p{Emoji}\p{S}\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\u3000-\u303f\uff00-\uff5e]$/u,
  },
  { of: /[\u180b-\u180f]/, before: /\p{Script=Mongolian}$/u },
  // The flags of England, Scotland and Wales, up to the character that ends them.
  { of: /[\u{e0020}-\u{e007f}]/u, before: /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{0,6}$/u },
];

/** One problem per text: such characters come in numbers, and one search finds them all. */
const invisibleCharacter = eachText((text, { prompt }) => {
  const found = [...text.text.matchAll(INVISIBLE)].filter((match) => !hasReason(text.text, match));
  const [first] = found;
  if (first === undefined) return [];
  const span = { text, index: first.index, length: first[0].length };
  const counts = new Map<string, number>();
  for (const [character] of found) counts.set(character, (counts.get(character) ?? 0) + 1);
  const kinds = [...counts].map(([character, count]) => {
    const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
    return `U+${code}${count > 1 ? ` (${count} times)` : ""}`;
  });
  return [
    {
      message: `The text${messageText(prompt.source, shownSpan(span))} has ${counted(found.length, "invisible character")}: ${listed(kinds)}.`,
      hint: "They often come from copied pages, and can hide instructions. Delete them in an editor that shows them.",
      span,
    },
  ];
});

/** How much of the text around a character decides: the longest is a flag, in UTF-16 units. */
const AROUND = 16;

function hasReason(text: string, { 0: character, index }: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, index - AROUND), index);
  const after = text.slice(index + character.length, index + character.length + AROUND);
  // Marks of direction are for lines that mix directions.
  if (/[\u061c\u200e\u200f]/.test(character)) return RIGHT_TO_LEFT.test(before + after);
  return REASONS.some(
    (one) => one.of.test(character) && one.before.test(before) && (one.after?.test(after) ?? true),
  );
}

/** Can a variable have only a few values, which the config lists? */
function hasFewValues({ prompt }: ReadPrompt, name: string): boolean {
  const { variables } = prompt.source;
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return typeof type === "object" || type === "boolean";
}

function spanOf({ texts }: ReadPrompt, { body, index, length }: ValuePiece): TextSpan {
  return { text: texts[body] as PromptText, index, length };
}

/** A value that's only a condition, a number, or one of a few known texts can't bring instructions of its own. */
const systemVariable = eachText((text, read) => {
  if (text.role !== "system" && text.role !== "developer") return [];
  const { source } = read.prompt;
  const isNumber = (name: string) =>
    Object.hasOwn(source.variables, name) && /^(?:number|bigint)$/.test(String(source.variables[name]));
  const open = read.pieces
    .filter((piece) => piece.kind === "value")
    .filter(({ body, isPrinted }) => isPrinted && read.texts[body] === text)
    .filter(({ name }) => !isNumber(name) && !hasFewValues(read, name));
  const [first] = open;
  if (first === undefined) return [];
  const names = [...new Set(open.map(({ name }) => name))];
  const span = spanOf(read, first);
  return [
    {
      message: `${listed(names)}${messageText(source, shownSpan(span))} can bring any text into the system instructions.`,
      hint: "Move it to a user message, or list its possible values under variables in the config.",
      span,
    },
  ];
});

/** Providers cache a prompt's beginning from this many tokens on. */
const MIN_CACHED = 1024;

/** A number that every caller chooses differently ends the cache; one of a few known texts doesn't. */
const cacheOrder = eachPrompt((prompt) => {
  const { pieces, tokenizer } = prompt;
  const breaking = pieces
    .filter((piece) => piece.kind === "value")
    .filter(({ name }) => !hasFewValues(prompt, name));
  const [first] = breaking;
  if (first === undefined || literalText(pieces).length < MIN_CACHED) return [];
  // The values that have too little literal text before them; each piece is counted once.
  let early = 0;
  let tokens = 0;
  for (const piece of pieces) {
    if (tokens >= MIN_CACHED) break;
    if (piece.kind === "text") tokens += piece.isInSection ? 0 : tokenizer.count(piece.text);
    else if (piece === breaking[early]) early += 1;
  }
  const before = (value: ValuePiece | undefined) => {
    const end = value === undefined ? pieces.length : pieces.indexOf(value);
    return countTexts(tokenizer, [literalText(pieces.slice(0, end))]);
  };
  const [from, to] = [before(first), before(breaking[early])];
  if (early === 0 || from.tokens >= MIN_CACHED || to.tokens < MIN_CACHED) return [];
  const names = [...new Set(breaking.slice(0, early).map(({ name }) => name))];
  const [is, it] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return [
    {
      message: `${listed(names)} ${is} in the first ${withCommas(MIN_CACHED)} tokens, so no request can use the provider's cache. Moving ${it} behind the constant text: cacheable prefix ${tokensText(from.tokens, from)} → ${tokensText(to.tokens, to)} tokens.`,
      hint: `Move ${it} to the end of the prompt, or to its last message. Then toAnthropic and toOpenAI of unplugin-scope/messages set the mark that providers cache up to.`,
      span: spanOf(prompt, first),
      prefix: { from: from.tokens, to: to.tokens, encoding: from.encoding && to.encoding },
    },
  ];
});

/** A passage has more than forty words: shorter ones are how people write prompts. */
const MIN_WORDS = 41;

/** One prompt under two pins isn't two prompts. */
const repeatedPassage: Rule = (prompts) => {
  const ordered = prompts
    .flatMap((prompt) => prompt.texts.map((text) => ({ ...prompt.prompt.source, prompt, text })))
    .sort((a, b) => compareText(a.version.promptId, b.version.promptId));
  const shown = ordered.map(({ version, text }) => ({ owner: version.promptId, text: text.shown }));
  return findPassages(shown, MIN_WORDS).map(({ places, words }) => {
    const found = places
      .map((place) => ({ ...(ordered[place.text] as (typeof ordered)[0]), place }))
      .sort((a, b) => compareText(a.ref.name, b.ref.name));
    const [first, ...others] = found as [(typeof found)[0], ...typeof found];
    const { text, place } = first;
    const passage = excerptOf(text.shown.slice(place.index, place.index + place.length));
    const isMustache = found.every(({ syntax }) => syntax === "mustache");
    return {
      prompt: first.prompt,
      message: `${counted(words, "word")} are the same in ${listed(found.map(({ ref }) => ref.name))}: ${passage}`,
      hint: isMustache
        ? "Make the passage a prompt of its own, and include it as a partial: {{> name}}."
        : 'Make the passage a prompt of its own. With syntax: "mustache" the others include it as {{> name}}; otherwise import it and give it to them as a variable.',
      span: { ...place, text },
      others: others.map(({ prompt }) => prompt),
    };
  });
};

/** How far a pin can be behind production. A rollback is usually one or two versions behind. */
const MAX_BEHIND = 4;

const oldPin = eachPrompt(({ prompt: { source }, productionNumber }) => {
  const { ref, version } = source;
  const behind = (productionNumber ?? 0) - version.versionNumber;
  if (ref.pin.kind !== "version" || behind <= MAX_BEHIND) return [];
  return [
    {
      message: `Version ${version.versionNumber} is pinned, ${behind} behind production, which has version ${productionNumber}.`,
      hint: `Compare the two, then pin the newer one or follow the label: scope-gen unpin ${ref.name}`,
    },
  ];
});

function ofCompiler(
  find: (prompt: CompiledPrompt) => readonly (Omit<Problem, "prompt" | "span"> & { readonly span: Span })[],
): Rule {
  return eachPrompt(({ prompt, texts }) =>
    find(prompt).map(({ span, ...problem }) => {
      return { ...problem, span: { ...span, text: texts[span.message ?? 0] as PromptText } };
    }),
  );
}

/** Every rule, in the order of `docs/lint.md`, which has a section for each: what is dangerous first. */
export const RULES: Readonly<Record<RuleId, Rule>> = {
  "prompt-secret": secret,
  "prompt-invisible-character": invisibleCharacter,
  "prompt-system-variable": systemVariable,
  "prompt-cache-order": cacheOrder,
  // The compiler finds the next three; here its warnings get a severity.
  "prompt-near-miss": ofCompiler(nearMisses),
  "prompt-unused-variable": eachPrompt(({ prompt }) =>
    prompt.diagnostics
      .filter(({ code }) => code === "template_variable_unused")
      .map(({ message, hint }) => ({ message, hint: hint ?? "" })),
  ),
  "prompt-joined-partial": ofCompiler(joinedPartials),
  "prompt-repeated-passage": repeatedPassage,
  "prompt-old-pin": oldPin,
};
