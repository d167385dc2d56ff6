import { messageText, oneLine } from "../../../compiler/diagnostic.ts";
import type { PromptText, ReadPrompt } from "../read-prompt.ts";
import { eachText, type Rule, shownSpan } from "../rule.ts";

// A prompt is full of braces, tags and brackets that are meant. These aren't, outside code:
/** A variable in single braces, as in other template languages or a template literal. */
const BRACED = /(?<![{\\\p{L}\p{N}_])\$?\{([\p{L}\p{N}_]{1,80})\}(?!\})/gu;
/** A note to oneself: with a colon or a name in parentheses, and what's to be done. Not quoted, as in an instruction. */
const NOTE = /(?<![\w"'“‘([<-])(?:TODO|FIXME|XXX)(?:\([^()\n]{1,40}\))?:(?=[ \t]+\w)/g;
/** A line with nothing but a placeholder, which may be in a tag. */
const LINE = /^(?:<[\w-]{1,40}>)?\s{0,4}[[<{(]([^[\]<>{}()]{1,80})[\]>})]\s{0,4}(?:<\/[\w-]{1,40}>)?$/;
const BARE = /^(?:placeholder|todo|fixme|xxx)$/i;
const INSERT = /^(?:paste|insert|enter|put|add|place)\b.*\bhere$/i;
/** What an application gives a model. A model that fills in a form is told to insert other things. */
const GIVEN = /^paste\b|\b(?:input|transcript|article|document|conversation|context|user|your)\b/i;
const MAX_LINE = 200;

export const placeholder: Rule = {
  id: "prompt-placeholder",
  find: eachText((text, prompt) =>
    [...braced(text, prompt), ...notes(text), ...lines(text)].map(({ index, length, why, hint }) => {
      const span = { text, index, length };
      const found = oneLine(text.shown.slice(index, index + length));
      return { message: `${found}${messageText(prompt.prompt.source, shownSpan(span))} ${why}.`, hint, span };
    }),
  ),
};

interface Found {
  readonly index: number;
  readonly length: number;
  /** What comes after the text itself. */
  readonly why: string;
  readonly hint: string;
}

/** Only for names that are known: `{name}` is also a path, a format or an example. */
function braced({ prose }: PromptText, { prompt, calls }: ReadPrompt): readonly Found[] {
  const { version, variables } = prompt.source;
  const given = calls?.flatMap(({ constants }) => Object.keys(constants)) ?? [];
  const known = new Set([
    ...prompt.variables,
    ...(version.declaredVariables ?? []),
    ...Object.keys(variables),
    ...given,
  ]);
  return [...prose.matchAll(BRACED)]
    .filter(([, name]) => known.has(name as string))
    .map(({ 0: { length }, 1: name, index }) => ({
      index,
      length,
      why: "stays as it is, although a variable has this name",
      hint: `A variable has two braces: {{${name}}}. Code and examples belong between backticks.`,
    }));
}

function notes({ prose }: PromptText): readonly Found[] {
  const hint = "Do it, or delete the note, and save a new version.";
  return [...prose.matchAll(NOTE)].map(({ 0: note, index }) => ({
    index,
    length: note.length,
    why: "is a note to yourself, which the model reads",
    hint,
  }));
}

function lines({ prose }: PromptText): readonly Found[] {
  const hint = "Put the text or a variable there, and save a new version.";
  const why = "is a placeholder that nothing replaces";
  const end = prose.trimEnd().length;
  let start = 0;
  return prose.split("\n").flatMap((line) => {
    const text = line.trim();
    const index = start + line.indexOf(text);
    start += line.length + 1;
    const inside = text.length > MAX_LINE ? undefined : LINE.exec(text)?.[1]?.trim();
    if (inside === undefined) return [];
    // A prompt ends with what the model works on.
    const isGiven = INSERT.test(inside) && (GIVEN.test(inside) || index + text.length === end);
    return isGiven || BARE.test(inside) ? [{ index, length: text.length, why, hint }] : [];
  });
}
