import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { TextDecoder } from "node:util";
import { didYouMean } from "../../errors/nearest-name.ts";
import type {
  ChatMessage,
  JsonObject,
  Pin,
  PromptContent,
  PromptRef,
  PromptStatus,
  PromptType,
} from "../../prompt.ts";
import { Refusal } from "../loopback.ts";
import {
  decodePromptSettings,
  type EntrySettings,
  findPromptFolder,
  findPromptNames,
  invalidPrompt,
  isAbsent,
  type PromptFolder,
  parseJson,
  readStable,
} from "./prompt-folders.ts";

/** A folder of prompts. It's read afresh each time, so that an edit shows in the very next response. */
export interface PromptsFolder {
  /** Absolute. */
  readonly dir: string;
  /** Is a version a draft until it's promoted? Otherwise the highest number is production unless `prompt.json` says so. */
  readonly drafts: boolean;
  /** Ends every wait for a file that is being saved. */
  readonly stopped?: AbortSignal;
}

/** A prompt as its folder describes it at this moment. */
export interface StoredPrompt {
  readonly name: string;
  readonly id: string;
  /** Whether or not it exists yet. */
  readonly settingsFile: string;
  readonly settingsChangedAtMs: number;
  /** Ascending, never empty. */
  readonly versions: readonly StoredVersion[];
  readonly production: number | null;
  /** Numbers that `prompt.json` describes but that have no file. */
  readonly described: readonly number[];
}

interface StoredVersion {
  readonly number: number;
  readonly id: string;
  readonly type: PromptType;
  readonly status: PromptStatus;
  readonly metadata: JsonObject;
  readonly path: string;
  readonly settings: EntrySettings;
}

/** A version as a request gets it. */
export interface ServedVersion {
  readonly prompt: StoredPrompt;
  readonly version: StoredVersion;
  readonly content: PromptContent;
  readonly changedAt: Date;
}

/** The prompt of this name; undefined if there is none. Throws Refusal 422 naming the file that can't be used, or 500. */
export function readPrompt(prompts: PromptsFolder, name: string): Promise<StoredPrompt | undefined> {
  return whileFilesMove(async () => {
    const folder = await findPromptFolder(await servedFolder(prompts), name);
    return folder && load(prompts, folder);
  });
}

async function readPromptById(prompts: PromptsFolder, id: string): Promise<StoredPrompt | undefined> {
  // Two spellings of one ULID are equal.
  const wanted = id.toUpperCase();
  const found: StoredPrompt[] = [];
  for (const name of await promptNames(prompts)) {
    try {
      const prompt = await readPrompt(prompts, name);
      if (prompt?.id.toUpperCase() === wanted) found.push(prompt);
    } catch (error) {
      // Another prompt's error must not hide this one; it can only be this one if the derived ID says so.
      if (!(error instanceof Refusal) || deriveId("prompt", name).toUpperCase() === wanted) throw error;
    }
  }
  if (found.length > 1) {
    const names = found.map((prompt) => `"${prompt.name}"`).join(" and ");
    throw new Refusal(422, "invalid_prompt", `${names} have the same id, ${id}.`);
  }
  return found[0];
}

export async function promptNames(prompts: PromptsFolder): Promise<string[]> {
  return findPromptNames(await servedFolder(prompts));
}

/** The version's text or messages, as they are in its file at this moment, and when they or `prompt.json` last changed. */
export async function readContent(
  { stopped }: PromptsFolder,
  prompt: StoredPrompt,
  { type, path }: StoredVersion,
) {
  const shown = `${prompt.name}/${basename(path)}`;
  const { text, changedAtMs } = await readPromptText(path, shown, stopped);
  const content: PromptContent = type === "chat" ? decodeMessages(text, shown) : text;
  return { content, changedAt: new Date(Math.max(changedAtMs, prompt.settingsChangedAtMs)) };
}

/** The version that a request asks for. Throws Refusals 404 and 422. */
export function findServed(prompts: PromptsFolder, ref: PromptRef): Promise<ServedVersion> {
  return whileFilesMove(async () => {
    const read = isPromptId(ref.name) ? readPromptById : readPrompt;
    const prompt = await read(prompts, ref.name);
    if (prompt === undefined) throw await promptNotFound(prompts, ref.name);
    const version = pickVersion(prompt, ref.pin);
    return { prompt, version, ...(await readContent(prompts, prompt, version)) };
  });
}

