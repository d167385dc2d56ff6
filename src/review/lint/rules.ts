import { joinedPartials } from "../../compiler/diagnose.ts";
import { messageText, oneLine, type Span } from "../../compiler/diagnostic.ts";
import { tokensText, withCommas } from "../cost/budget.ts";
import type { PromptCost } from "../cost/prompt-cost.ts";
import { countTexts } from "../cost/tokenizer.ts";
import { findPassages } from "./passages.ts";
import {
  hasFewValues,
  literalBefore,
  type PromptText,
  type ReadPrompt,
  type ReadValue,
} from "./read-prompt.ts";
import type { RuleId } from "./rule-ids.ts";
import { findSecrets } from "./secrets.ts";

interface Rule {
  readonly id: RuleId;
  /** Sees all prompts at once, since some rules compare them. */
  readonly find: (prompts: readonly ReadPrompt[]) => readonly Problem[];
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

export interface TextSpan {
  readonly text: PromptText;
  /** In UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

/** The span as it can be shown. */
export function shownSpan({ text, index, length }: TextSpan): Span {
  return { text: text.shown, message: text.message, index, length };
}

/** A rule that looks at one prompt at a time. */
function eachPrompt(find: (prompt: ReadPrompt) => readonly Omit<Problem, "prompt">[]): Rule["find"] {
  return (prompts) => prompts.flatMap((prompt) => find(prompt).map((one) => ({ ...one, prompt })));
}

/** A rule that looks for something in each text of a prompt. */
function eachText(
  find: (text: PromptText, prompt: ReadPrompt) => Iterable<Omit<Problem, "prompt">>,
): Rule["find"] {
  return eachPrompt((prompt) => prompt.texts.flatMap((text) => [...find(text, prompt)]));
}

/** How many of several things are named in a message. */
const MAX_NAMED = 5;

/**
 * Some names in words.
 *
 * @example listed(["a", "b", "c"]) // "a, b and c"
 */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map(oneLine);
  const rest = names.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : (last ?? "");
}

/** @example counted(1310, "word") // "1,310 words" */
function counted(count: number, what: string): string {
  return `${withCommas(count)} ${what}${count === 1 ? "" : "s"}`;
}

const secret: Rule = {
  id: "prompt-secret",
  find: eachText((text, { prompt }) =>
    findSecrets(text.text).map(({ kind, index, length }) => {
      const span = { text, index, length };
      const begin = text.shown.slice(index, index + 4);
      return {
        message: `The text${messageText(prompt.source, shownSpan(span))} contains ${kind}: ${begin}…, ${counted(length, "character")}.`,
        hint: "Revoke it where it was issued, since every reader of the prompt has it, and save a version without it.",
        span,
      };
    }),
  ),
};

// Characters without a shape of their own, and controls other than white space.
const INVISIBLE = /(?![\t\n\v\f\r\u0085])[\p{Cc}\p{DI}\ufff9-\ufffb]/gu;
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** What a character needs in the text before it (and after it) to be there for a reason. */
const REASONS: readonly {
  readonly of: RegExp;
  readonly before: RegExp;
  readonly after?: RegExp;
}[] = [
  // Emoji made of several, such as families.
  {
    of: /\u200d/,
    before: /(?:\p{Emoji}|\ufe0f)$/u,
    after: /^\p{Extended_Pictographic}/u,
  },
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
const invisibleCharacter: Rule = {
  id: "prompt-invisible-character",
  find: eachText(function* (text, { prompt }) {
    const found = [...text.text.matchAll(INVISIBLE)].filter((match) => !hasReason(text.text, match));
    const [first] = found;
    if (first === undefined) return;
    const span = { text, index: first.index, length: first[0].length };
    const counts = new Map<string, number>();
    for (const [character] of found) counts.set(character, (counts.get(character) ?? 0) + 1);
    const kinds = [...counts].map(
      ([character, count]) => `${nameOf(character)}${count > 1 ? ` (${count} times)` : ""}`,
    );
    yield {
      message: `The text${messageText(prompt.source, shownSpan(span))} has ${counted(found.length, "invisible character")}: ${listed(kinds)}.`,
      hint: "They often come from copied pages, and can hide instructions. Delete them in an editor that shows them.",
      span,
    };
  }),
};

/** How much of the text around a character decides: the longest is a flag, in UTF-16 units. */
const AROUND = 16;

function hasReason(text: string, { 0: character, index }: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, index - AROUND), index);
  const after = text.slice(index + character.length, index + character.length + AROUND);
  // Marks of direction are for lines that mix directions.
  if (/[\u061c\u200e\u200f]/.test(character)) return RIGHT_TO_LEFT.test(before + after);
  return REASONS.some(
    (reason) =>
      reason.of.test(character) && reason.before.test(before) && (reason.after?.test(after) ?? true),
  );
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A value that's only a condition, a number, or one of a few known texts can't bring instructions of its own. */
const systemVariable: Rule = {
  id: "prompt-system-variable",
  find: eachText(function* (text, read) {
    if (text.role !== "system" && text.role !== "developer") return;
    const open = read.pieces.filter(
      (piece): piece is ReadValue =>
        piece.kind === "value" && piece.span.text === text && isOpen(read, piece),
    );
    const [first] = open;
    if (first === undefined) return;
    const names = [...new Set(open.map(({ name }) => name))];
    yield {
      message: `${listed(names)}${messageText(read.prompt.source, shownSpan(first.span))} can bring any text into the system instructions.`,
      hint: "Move it to a user message, or list its possible values under variables in the config.",
      span: first.span,
    };
  }),
};

function isOpen(read: ReadPrompt, { name, isPrinted }: ReadValue): boolean {
  const { variables } = read.prompt.source;
  const type = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return isPrinted && type !== "number" && type !== "bigint" && !hasFewValues(read, name);
}

/** Providers cache a prompt's beginning from this many tokens on. */
const MIN_CACHED = 1024;

/** A number that every caller chooses differently ends the cache; one of a few known texts doesn't. */
const cacheOrder: Rule = {
  id: "prompt-cache-order",
  find: eachPrompt((prompt) => {
    const values = prompt.pieces.filter((piece) => piece.kind === "value");
    const breaking = values.filter(({ name }) => !hasFewValues(prompt, name));
    const [first] = breaking;
    if (first === undefined || literalBefore(prompt).length < MIN_CACHED) return [];
    const early = earlyValues(prompt, breaking);
    const before = (value: ReadValue | undefined) =>
      countTexts(prompt.tokenizer, [literalBefore(prompt, value)]);
    const [from, to] = [before(first), before(breaking[early.length])];
    if (early.length === 0 || from.tokens >= MIN_CACHED || to.tokens < MIN_CACHED) return [];
    const names = [...new Set(early.map(({ name }) => name))];
    const [is, it] = names.length === 1 ? ["is", "it"] : ["are", "them"];
    return [
      {
        message: `${listed(names)} ${is} in the first ${withCommas(MIN_CACHED)} tokens, so no request can use the provider's cache. Moving ${it} behind the constant text: cacheable prefix ${tokensText(from.tokens, from)} → ${tokensText(to.tokens, to)} tokens.`,
        hint: `Move ${it} to the end of the prompt, or to its last message.`,
        span: first.span,
        prefix: { from: from.tokens, to: to.tokens, encoding: from.encoding && to.encoding },
      },
    ];
  }),
};

/** The values that have too little literal text before them; each piece is counted once. */
function earlyValues(
  { pieces, tokenizer }: ReadPrompt,
  breaking: readonly ReadValue[],
): readonly ReadValue[] {
  const isBreaking = new Set<unknown>(breaking);
  const early: ReadValue[] = [];
  let tokens = 0;
  for (const piece of pieces) {
    if (tokens >= MIN_CACHED) break;
    if (piece.kind === "text") tokens += piece.isInSection ? 0 : tokenizer.count(piece.text);
    else if (isBreaking.has(piece)) early.push(piece);
  }
  return early;
}

/** The compiler knows; here its warning gets a severity. */
const unusedVariable: Rule = {
  id: "prompt-unused-variable",
  find: eachPrompt(({ prompt }) =>
    prompt.diagnostics
      .filter(({ code }) => code === "template_variable_unused")
      .map(({ message, hint }) => ({ message, hint: hint ?? "" })),
  ),
};

/** The compiler knows; here its warning gets a severity. */
const joinedPartial: Rule = {
  id: "prompt-joined-partial",
  find: eachPrompt(({ prompt, texts }) =>
    joinedPartials(prompt).map(({ span, ...problem }) => ({
      ...problem,
      span: { ...span, text: texts[span.message ?? 0] as PromptText },
    })),
  ),
};

/** A passage has more than forty words: shorter ones are how people write prompts. */
const MIN_WORDS = 41;

/** One prompt under two pins isn't two prompts. */
const repeatedPassage: Rule = {
  id: "prompt-repeated-passage",
  find(prompts) {
    const ordered = prompts
      .flatMap((prompt) =>
        prompt.texts.map((text) => ({ prompt, text, owner: prompt.prompt.source.version.promptId })),
      )
      .sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0));
    const passages = findPassages(
      ordered.map(({ owner, text }) => ({ owner, text: text.shown })),
      MIN_WORDS,
    );
    return passages.map(({ places, words }) => {
      const found = places
        .map(({ text, ...place }) => {
          const { prompt, text: of } = ordered[text] as { prompt: ReadPrompt; text: PromptText };
          return {
            prompt,
            name: prompt.prompt.source.ref.name,
            span: { text: of, ...place } satisfies TextSpan,
          };
        })
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      const [first, ...others] = found as [(typeof found)[0], ...typeof found];
      const { index, length, text } = first.span;
      const isMustache = found.every(({ prompt }) => prompt.prompt.source.syntax === "mustache");
      return {
        prompt: first.prompt,
        message: `${counted(words, "word")} are the same in ${listed(found.map(({ name }) => name))}: ${oneLine(text.shown.slice(index, index + length))}`,
        hint: isMustache
          ? "Make the passage a prompt of its own, and include it as a partial: {{> name}}."
          : 'Make the passage a prompt of its own. With syntax: "mustache" the others include it as {{> name}}; otherwise import it and give it to them as a variable.',
        span: first.span,
        others: others.map(({ prompt }) => prompt),
      };
    });
  },
};

/** How far a pin can be behind production. A rollback is usually one or two versions behind. */
const MAX_BEHIND = 4;

const oldPin: Rule = {
  id: "prompt-old-pin",
  find: eachPrompt(({ prompt: { source }, productionNumber }) => {
    const { ref, version } = source;
    const behind = (productionNumber ?? 0) - version.versionNumber;
    if (ref.pin.kind !== "version" || behind <= MAX_BEHIND) return [];
    return [
      {
        message: `Version ${version.versionNumber} is pinned, ${behind} behind production, which has version ${productionNumber}.`,
        hint: `Compare the two, then pin the newer one or follow the label: scope-gen unpin ${ref.name}`,
      },
    ];
  }),
};

/** Every rule, in the order of `docs/lint.md`, which has a section for each: what is dangerous first. */
export const RULES: readonly Rule[] = [
  secret,
  invisibleCharacter,
  systemVariable,
  cacheOrder,
  unusedVariable,
  joinedPartial,
  repeatedPassage,
  oldPin,
];
