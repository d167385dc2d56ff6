import { diffArrays } from "diff";
import { metadataChanges, pairMessages } from "../commands/report/hunks.ts";
import type { ComparedPrompt } from "../project/versions/compare-prompts.ts";
import { costText } from "../project/versions/prompt-cost.ts";
import type { PromptContent, Syntax } from "../prompt.ts";
import { VARIABLE } from "../template/parse-scope.ts";

/** A stretch of two texts that were compared word by word. */
export interface DiffPiece {
  readonly kind: "same" | "gone" | "new";
  /** A template's tag, in whole: `{{name}}`. */
  readonly isTag?: true;
  readonly text: string;
}

export interface ComparedText {
  /** `message 2 (user)`, or a key of metadata; undefined for a text prompt. */
  readonly title: string | undefined;
  readonly pieces: readonly DiffPiece[];
}

/** Time grows with their square: with more edits, the two texts are shown one after the other. */
const MAX_EDITS = 2000;
/** For all texts of one difference together. */
const MAX_MS = 2000;

/** The lines of metadata that are shown before and after a change. */
const CONTEXT = 2;

/** The texts of two versions of a prompt, word by word, and what they cost. */
export function wordDiff({ from, to, cost }: ComparedPrompt, syntax: Syntax) {
  const until = Date.now() + MAX_MS;
  return {
    /** Empty where the versions cost the same. */
    cost: costText(cost, true),
    texts: comparedTexts(from?.content, to?.content, until, TAGS[syntax]),
    /** The keys whose values changed, with these as indented JSON. */
    metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}).map((change) => ({
      title: change.key,
      pieces: comparedValues(indented(change.from), indented(change.to), until),
    })),
  };
}

function comparedTexts(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
  until: number,
  tag?: RegExp,
): readonly ComparedText[] {
  return pairMessages(from, to).map((pair) => ({
    title: pair.title,
    pieces: words(pair.from ?? "", pair.to ?? "", until, tag),
  }));
}

const TAGS: Readonly<Record<Syntax, RegExp>> = { scope: VARIABLE, mustache: /\{\{\{?[^{}]*\}?\}\}/gu };
const NO_TAG = /(?!)/g;

/** Word by word, with the template's tags as pieces of their own. */
function words(from: string, to: string, until: number, tag = NO_TAG): readonly DiffPiece[] {
  if (from === to && tag === NO_TAG) return from === "" ? [] : [{ kind: "same", text: from }];
  // Even to split long texts takes a while.
  const isLate = Date.now() > until;
  const token = isLate ? /.+/gs : new RegExp(`${tag.source}|[\\p{L}\\p{N}_]+|\\n|[^\\S\\n]+|.`, "gsu");
  const [before, after] = [from.match(token) ?? [], to.match(token) ?? []];
  // Equal texts take no time, so they're shown as equal even after the limit.
  const limits = { maxEditLength: MAX_EDITS, timeout: Math.max(1, until - Date.now()) };
  const whole = [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
  const pieces: (DiffPiece & { text: string })[] = [];
  for (const { value, added, removed } of diffArrays(before, after, limits) ?? whole) {
    const kind = removed ? "gone" : added ? "new" : "same";
    for (const text of value) {
      const last = pieces.at(-1);
      if (text.match(tag)?.[0] === text) pieces.push({ kind, isTag: true, text });
      else if (last?.kind === kind && !last.isTag) last.text += text;
      else pieces.push({ kind, text });
    }
  }
  return pieces;
}

/** JSON as people write it; empty if the key doesn't exist. */
function indented(json: string | undefined): string {
  return json === undefined ? "" : JSON.stringify(JSON.parse(json), null, 2);
}

/** Of two short values, the words aren't compared: each is easier to read in whole. */
function comparedValues(from: string, to: string, until: number): readonly DiffPiece[] {
  const isShort = from.length + to.length < 100 && !(from + to).includes("\n");
  return words(from, to, isShort ? 0 : until).map(withoutMiddle);
}

/** A long schema of which little changed: only the lines around that. */
function withoutMiddle(piece: DiffPiece, at: number, { length }: readonly DiffPiece[]): DiffPiece {
  const lines = piece.text.split("\n");
  const head = at === 0 ? 0 : CONTEXT + 1;
  const tail = at === length - 1 ? 0 : CONTEXT + 1;
  const left = lines.length - head - tail;
  if (piece.kind !== "same" || left <= 1) return piece;
  const shown = [...lines.slice(0, head), `… ${left} lines`, ...lines.slice(lines.length - tail)];
  return { ...piece, text: shown.join("\n") };
}
