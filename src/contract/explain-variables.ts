import { quoted } from "../errors/printable.ts";
import type { PromptContent } from "../prompt.ts";
import { findSpellings, VARIABLE_NAME } from "../template/near-misses.ts";
import { type Change, droppedVariable } from "./contract.ts";

/** A template, with what is known of its variables. */
export interface NamedTemplate {
  readonly content: PromptContent;
  readonly variables: readonly string[];
  /** Variables that every call sends, whether or not the template uses them. Default none. */
  readonly provides?: readonly string[] | undefined;
  /** Double braces are tags, with or without spaces. Default false. */
  readonly isMustache?: boolean | undefined;
}

/** So many names are looked for, in so many characters: the live client does it while it serves. */
const MAX_NAMES = 10;
const MAX_CHARACTERS = 100_000;

/**
 * Adds to changes of variables what the templates show: where the name of a variable that is gone is written as text. A
 * provided variable that is only written as text is gone too.
 *
 * @example message // 'variable "ticket" is gone: {{ ticket }} in line 3 is text, write {{ticket}}'
 */
export function explainVariables(
  changes: readonly Change[],
  from: NamedTemplate,
  to: NamedTemplate,
): readonly Change[] {
  const lost = changes.flatMap(({ kind, variable }) => (kind === "variable-dropped" ? (variable ?? []) : []));
  const provided = to.provides ?? [];
  if (lost.length + provided.length === 0) return changes;
  const places = writtenAsText(to, [...lost, ...provided]);
  const before = writtenAsText(from, provided);
  const isMeant = (name: string) => places.get(name)?.isBraced === true;
  const explained = changes.map((change): Change => {
    const { kind, variable = "", breaks } = change;
    const place = kind === "variable-dropped" ? places.get(variable) : undefined;
    if (place === undefined || !(breaks || isMeant(variable))) return change;
    const gone = (breaks ? change : droppedVariable(variable)).message;
    return { ...change, breaks: true, message: `${gone}: ${place.text}` };
  });
  for (const name of provided) {
    if (!isMeant(name) || before.has(name) || explained.some(({ variable }) => variable === name)) continue;
    const message = `variable ${quoted(name)} isn't used: ${places.get(name)?.text}`;
    // With the other variables, before what has changed in the metadata.
    const at = explained.findIndex(({ kind }) => /^(metadata|output)/.test(kind));
    const change: Change = { kind: "variable-dropped", breaks: true, message, variable: name };
    explained.splice(at === -1 ? explained.length : at, 0, change);
  }
  return explained;
}

function textsOf(content: PromptContent): readonly string[] {
  return typeof content === "string" ? [content] : content.map((message) => message.content);
}

/** By name, as far as a text has it and not as a variable: `{{ ticket }} in line 3 is text, write {{ticket}}`. */
function writtenAsText({ content, variables, isMustache }: NamedTemplate, names: readonly string[]) {
  const own = new Set(variables);
  // Names inside sections and after dots have no spelling of their own.
  const wanted = names.filter((name) => VARIABLE_NAME.test(name) && !own.has(name)).slice(0, MAX_NAMES);
  const places = new Map<string, { readonly text: string; readonly isBraced: boolean }>();
  let left = wanted.length === 0 ? 0 : MAX_CHARACTERS;
  for (const [at, whole] of textsOf(content).entries()) {
    const text = whole.slice(0, left);
    left -= text.length;
    for (const [name, found] of findSpellings(text, wanted, isMustache)) {
      if (places.get(name)?.isBraced || (places.has(name) && !found.isBraced)) continue;
      const line = text.slice(0, found.index).split(/\r\n|[\n\r\u2028\u2029]/).length;
      const place = typeof content === "string" ? `line ${line}` : `line ${line} of message ${at + 1}`;
      // A space that isn't one looks like one.
      const shown = quoted(found.text)
        .slice(1, -1)
        .replace(/(?! )\p{Zs}/gu, (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, "0")}`);
      places.set(name, { text: `${shown} in ${place} is text, write {{${name}}}`, isBraced: found.isBraced });
    }
  }
  return places;
}
