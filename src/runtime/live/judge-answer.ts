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
export function judgeAnswer(
  { name, version: compiled, helpers, answer }: LivePrompt,
  data: LiveData,
  etag: string | null,
): Answer {
  const { versionId, versionNumber, content, metadata } = data;
  const text = essence(data);
  if (answer && text === essence(answer.data)) return { ...answer, etag };
  if (text === essence(compiled)) return { data, etag, version: compiled, changes: [] };
  const changes = compareContracts(contractOf(compiled), contractOf(data));
  if (!keepsWholeContract(changes)) return { data, etag, changes };
  const render = renderOf(content, name, helpers);
  const version: LiveVersion = Object.freeze({ render, content, metadata, versionId, versionNumber });
  return { data, etag, version, changes };
}

type Served = Omit<LiveVersion, "render">;

function contractOf({ content, metadata }: Served): Contract {
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
function essence({ versionId, versionNumber, content, metadata }: Served): string {
  return JSON.stringify([versionId, versionNumber, content, metadata], (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
