import fc from "fast-check";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt } from "../../../src/compiler/compiled-prompt.ts";
import type { JsonObject, JsonValue, PromptContent } from "../../../src/prompt.ts";
import { promptSource } from "../../compiler/prompts.ts";
import type { SimulatedVersion } from "./simulated-platform.ts";

/** Names that call sites give values for, and some that they do not. */
const NAMES = ["name", "plan", "constructor", "名前", "x_1"];
export const VALUES: Readonly<Record<string, unknown>> = {
  ["__proto__"]: "own",
  name: "Ada {{plan}}",
  plan: 0,
  constructor: "c",
  名前: false,
  x_1: "",
};

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("Hello ", "`", "${x}", "{{ name }}", "\r\n", "{", "}}", "😀") },
  { weight: 2, arbitrary: fc.constantFrom(...NAMES).map((name) => `{{${name}}}`) },
);
const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
const chat = fc.array(fc.record({ role: fc.constantFrom("system", "user"), content: text }), {
  minLength: 1,
  maxLength: 2,
});
const content: fc.Arbitrary<PromptContent> = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 2, arbitrary: chat },
);
// biome-ignore format: one or two of each kind
const VALUES_OF_METADATA: readonly JsonValue[] = [
  "small", "large", 0.4, 1, true, null, ["a"], [1], [], { depth: 1 }, { depth: "deep" },
];
const value = fc.constantFrom(...VALUES_OF_METADATA);
const metadata: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.constantFrom("model", "temperature", "toString"), value, { maxKeys: 2 })
  .map((entries) => ({ ...entries }));

/** Versions of one prompt; the first is the one that is compiled. */
export const versions: fc.Arbitrary<readonly SimulatedVersion[]> = fc
  .array(fc.record({ content, metadata }), { minLength: 2, maxLength: 5 })
  .chain((made) =>
    // Half of the versions are the first with other words, as most edits are.
    fc.array(fc.boolean(), { minLength: made.length, maxLength: made.length }).map((keeps) =>
      made.map((version, i) => {
        const first = made[0] as (typeof made)[0];
        const reworded =
          typeof first.content === "string"
            ? `${i}: ${first.content}`
            : first.content.map((message) => ({ ...message, content: `${i}: ${message.content}` }));
        return { number: i + 1, ...(keeps[i] && i > 0 ? { ...first, content: reworded } : version) };
      }),
    ),
  );

export function compileVersion(
  { number, content, metadata }: SimulatedVersion,
  name = "greeting",
  provides: readonly string[] = [],
): CompiledPrompt {
  const source = promptSource(content, { name, metadata, provides });
  const version = { id: `version_${number}`, promptId: "prompt_1", versionNumber: number };
  return compilePrompt({ ...source, version: { ...source.version, ...version } });
}

/** What rendering a version gives, by the platform's own definition of a variable. */
export function expectedRender({ content }: SimulatedVersion): unknown {
  const fill = (template: string) =>
    template.replace(/\{\{([\p{L}\p{N}_]+)\}\}/gu, (tag, name) =>
      name in VALUES ? String(VALUES[name]) : tag,
    );
  return typeof content === "string"
    ? fill(content)
    : content.map((message) => ({ role: message.role, content: fill(message.content) }));
}

/**
 * Does every render and read that is right for `from`, and every read that its types allow, stay right for `to`, and
 * does what calls send arrive?
 * Written apart from the product's own rule.
 */
export function keepsContract(from: SimulatedVersion, to: SimulatedVersion): boolean {
  const roles = ({ content }: SimulatedVersion) =>
    typeof content === "string" ? "text" : content.map(({ role }) => role).join();
  const names = ({ content }: SimulatedVersion) =>
    new Set(JSON.stringify(content).match(/\{\{[\p{L}\p{N}_]+\}\}/gu));
  const [known, used] = [names(from), names(to)];
  const texts = ({ content }: SimulatedVersion) =>
    typeof content === "string" ? [content] : content.map((message) => message.content);
  const isEmptied = texts(to).some((text, at) => text.trim() === "" && texts(from)[at]?.trim() !== "");
  return (
    roles(from) === roles(to) &&
    known.size === used.size &&
    [...used].every((name) => known.has(name)) &&
    !isEmptied &&
    keepsShape(from.metadata, to.metadata)
  );
}

/** Null and an array without items are kinds of their own. The arrays here hold one item at most. */
function keepsShape(from: JsonValue, to: JsonValue): boolean {
  if (from === null || to === null) return from === to;
  if (Array.isArray(from) || Array.isArray(to)) {
    if (!Array.isArray(from) || !Array.isArray(to)) return false;
    if (from.length === 0 || to.length === 0) return from.length === to.length;
    return keepsShape(from[0], to[0]);
  }
  if (typeof from !== "object" || typeof to !== "object") return typeof from === typeof to;
  const after = to as JsonObject;
  return Object.entries(from as JsonObject).every(
    ([key, item]) => Object.hasOwn(after, key) && keepsShape(item, after[key] as JsonValue),
  );
}
