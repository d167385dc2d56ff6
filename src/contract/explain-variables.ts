import { quoted } from "../errors/printable.ts";
import type { PromptContent } from "../prompt.ts";
import { findSpelling } from "../template/near-misses.ts";
import { type Change, droppedVariable } from "./contract.ts";
import { renamedVariables, renameText } from "./renamed-variables.ts";

/** A template, with what is known of its variables. */
export interface NamedTemplate {
  readonly content: PromptContent;
  readonly variables: readonly string[];
  /** Variables that every call sends, whether or not the template uses them. Default none. */
  readonly provides?: readonly string[] | undefined;
  /** Double braces are tags, with or without spaces. Default false. */
  readonly isMustache?: boolean | undefined;
}

/**
 * Adds to changes of variables what the templates show: where the name of a variable that is gone is written as text,
 * and which one a new name seems to be instead of. A provided variable that is only written as text is gone too.
 *
 * @example message // 'variable "ticket" is gone: {{ ticket }} in line 3 is text, write {{ticket}}'
 */
export function explainVariables(
  changes: readonly Change[],
  from: NamedTemplate,
  to: NamedTemplate,
): readonly Change[] {
  const isText = (name: string, { variables, ...template }: NamedTemplate) =>
    variables.includes(name) ? undefined : writtenAsText(template, name);
  const explained = changes.map((change): Change => {
    if (change.kind !== "variable-dropped" || change.variable === undefined) return change;
    const place = isText(change.variable, to);
    if (place === undefined) return change;
    const gone = change.breaks ? change.message : droppedVariable(change.variable);
    return { ...change, breaks: true, message: `${gone}: ${place}` };
  });
  for (const name of to.provides ?? []) {
    const place = isText(name, to);
    if (place === undefined || explained.some(({ breaks, variable }) => breaks && variable === name))
      continue;
    if (isText(name, from) !== undefined) continue;
    const message = `${droppedVariable(name)}: ${place}`;
    // With the other variables, before what has changed in the metadata.
    const at = explained.findIndex(({ kind }) => /^(metadata|output)/.test(kind));
    const change: Change = { kind: "variable-dropped", breaks: true, message, variable: name };
    explained.splice(at === -1 ? explained.length : at, 0, change);
  }
  if (!changes.some(({ kind }) => kind === "variable-added")) return explained;
  const renames = new Map(renamedVariables(from, to).map((rename) => [rename.to, rename]));
  return explained.map((change) => {
    const rename = change.kind === "variable-added" && renames.get(change.variable ?? "");
    return rename ? { ...change, message: `${change.message} (${renameText(rename)})`, rename } : change;
  });
}

/** `{{ ticket }} in line 3 is text, write {{ticket}}`; undefined if the name isn't in the text in such a form. */
function writtenAsText(
  { content, isMustache }: Omit<NamedTemplate, "variables">,
  name: string,
): string | undefined {
  // Names inside sections and after dots have no spelling of their own.
  if (!/^[\p{L}\p{N}_]+$/u.test(name)) return undefined;
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  for (const [at, text] of texts.entries()) {
    const found = findSpelling(text, name, isMustache);
    if (found === undefined) continue;
    const line = text.slice(0, found.index).split(/\r\n|[\n\r\u2028\u2029]/).length;
    const place = typeof content === "string" ? `line ${line}` : `line ${line} of message ${at + 1}`;
    // A space that isn't one looks like one.
    const spelled = quoted(found.text)
      .slice(1, -1)
      .replace(/(?! )\p{Zs}/gu, (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return `${spelled} in ${place} is text, write {{${name}}}`;
  }
  return undefined;
}
