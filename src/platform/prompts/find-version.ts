import { didYouMean } from "../../errors/nearest-name.ts";
import type { PromptContent } from "../../prompt.ts";
import { isPromptId } from "../identifiers.ts";
import { Refusal } from "../refusal.ts";
import {
  type PromptsFolder,
  promptNames,
  readContent,
  readPrompt,
  readPromptById,
  type StoredPrompt,
  type StoredVersion,
  whileFilesMove,
} from "./read-prompt.ts";

/** A prompt, by name or ID, and which version of it is requested: by label or by its ID. */
export interface VersionRequest {
  readonly prompt: string;
  readonly label: "production" | "latest" | undefined;
  readonly versionId: string | undefined;
}

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
 * @param serveArchived whether an archived version is found by its ID
 * @throws Refusal 404 `prompt_not_found`, `no_production_version` or `version_not_found`; 422 `invalid_prompt`
 */
export function findVersion(
  prompts: PromptsFolder,
  request: VersionRequest,
  serveArchived: boolean,
): Promise<ServedVersion> {
  return whileFilesMove(async () => {
    const read = isPromptId(request.prompt) ? readPromptById : readPrompt;
    const prompt = await read(prompts, request.prompt);
    if (prompt === undefined) throw await promptNotFound(prompts, request.prompt);
    const version = pickVersion(prompt, request, serveArchived);
    return { prompt, version, ...(await readContent(prompts, prompt, version)) };
  });
}

function pickVersion(
  { name, production, versions }: StoredPrompt,
  { label, versionId }: VersionRequest,
  serveArchived: boolean,
): StoredVersion {
  const latest = versions.at(-1) ?? versions[0];
  if (label === "latest") return latest;
  if (label === "production") {
    const version = versions.find(({ number }) => number === production);
    if (version !== undefined) return version;
    const problem = `No version of "${name}" is production. Its latest is version ${latest.number}.`;
    throw new Refusal(404, "no_production_version", problem);
  }
  const version = versions.find(({ id }) => id === versionId);
  if (version === undefined) {
    const known = versions.map((one) => `${one.id} (${one.number})`).join(", ");
    throw new Refusal(404, "version_not_found", `"${name}" has no version "${versionId}". It has ${known}.`);
  }
  if (version.status === "archived" && !serveArchived) {
    const problem = `Version ${version.number} of "${name}" is archived, and an archived version isn't served.`;
    throw new Refusal(404, "version_not_found", problem);
  }
  return version;
}

async function promptNotFound(prompts: PromptsFolder, asked: string): Promise<Refusal> {
  const names = await promptNames(prompts);
  const hasForm = names.includes(asked) ? "A folder has this name, but a value of this form is an ID." : "";
  const advice = isPromptId(asked) ? hasForm : didYouMean(asked, names, "");
  return new Refusal(404, "prompt_not_found", `There's no prompt "${asked}". ${advice}`.trimEnd());
}
