import type { JsonObject, PromptContent } from "../../prompt.ts";
import { type Contract, compareContracts, keepsWholeContract, shapeOf } from "../../template/contract.ts";
import { parseScope } from "../../template/parse-scope.ts";
import { variablesOf } from "../../template/parts.ts";
import type { LiveVersion } from "../live-types.ts";
import type { LiveData } from "./decode-answer.ts";
import type { Answer, LivePrompt } from "./live-prompt.ts";
import { renderOf } from "./render-content.ts";

/**
 * May this version be served in the compiled one's stead? It may when it keeps the whole compiled contract, metadata
 * included. One that is the same as what is known already is that, and not another.
 */
export function judgeAnswer({ module, answer }: LivePrompt, data: LiveData, etag: string | null): Answer {
  const { name, version, helpers } = module;
  const { id: versionId, versionNumber, content, metadata } = data;
  const text = essence({ ...data, versionId });
  if (answer && text === essence({ ...answer.data, versionId: answer.data.id }))
    return { ...answer, data, etag };
  if (text === essence(version)) return { data, etag, version, changes: [] };
  const changes = compareContracts(
    contractOf(version.content, version.metadata),
    contractOf(content, metadata),
  );
  if (!keepsWholeContract(changes)) return { data, etag, version: undefined, changes };
  const render = renderOf(content, name, helpers);
  const adopted: LiveVersion = Object.freeze({ render, content, metadata, versionId, versionNumber });
  return { data, etag, version: adopted, changes };
}

function contractOf(content: PromptContent, metadata: JsonObject): Contract {
  const isText = typeof content === "string";
  const texts = isText ? [content] : content.map((message) => message.content);
  return {
    type: isText ? "text" : "chat",
    roles: isText ? null : content.map((message) => message.role),
    variables: variablesOf(texts.flatMap(parseScope)),
    metadata: shapeOf(metadata),
  };
}

/** All of a version that can be served, as one text; the order of keys is left to chance by whoever wrote them. */
function essence({ versionId, versionNumber, content, metadata }: Omit<LiveVersion, "render">): string {
  return JSON.stringify([versionId, versionNumber, content, metadata], (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
