import type { CompiledPrompt } from "../compiled-prompt.ts";
import { emitMustache } from "./emit-mustache.ts";
import { emitScope } from "./emit-scope.ts";
import type { RenderCode } from "./render-code.ts";

/** The code of a prompt's `render`, by its syntax. */
export function emitRender({ source, bodies, contract, partials, parameter }: CompiledPrompt): RenderCode {
  if (source.syntax === "mustache") {
    const nodes = bodies.map((body) => (body.syntax === "mustache" ? body.nodes : []));
    const isObject = parameter === undefined || parameter.kind === "object";
    return emitMustache(nodes, contract.roles, partials, { escaping: source.escape, isObject });
  }
  const parts = bodies.map((body) => (body.syntax === "scope" ? body.parts : []));
  return emitScope(parts, contract.roles, source.ref.name);
}
