import type { PromptContent } from "../../src/prompt.ts";
import { fingerprint, flatten } from "./fingerprint.ts";
import type { Outcome, Values } from "./python-sdk.ts";

const TAG = /\{\{([\p{L}\p{N}_]+)\}\}/gu;

/** What rendering has to give: one pass over the template, so that a value is never read as template text. */
export function onePass(content: PromptContent, values: Values): Outcome {
  const templates = textsOf(content);
  const byName = new Map(values);
  const used = templates.flatMap(tagsOf);
  if (values.some(([name]) => !used.includes(name))) return { error: "ValidationError" };
  const missing = used.filter((name) => !byName.has(name));
  if (missing.length > 0) return { error: "MissingVariableError", missing: [...new Set(missing)] };
  const fill = (text: string) => text.replace(TAG, (_, name: string) => String(byName.get(name)));
  const filled =
    typeof content === "string"
      ? fill(content)
      : content.map((message) => ({ role: message.role, content: fill(message.content) }));
  return { text: fingerprint(flatten(filled)) };
}

/** What the SDK for Python does: one replacement after the other, then a look for tags in what came out. */
export function oneAfterTheOther(template: string, values: Values): Outcome {
  const used = tagsOf(template);
  if (values.some(([name]) => !used.includes(name))) return { error: "ValidationError" };
  let filled = template;
  for (const [name, value] of values) filled = filled.split(`{{${name}}}`).join(String(value));
  const left = tagsOf(filled);
  if (left.length > 0) return { error: "MissingVariableError", missing: [...new Set(left)] };
  return { text: fingerprint(filled) };
}

/** Does a tag stand in the template once its values are in it: one that a value brought, or completed? */
export function bringsTag(template: string, values: Values): boolean {
  const byName = new Map(values);
  const filled = template.replace(TAG, (tag, name: string) => String(byName.get(name) ?? tag));
  return tagsOf(filled).some((name) => byName.has(name) || !tagsOf(template).includes(name));
}

function tagsOf(text: string): string[] {
  return [...text.matchAll(TAG)].map((match) => match[1] ?? "");
}

function textsOf(content: PromptContent): string[] {
  return typeof content === "string" ? [content] : content.map((message) => message.content);
}
