import type { LiveVersion } from "../live-types.ts";
import { breaches, contractOf } from "./compare-versions.ts";
import type { LiveData } from "./decode-answer.ts";
import type { CompiledVersion } from "./live-prompt.ts";
import { renderOf } from "./render-content.ts";

/**
 * May this version be served in the compiled one's stead? It may when it keeps the whole compiled contract, metadata
 * included.
 *
 * @returns the version as it is served, or what speaks against it, in words
 */
export function judgeVersion(
  name: string,
  compiled: CompiledVersion,
  data: LiveData,
): LiveVersion | readonly string[] {
  compiled.contract ??= contractOf(compiled.version);
  const refusal = breaches(compiled.contract, contractOf(data));
  if (refusal.length > 0) return refusal;
  const { content, metadata, versionId, versionNumber } = data;
  const render = renderOf(content, name, compiled.helpers);
  return Object.freeze({ render, content, metadata, versionId, versionNumber });
}
