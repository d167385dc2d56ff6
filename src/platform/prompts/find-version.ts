import { didYouMean } from "../../errors/nearest-name.ts";
import type { PromptContent } from "../../prompt.ts";
import { isPromptId } from "../identifiers.ts";
import type { VersionRequest } from "../parse-route.ts";
import { Refusal } from "../refusal.ts";
import { type PromptStore, type StoredPrompt, type StoredVersion, whileFilesMove } from "./prompt-store.ts";

/** A version with all that its response holds. */
export interface FoundVersion {
  readonly prompt: StoredPrompt;
  readonly version: StoredVersion;
  readonly content: PromptContent;
}

/**
 * The version that a request asks for.
 *
 * @param readings what the request's path may mean; the first that exists is it
 * @throws Refusal 404 `prompt_not_found`, `no_production_version` or `version_not_found`; 422 `invalid_prompt`
 */
export async function findVersion(
  store: PromptStore,
  readings: readonly VersionRequest[],
): Promise<FoundVersion> {
  let refusal: unknown;
  for (const request of readings) {
    try {
      return await whileFilesMove(() => find(store, request));
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

async function find(store: PromptStore, request: VersionRequest): Promise<FoundVersion> {
  const asked = request.prompt;
  const prompt = isPromptId(asked) ? await store.byId(asked) : await store.byName(asked);
  if (prompt === undefined) throw await promptNotFound(store, asked);
  const version = pickVersion(prompt, request.pick);
  return { prompt, version, content: await store.content(version) };
}

function pickVersion(prompt: StoredPrompt, pick: VersionRequest["pick"]): StoredVersion {
  const latest = prompt.versions.at(-1) ?? prompt.versions[0];
  if ("versionId" in pick) {
    const version = prompt.versions.find((one) => one.id === pick.versionId);
    if (version !== undefined) return version;
    const known = prompt.versions.map((one) => `${one.id} (${one.number})`).join(", ");
    const problem = `"${prompt.name}" has no version "${pick.versionId}". It has ${known}.`;
    throw new Refusal(404, "version_not_found", problem);
  }
  if (pick.label === "latest") return latest;
  const version = prompt.versions.find((one) => one.number === prompt.production);
  if (version !== undefined) return version;
  const problem = `No version of "${prompt.name}" is production. Its latest is version ${latest.number}.`;
  throw new Refusal(404, "no_production_version", problem);
}

async function promptNotFound(store: PromptStore, asked: string): Promise<Refusal> {
  const names = (await store.folders()).map((folder) => folder.name);
  let advice = "";
  if (isPromptId(asked)) {
    if (names.includes(asked)) advice = ` A folder has this name, but a value of this form is an ID.`;
  } else {
    advice = ` ${didYouMean(asked, names, "")}`;
  }
  return new Refusal(404, "prompt_not_found", `There is no prompt "${asked}".${advice.trimEnd()}`);
}
