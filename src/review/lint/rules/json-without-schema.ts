import { messageText, oneLine } from "../../../compiler/diagnostic.ts";
import { eachText, type Rule, shownSpan } from "../rule.ts";

// Only instructions about the whole answer: an imperative ("Return only valid JSON", "you must answer in JSON") or a
// sentence about the output ("Your output must be JSON"). Not JSON as an input, or as what a function returns.
const set = (words: string): ReadonlySet<unknown> => new Set(words.split(" "));
const VERBS = set("output return respond reply answer");
const NOUNS = set("output response answer reply");
const BEFORE_VERB = set("please always only just then finally you must should will");
const MODALS = set("must should will");
const BEFORE_JSON = set(
  "the your all result results answer answers output response responses only strictly just always exclusively in as with using a an one single raw pure valid strict well-formed following",
);
const AFTER_OTHER_JSON = set("web schema path string strings key keys input");

/** Metadata that holds a schema under another name. */
const SCHEMA_KEY = /schema|response_?format/i;

/** Once per text: what it says about JSON in one place, it mostly says in several. */
export const jsonWithoutSchema: Rule = {
  id: "prompt-json-without-schema",
  find: eachText(function* (text, { prompt }) {
    const { metadata } = prompt.source.version;
    if (prompt.output !== undefined || Object.keys(metadata).some((key) => SCHEMA_KEY.test(key))) return;
    // What an assistant said is an example.
    if (text.role === "assistant") return;
    const found = findRequest(text.prose);
    if (found === undefined) return;
    const span = { text, ...found };
    const quote = text.shown.slice(found.index, found.index + found.length);
    yield {
      message: `${oneLine(quote)}${messageText(prompt.source, shownSpan(span))}: the text asks for JSON, and the version has no schema for it.`,
      hint: "Put a JSON Schema into the metadata under output_schema: answers are then typed and checked.",
      span,
    };
  }),
};

function findRequest(prose: string): { readonly index: number; readonly length: number } | undefined {
  for (const sentence of prose.matchAll(/[^.!?;\n]+/g)) {
    const words = [...sentence[0].matchAll(/\p{L}[\p{L}'’_-]*|:/gu)];
    const said = words.map(([word]) => word.toLowerCase().replace(/[_-]$/, ""));
    for (const [end, word] of said.entries()) {
      if (word !== "json" || AFTER_OTHER_JSON.has(said[end + 1])) continue;
      const start = startOfRequest(said, end);
      const [first, last] = [words[start ?? -1], words[end]];
      if (first === undefined || last === undefined) continue;
      return { index: sentence.index + first.index, length: last.index + last[0].length - first.index };
    }
  }
  return undefined;
}

/** Where the request for JSON begins whose last word is `json`; undefined if it's no request. */
function startOfRequest(said: readonly string[], end: number): number | undefined {
  for (let at = end - 1; at >= 0; at--) {
    if (VERBS.has(said[at]) && isImperative(said, at)) return at;
    if (said[at] === "is" || said[at] === ":" || (said[at] === "be" && MODALS.has(said[at - 1]))) {
      const noun = at - (said[at] === "be" ? 2 : 1);
      const start = said[noun] === "format" ? noun - 1 : noun;
      return NOUNS.has(said[start]) ? start : undefined;
    }
    if (!BEFORE_JSON.has(said[at])) return undefined;
  }
  return undefined;
}

function isImperative(said: readonly string[], verb: number): boolean {
  let start = verb;
  while (BEFORE_VERB.has(said[start - 1])) start--;
  const before = said.slice(start, verb);
  const isStart = start === 0 || said[start - 1] === ":";
  return isStart || (before.includes("you") && before.some((word) => MODALS.has(word)));
}
