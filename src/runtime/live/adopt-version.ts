import { freezeJson } from "../../client/api/decode-version.ts";
import { checkMetadata } from "../../contract/check-metadata.ts";
import {
  ANOTHER_PROMPT,
  type Change,
  type Contract,
  contractChanges,
  droppedVariable,
  newVariable,
  shapeOf,
} from "../../contract/contract.ts";
import { explainVariables } from "../../contract/explain-variables.ts";
import { oneLine } from "../../errors/printable.ts";
import { type MetadataRule, mapRole, type PromptContent, type Roles } from "../../prompt.ts";
import { cachePrefix } from "../../template/cache-prefix.ts";
import { isBlank, parseScope, variablesOf } from "../../template/parse-scope.ts";
import type { LiveConfiguration, LiveVersion } from "../live-registry.ts";
import {
  type CompiledVersion,
  type LiveData,
  type LivePrompt,
  type LiveText,
  nameOf,
  type PollResult,
} from "./live-prompt.ts";

/** What rendering and comparing the versions of a prompt depends on, apart from the versions. */
interface LiveRules {
  readonly roles: Roles;
  readonly provides: readonly string[];
  readonly metadataRule?: MetadataRule | undefined;
}

/** The contract of a version in the `scope` syntax, which is the one that live prompts use. */
function liveContract(
  { content, metadata }: LiveText,
  { roles, provides, metadataRule }: LiveRules,
): Contract {
  const isText = typeof content === "string";
  const texts = textsOf(content);
  return {
    type: isText ? "text" : "chat",
    roles: isText ? null : content.map(({ role }) => mapRole(role, roles)),
    variables: variablesOf(texts.flatMap(parseScope)),
    provides,
    blank: texts.map(isBlank),
    metadata: shapeOf(metadata),
    chosen: metadataRule && checkMetadata(metadataRule, metadata),
  };
}

function textsOf(content: PromptContent): readonly string[] {
  return typeof content === "string" ? [content] : content.map((message) => message.content);
}

/** What changes the contract of the first version in the second one, in words. */
export function breaches(rules: LiveRules, from: LiveText, to: LiveText): readonly string[] {
  const [before, after] = [liveContract(from, rules), liveContract(to, rules)];
  const changes = contractChanges(before, after, compareNames);
  return explainVariables(changes, { ...before, ...from }, { ...after, ...to })
    .filter((change) => change.breaks)
    .map((change) => change.message);
}

function compareNames(from: Contract, to: Contract): readonly Change[] {
  const onlyIn = (one: Contract, { variables }: Contract) =>
    one.variables.filter((name) => !variables.includes(name));
  return [...onlyIn(to, from).map(newVariable), ...onlyIn(from, to).map((name) => droppedVariable(name))];
}

/** The version as served instead of the compiled one; otherwise what changes the contract, in words. */
function adoptVersion(
  name: string,
  compiled: CompiledVersion,
  data: LiveData,
): LiveVersion | readonly string[] {
  const { version, roles } = compiled;
  const { content, metadata, promptId, versionId, versionNumber } = data;
  if (version.attributes["scope.prompt.id"] !== promptId) return [ANOTHER_PROMPT];
  const refusal = breaches(compiled, version, data);
  if (refusal.length > 0) return refusal;
  const render = renderOf(content, name, compiled.helpers, roles);
  const attributes = {
    ...version.attributes,
    "gen_ai.prompt.version": `${versionNumber}`,
    "scope.prompt.id": promptId,
    "scope.prompt.version": versionNumber,
    "scope.prompt.version_id": versionId,
  };
  const adopted = {
    render,
    content,
    cachePrefix: cachePrefix(textsOf(content).map(parseScope)),
    metadata,
    attributes,
    versionId,
    versionNumber,
  };
  freezeJson(adopted);
  return adopted;
}

/** Serves the version, or reports why not. */
export function serveVersion(
  options: LiveConfiguration,
  { name, label }: LivePrompt,
  compiled: CompiledVersion,
  { data, text }: PollResult,
): void {
  const { served, servedText, shows } = compiled;
  compiled.labelledText = text;
  if (text === servedText) return;
  const { versionId, versionNumber, promptId } = data;
  const adopted = text === compiled.text ? compiled.version : adoptVersion(name, compiled, data);
  if ("render" in adopted) {
    compiled.served = adopted;
    compiled.servedText = text;
    compiled.promptId = promptId;
    for (const show of shows) show(adopted, promptId);
    notify(options, "onRefresh", [{ name, label, from: nameOf(served), to: nameOf(adopted) }]);
  } else {
    const changes = shortList(adopted);
    notify(
      options,
      "onIncompatible",
      [{ name, label, versionId, versionNumber, changes, kept: nameOf(served) }],
      `Live prompt "${name}": version ${versionNumber} breaks the compiled contract (${changes.join(", ")}); version ${served.versionNumber} stays until the next build.`,
    );
  }
}

type Values = Readonly<Record<string, unknown>> | undefined;

/** The functions of the helper module that a prompt's compiled `render` uses; an adopted version uses the same ones. */
export interface RenderHelpers {
  missing?(render: (values: Values) => unknown, values: unknown, name: string): unknown;
  own?(values: Values, name: string): unknown;
  onlyOwn?(values: Values): unknown;
}

/** `render` of a version that wasn't compiled, with the results and errors that compiled code would have. */
export function renderOf(
  content: PromptContent,
  prompt: string,
  helpers: RenderHelpers,
  roles: Roles,
): LiveVersion["render"] {
  const { missing, own, onlyOwn } = helpers;
  const renderText = (template: string) => {
    const parts = parseScope(template);
    return (values: Values): string => {
      let text = "";
      for (const part of parts) {
        if (part.kind === "text") text += part.text;
        else {
          const { name } = part;
          // What every object inherits only counts as an own property; then the compiled code has the helper.
          const value = own && name in Object.prototype ? own(values, name) : values?.[name];
          text += `${value ?? missing?.(render, onlyOwn ? onlyOwn(values) : values, prompt)}`;
        }
      }
      return text;
    };
  };
  let render: LiveVersion["render"];
  if (typeof content === "string") render = renderText(content);
  else {
    const messages = content.map((message) => ({
      role: mapRole(message.role, roles),
      text: renderText(message.content),
    }));
    render = (values) => messages.map(({ role, text }) => ({ role, content: text(values) }));
  }
  return render;
}

type Hook = "onRefresh" | "onIncompatible" | "onError" | "waitUntil";
type Arguments<H extends Hook> = Parameters<NonNullable<LiveConfiguration[H]>>;

/** Calls a hook, or warns if it isn't set. A hook that throws is reported and changes nothing. */
export function notify<H extends Hook>(
  options: LiveConfiguration,
  hook: H,
  given: Arguments<H>,
  warning?: string,
): void {
  const run = options[hook] as ((...given: Arguments<H>) => unknown) | undefined;
  const call = async () => run?.(...given);
  call().catch((error) => console.error(`[unplugin-scope] ${hook} threw:`, error));
  if (!run && warning) console.warn(`[unplugin-scope] ${oneLine(warning)}`);
}

/** A version that changes thousands of names doesn't need a list of them. */
const MAX_LISTED = 10;
/** Changes that are safe to show: the first ten, and how many more. */
function shortList(changes: readonly string[]): string[] {
  // The name in a change can be as long as the version.
  const listed = changes
    .slice(0, MAX_LISTED)
    .map((change) => oneLine(change.length > 200 ? `${change.slice(0, 200)}…` : change));
  const more = changes.length - MAX_LISTED;
  if (more > 0) listed.push(`${more} more`);
  return listed;
}
