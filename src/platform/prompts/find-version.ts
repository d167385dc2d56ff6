import { didYouMean } from "../../errors/nearest-name.ts";
import type { PromptContent } from "../../prompt.ts";
import { isPromptId } from "../identifiers.ts";
import type { VersionRequest } from "../parse-route.ts";
import { Refusal } from "../refusal.ts";
import { type PromptStore, type StoredPrompt, type StoredVersion, whileFilesMove } from "./prompt-store.ts";

/** A version with everything that its response contains. */
export interface ServedVersion {
  readonly prompt: StoredPrompt;
  readonly version: StoredVersion;
  readonly content: PromptContent;
  /** When the version's file or `prompt.json` was last changed. */
  readonly changedAt: Date;
}

/**
 * The version that a request asks for.
 *
 * @param readings what the request's path can mean; the first one that exists wins
 * @param serveArchived whether an archived version is found by its ID
 * @throws Refusal 404 `prompt_not_found`, `no_production_version` or `version_not_found`; 422 `invalid_prompt`
 */
export async function findVersion(
  store: PromptStore,
  readings: readonly VersionRequest[],
  serveArchived: boolean,
): Promise<ServedVersion> {
  let refusal: unknown;
  for (const request of readings) {
    try {
      return await whileFilesMove(() => find(store, request, serveArchived));
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

async function find(
  store: PromptStore,
  request: VersionRequest,
  serveArchived: boolean,
): Promise<ServedVersion> {
  const asked = request.prompt;
  const prompt = isPromptId(asked) ? await store.byId(asked) : await store.byName(asked);
  if (prompt === undefined) throw await promptNotFound(store, asked);
  const version = pickVersion(prompt, request.pick);
  if ("versionId" in request.pick && version.status === "archived" && !serveArchived) {
    const problem = `Version ${version.number} of "${prompt.name}" is archived, and an archived version isn't served.`;
    throw new Refusal(404, "version_not_found", problem);
  }
  // The time first: then a change in between shows in the next response instead of never.
  const changedAt = await store.changedAt(prompt, version);
  return { prompt, version, changedAt, content: await store.content(version) };
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
  const hasForm = names.includes(asked) ? "A folder has this name, but a value of this form is an ID." : "";
  const advice = isPromptId(asked) ? hasForm : didYouMean(asked, names, "");
  return new Refusal(404, "prompt_not_found", `There's no prompt "${asked}". ${advice}`.trimEnd());
}
