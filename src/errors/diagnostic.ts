import { createRequire } from "node:module";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import type { ErrorCode } from "./codes.ts";
import { dotted } from "./printable.ts";
import type { Where } from "./scope-error.ts";

/** A warning: something about a prompt that its author should see, although it compiled. */
export interface Diagnostic {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: Where;
  readonly hint?: string | undefined;
}

/** A part of a template: of a text prompt, or of one message of a chat prompt. */
export interface Span {
  readonly text: string;
  /** Which message of a chat prompt, from 0; undefined for a text prompt. */
  readonly message?: number | undefined;
  /** In UTF-16 units from the start of `text`. */
  readonly index: number;
  readonly length: number;
}

/** A prompt version, and as what it was requested: what a diagnostic is about. */
export interface VersionSource {
  readonly ref: PromptRef;
  readonly version: PromptVersionData;
}

// The line endings that the frame's printer counts; another definition of a line would mark the wrong one.
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** Where a span is: prompt, version, line and column from 1, and the lines around it with the span marked. */
export function whereOf({ version, ref }: VersionSource, span?: Span): Where {
  const prompt = { prompt: ref.name, versionNumber: version.versionNumber, versionId: version.id };
  if (span === undefined) return prompt;
  const { lineStart, ...start } = placeAt(span.text, span.index);
  // The mark stays on the first line: a problem is where it begins.
  const onFirstLine = span.text.slice(span.index, span.index + span.length).split(LINE_END)[0] as string;
  return {
    ...prompt,
    ...start,
    frame: dotted(frameOf(span.text, { ...start, lineStart }, onFirstLine.length)),
  };
}

/** The longest line of a frame, and how much of it can come before the mark. */
const FRAME_WIDTH = 120;
const BEFORE_MARK = 80;

/** The line and its neighbours, cut around the mark: a prompt may be one line of many thousand characters. */
function frameOf(text: string, { line, column, lineStart }: Place, length: number): string {
  const from = column > BEFORE_MARK ? column - 1 - BEFORE_MARK / 2 : 0;
  const startLine = Math.max(1, line - 1);
  const lines = linesAround(text, lineStart).map((one) => cutLine(one, from));
  const start = from === 0 ? column : column - from + 1;
  const end = Math.min(start + Math.max(length, 1), FRAME_WIDTH + 1);
  const options = { linesAbove: 1, linesBelow: 1, startLine };
  // Most runs print no frame, and loading what makes one takes as long as compiling ten prompts.
  const { codeFrameColumns } = createRequire(import.meta.url)(
    "@babel/code-frame",
  ) as typeof import("@babel/code-frame");
  return codeFrameColumns(
    lines.join("\n"),
    { start: { line, column: start }, end: { line, column: end } },
    options,
  );
}

/** The line that begins at a place, with the one before it and the one after it, if there are any. */
function linesAround(text: string, lineStart: number): readonly string[] {
  const before = lineStart === 0 ? [] : [text.slice(0, lineStart).split(LINE_END).at(-2) ?? ""];
  const rest = text.slice(lineStart);
  return [...before, ...rest.split(LINE_END, 2)];
}

/** A name or a tag as a message quotes it: on one line, and shortened if it's very long. */
export function excerptOf(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ");
  return line.length > 60 ? `${line.slice(0, 60).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

/** A line from a place on; an ellipsis marks what is left out, half of a cut surrogate pair included. */
function cutLine(line: string, from: number): string {
  const rest =
    from === 0 || line.length === 0 ? line : `…${line.slice(from).replace(/^[\udc00-\udfff]/, "…")}`;
  return rest.length > FRAME_WIDTH ? `${rest.slice(0, FRAME_WIDTH).replace(/[\ud800-\udbff]$/, "")}…` : rest;
}

/** In words, which message of a chat prompt a span is in: ` in message 2 (user)`; empty for a text prompt. */
export function messageText({ version: { content } }: VersionSource, span: Span): string {
  if (span.message === undefined || typeof content === "string") return "";
  return ` in message ${span.message + 1} (${excerptOf(content[span.message]?.role ?? "")})`;
}

interface Place {
  readonly line: number;
  readonly column: number;
  /** Where the line begins, in UTF-16 units from the start of the text. */
  readonly lineStart: number;
}

function placeAt(text: string, index: number): Place {
  let line = 1;
  let lineStart = 0;
  for (const match of text.matchAll(LINE_END)) {
    const end = match.index + match[0].length;
    if (end > index) break;
    line++;
    lineStart = end;
  }
  return { line, column: index - lineStart + 1, lineStart };
}
