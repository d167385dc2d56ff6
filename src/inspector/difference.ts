import { diffArrays } from "diff";
import type { PromptDiff } from "../commands/compare/diff-prompts.ts";
import { metadataChanges } from "../commands/compare/metadata-changes.ts";
import { pairMessages } from "../commands/compare/pair-messages.ts";
import type { RenderedSample } from "../commands/compare/render-samples.ts";
import type { PromptContent, Syntax } from "../prompt.ts";
import { VARIABLE } from "../template/parse-scope.ts";
import type { ComparedKey, ComparedLine, ComparedText, Difference, Piece } from "./api.ts";

/**
 * The time grows with the square of the edits. With more edits than this, the two texts are shown one after the other.
 */
const MAX_EDITS = 2000;
/** For all texts of one difference together: a prompt can have many samples. */
const MAX_MS = 2000;

/** The lines around a change that are shown. */
const CONTEXT = 2;

/** Two versions of a prompt, word by word. */
export function differenceOf(diff: PromptDiff, syntax: Syntax): Omit<Difference, "included"> {
  const { from, to, grade, changes, problem, samples } = diff;
  const until = Date.now() + MAX_MS;
  return {
    from: from?.versionNumber,
    to: to?.versionNumber,
    grade,
    changes: changes.map(({ message, breaks }) => ({ message, breaks })),
    problem: problem?.message,
    texts: comparedTexts(from?.content, to?.content, until, TAGS[syntax]),
    metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}).map((change) => ({
      key: change.key,
      lines: comparedLines(indented(change.from), indented(change.to), until),
    })) satisfies readonly ComparedKey[],
    samples: samples.map((sample) => comparedSample(sample, diff, until)),
  };
}

function comparedSample(
  { sample, from, to }: RenderedSample,
  versions: Pick<PromptDiff, "from" | "to">,
  until: number,
): Difference["samples"][number] {
  const problems = [
    ...(from.problem === undefined ? [] : [`version ${versions.from?.versionNumber}: ${from.problem}`]),
    ...(to.problem === undefined ? [] : [`version ${versions.to?.versionNumber}: ${to.problem}`]),
  ];
  return { sample, texts: comparedTexts(from.output, to.output, until), problems };
}

function comparedTexts(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
  until: number,
  tag = NO_TAG,
): readonly ComparedText[] {
  return pairMessages(from, to).map((pair) => ({
    title: pair.title,
    pieces: words(pair.from ?? "", pair.to ?? "", until, tag),
  }));
}

const TAGS: Readonly<Record<Syntax, RegExp>> = { scope: VARIABLE, mustache: /\{\{\{?[^{}]*\}?\}\}/gu };
const NO_TAG = /(?!)/g;

function words(from: string, to: string, until: number, tag = NO_TAG): readonly Piece[] {
  if (from === to && tag === NO_TAG) return from === "" ? [] : [{ kind: "same", text: from }];
  // Even to split long texts takes a while.
  const isLate = Date.now() > until;
  const token = isLate ? /.+/gs : new RegExp(`${tag.source}|[\\p{L}\\p{N}_]+|\\n|[^\\S\\n]+|.`, "gsu");
  const changes = compare(from.match(token) ?? [], to.match(token) ?? [], until);
  return changes.flatMap(({ kind, values }) => {
    if (tag === NO_TAG) return [{ kind, text: values.join("") }];
    const pieces: Piece[] = [];
    let text = "";
    const end = () => {
      if (text !== "") pieces.push({ kind, text });
      text = "";
    };
    for (const value of values) {
      if (value.match(tag)?.[0] === value) {
        end();
        pieces.push({ kind, isTag: true, text: value });
      } else text += value;
    }
    end();
    return pieces;
  });
}

/** JSON as people write it; undefined if the key doesn't exist. */
function indented(json: string | undefined): readonly string[] {
  return json === undefined ? [] : JSON.stringify(JSON.parse(json), null, 2).split("\n");
}

/** Line by line, with the words of those that were replaced. */
function comparedLines(
  from: readonly string[],
  to: readonly string[],
  until: number,
): readonly ComparedLine[] {
  const changes = compare(from, to, until);
  const lines: ComparedLine[] = [];
  for (const [at, { kind, values }] of changes.entries()) {
    const [before, after] = [changes[at - 1], changes[at + 1]];
    if (kind === "same") {
      const head = before === undefined ? 0 : CONTEXT;
      const tail = after === undefined ? 0 : CONTEXT;
      const count = values.length - head - tail;
      const add = (some: readonly string[]) =>
        lines.push(...some.map((text) => ({ kind, pieces: [{ kind, text }] })));
      if (count <= 1) add(values);
      else {
        add(values.slice(0, head));
        lines.push({ kind: "left-out", count });
        add(values.slice(values.length - tail));
      }
    } else if (kind === "gone" && after?.kind === "new") {
      const pieces = words(values.join("\n"), after.values.join("\n"), until);
      lines.push(...linesOf(pieces, "gone"), ...linesOf(pieces, "new"));
    } else if (before?.kind !== "gone") {
      lines.push(...linesOf([{ kind, text: values.join("\n") }], kind));
    }
  }
  return lines;
}

/** One side of compared words, as lines. */
function linesOf(pieces: readonly Piece[], kind: "gone" | "new"): ComparedLine[] {
  const lines: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind !== "same" && piece.kind !== kind) continue;
    for (const [at, text] of piece.text.split("\n").entries()) {
      if (at > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push({ ...piece, text });
    }
  }
  return lines.map((line) => ({ kind, pieces: line }));
}

interface Run {
  readonly kind: Piece["kind"];
  readonly values: readonly string[];
}

function compare(from: readonly string[], to: readonly string[], until: number): readonly Run[] {
  const whole: readonly Run[] = [
    { kind: "gone", values: from },
    { kind: "new", values: to },
  ];
  // Equal texts take no time, so they're shown as equal even after the limit.
  const limits = { maxEditLength: MAX_EDITS, timeout: Math.max(1, until - Date.now()) };
  const runs = diffArrays([...from], [...to], limits)?.map(
    ({ value, added, removed }): Run => ({ kind: removed ? "gone" : added ? "new" : "same", values: value }),
  );
  return (runs ?? whole).filter(({ values }) => values.length > 0);
}
