import type { CompiledPrompt } from "./compiled-prompt.ts";
import { emitScope } from "./emit-scope.ts";
import type { RenderCode } from "./render-code.ts";

/** The code of a prompt's `render`, by its syntax. */
export function emitRender({ source, bodies, contract }: CompiledPrompt): RenderCode {
  return emitScope(
    bodies.map((body) => body.parts),
    contract.roles,
    source.ref.name,
  );
}
