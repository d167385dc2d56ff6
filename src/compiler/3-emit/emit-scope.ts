import type { TemplatePart } from "../../template/parse-scope.ts";
import { propertyAccess, stringLiteral, templateLiteral } from "./escape-js.ts";
import { INHERITED_NAMES, type RenderCode, resultCode } from "./render-code.ts";

/**
 * The code of `render` for the `scope` syntax: a template literal per template. A variable's first use checks that it
 * has a value; the check passes `render` itself to the helper, which then finds out what else is missing. The very
 * first check catches a missing parameter, and is the one that passes the prompt's name.
 *
 * @param roles of a chat prompt's messages; `null` for a text prompt
 */
export function emitScope(
  bodies: readonly (readonly TemplatePart[])[],
  roles: readonly string[] | null,
  prompt: string,
): RenderCode {
  const checks = new Checks(prompt, bodies.flat().some(isInherited));
  const texts = bodies.map((parts) =>
    templateLiteral(parts.map((part) => (part.kind === "text" ? part : { code: checks.valueOf(part.name) }))),
  );
  return { body: resultCode(texts, roles), helpers: checks.helpers(), functions: [] };
}

function isInherited(part: TemplatePart): boolean {
  return part.kind === "variable" && INHERITED_NAMES.has(part.name);
}

class Checks {
  readonly #checked = new Set<string>();
  readonly #prompt: string;
  /** One of the prompt's names is inherited, so the helper must check own properties as well. */
  readonly #hasInherited: boolean;

  constructor(prompt: string, hasInherited: boolean) {
    this.#prompt = prompt;
    this.#hasInherited = hasInherited;
  }

  valueOf(name: string): string {
    // Once checked it's an own property, inherited or not.
    if (this.#checked.has(name)) return `v${propertyAccess(name)}`;
    const isFirst = this.#checked.size === 0;
    this.#checked.add(name);
    const value = INHERITED_NAMES.has(name)
      ? `own(v, ${stringLiteral(name)})`
      : `v${propertyAccess(name, isFirst ? "?." : ".")}`;
    const values = this.#hasInherited ? "onlyOwn(v)" : "v";
    return `${value} ?? missing(render, ${values}${isFirst ? `, ${stringLiteral(this.#prompt)}` : ""})`;
  }

  helpers(): readonly string[] {
    if (this.#checked.size === 0) return [];
    return this.#hasInherited ? ["missing", "onlyOwn", "own"] : ["missing"];
  }
}
