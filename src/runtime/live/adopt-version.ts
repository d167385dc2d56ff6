import { freezeJson } from "../../client/api/freeze-json.ts";
import type { Change, Contract } from "../../contract/contract.ts";
import { contractChanges } from "../../contract/contract-changes.ts";
import { shapeOf } from "../../contract/metadata-shape.ts";
import { type ChatMessage, mapRole, type Roles } from "../../prompt.ts";
import { parseScope } from "../../template/parse-scope.ts";
import { variablesOf } from "../../template/parts.ts";
import type { LiveVersion } from "../live-types.ts";
import type { CompiledVersion, LiveData, VersionText } from "./live-prompt.ts";
import { renderOf } from "./render-content.ts";

/** The contract of a version in the `scope` syntax, which is the one that live prompts have. */
interface LiveContract extends Pick<Contract, "type" | "roles" | "metadata"> {
  readonly variables: ReadonlySet<string>;
}

function liveContract({ content, metadata }: VersionText, map: Roles): LiveContract {
  const isText = typeof content === "string";
  const messages: readonly Partial<ChatMessage>[] = isText ? [{ content }] : content;
  return {
    type: isText ? "text" : "chat",
    roles: isText ? null : messages.map(({ role }) => mapRole(role as string, map)),
    variables: new Set(variablesOf(messages.flatMap((message) => parseScope(message.content as string)))),
    metadata: shapeOf(metadata),
  };
}

/** What breaks the contract of the first version in the second one, in words. */
export function breaches(roles: Roles, from: VersionText, to: VersionText): readonly string[] {
  return contractChanges(liveContract(from, roles), liveContract(to, roles), newVariables)
    .filter((change) => change.breaks)
    .map((change) => change.message);
}

/** A name is of letters and digits, and safe to print. What is gone needs no word: its value is ignored. */
function newVariables({ variables }: LiveContract, to: LiveContract): readonly Change[] {
  return [...to.variables]
    .filter((name) => !variables.has(name))
    .map((name) => ({ kind: "variable-added", breaks: true, message: `new variable "${name}"` }));
}

/**
 * The version as it is served instead of the compiled one, when it keeps the compiled contract.
 *
 * @returns else what breaks the contract, in words
 */
export function adoptVersion(
  name: string,
  compiled: CompiledVersion,
  data: LiveData,
): LiveVersion | readonly string[] {
  const { output, version, roles } = compiled;
  const compare = breaches.bind(undefined, roles);
  const refusal = output ? output(compare, version, data) : compare(version, data);
  if (refusal.length > 0) return refusal;
  const { content, metadata, promptId, versionId, versionNumber } = data;
  const render = renderOf(content, name, compiled.helpers, roles);
  const attributes = {
    ...version.attributes,
    "gen_ai.prompt.version": `${versionNumber}`,
    "scope.prompt.id": promptId,
    "scope.prompt.version": versionNumber,
    "scope.prompt.version_id": versionId,
  };
  const adopted = { render, content, metadata, attributes, versionId, versionNumber };
  freezeJson(adopted, undefined, -1);
  return adopted;
}