function pickVersion({ name, production, versions }: StoredPrompt, pin: Pin): StoredVersion {
  const latest = versions.at(-1) as StoredVersion;
  if (pin.kind === "label") {
    if (pin.label === "latest") return latest;
    const version = versions.find(({ number }) => number === production);
    if (version !== undefined) return version;
    const problem = `No version of "${name}" is production. Its latest is version ${latest.number}.`;
    throw new Refusal(404, "no_production_version", problem);
  }
  const version = versions.find(({ id }) => id === pin.versionId);
  if (version === undefined) {
    const known = versions.map((one) => `${one.id} (${one.number})`).join(", ");
    throw new Refusal(
      404,
      "version_not_found",
      `"${name}" has no version "${pin.versionId}". It has ${known}.`,
    );
  }
  if (version.status === "archived") {
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

async function servedFolder({ dir }: PromptsFolder): Promise<string> {
  try {
    return await realpath(dir);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw new Refusal(500, "invalid_prompt", `The folder of prompts is gone: ${dir}`);
  }
}

async function load(
  { drafts, stopped }: PromptsFolder,
  { name, path: folder, hasSettings, files }: PromptFolder,
): Promise<StoredPrompt> {
  const settingsFile = join(folder, "prompt.json");
  const shown = `${name}/prompt.json`;
  const read = hasSettings ? await readPromptText(settingsFile, shown, stopped) : undefined;
  const settings = read === undefined ? {} : decodePromptSettings(read.text, shown);
  const numbers = files.map(({ number }) => number);
  const { id = deriveId("prompt", name), production = drafts ? null : Math.max(...numbers) } = settings;
  // Below production a version stays published without `drafts`: a project may pin it, and no file says otherwise.
  const isPublished = (number: number) => (drafts ? number === production : number <= (production ?? 0));
  let metadata: JsonObject = {};
  const versions = files.map(({ number, type, path }, index) => {
    if (files[index + 1]?.number === number)
      throw invalidPrompt(name, `version ${number} is there twice, as .md and as .json`);
    const own: EntrySettings = settings.versions?.[number] ?? {};
    // Like a version that the platform copies from the one before it.
    if (own.metadata !== undefined) metadata = own.metadata ?? {};
    const { id = deriveId("version", name, String(number)) } = own;
    const status: PromptStatus = own.status ?? (isPublished(number) ? "published" : "draft");
    return { number, id, type, status, metadata, path, settings: own };
  });
  if (versions.length === 0) {
    const problem = `"${name}" has a prompt.json but no version. Write one as 1.md next to it.`;
    throw new Refusal(404, "prompt_not_found", problem);
  }
  if (production !== null && !numbers.includes(production))
    throw invalidPrompt(
      shown,
      `"production" is ${production}, and there's no ${production}.md or ${production}.json`,
    );
  const ids = versions.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw invalidPrompt(shown, `two versions have the id "${twice}"`);
  const described = Object.keys(settings.versions ?? {}).map(Number);
  return {
    name,
    id,
    settingsFile,
    settingsChangedAtMs: read?.changedAtMs ?? 0,
    versions,
    production,
    described: described.filter((number) => !numbers.includes(number)),
  };
}

/** @param shown the path for errors: below the folder of prompts, the same on every machine */
async function readPromptText(file: string, shown: string, stopped: AbortSignal | undefined) {
  const { bytes, changedAtMs } = await readStable(file, stopped);
  try {
    // A byte order mark is part of the text like any other character.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, changedAtMs };
  } catch (error) {
    throw invalidPrompt(shown, `it isn't UTF-8 (${error instanceof Error ? error.message : error})`);
  }
}

function decodeMessages(text: string, file: string): ChatMessage[] {
  const data = parseJson(text, file);
  if (!Array.isArray(data)) throw invalidPrompt(file, "a chat prompt is an array of { role, content }");
  return data.map((message: unknown, index) => {
    const { role, content, ...others } = Object(message) as Record<string, unknown>;
    const at = `message ${index + 1}`;
    if (typeof role !== "string" || role === "") throw invalidPrompt(file, `${at} has no "role" of text`);
    if (typeof content !== "string") throw invalidPrompt(file, `${at} has no "content" of text`);
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined) throw invalidPrompt(file, `${at} has an unknown key, "${unknown}"`);
    return { role, content };
  });
}

/** Reads again if a file was renamed or removed between listing the folder and reading its files. */
async function whileFilesMove<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isAbsent(error) || attempt === 5) throw error;
    }
  }
}

// Crockford's alphabet without I, L, O and U. The first digit of a ULID holds three bits, so it ends at 7.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PROMPT_ID = /^prompt_[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;

/** Is this a prompt ID? `prompt_` and a valid ULID is one, in upper or lower case; anything else is a name. */
export function isPromptId(value: string): boolean {
  return PROMPT_ID.test(value);
}

/** The ID of a prompt, or of one of its versions, that doesn't give one: the same at every start and on every machine. */
export function deriveId(kind: "prompt" | "version", ...parts: readonly string[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([kind, ...parts]))
    .digest("hex");
  const digits = BigInt(`0x${digest.slice(0, 32)}`)
    .toString(32)
    .padStart(26, "0");
  return `${kind}_${digits.replace(/./g, (digit) => ALPHABET.charAt(Number.parseInt(digit, 32)))}`;
}
