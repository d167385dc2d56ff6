import { realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { TextDecoder } from "node:util";
import type { ChatMessage, JsonObject, PromptContent, PromptStatus, PromptType } from "../../prompt.ts";
import { canonicalPromptId, derivePromptId, deriveVersionId } from "../identifiers.ts";
import { Refusal } from "../refusal.ts";
import { findPromptFolder, isAbsent, type PromptFolder, walkPromptFolders } from "./prompt-folders.ts";
import {
  decodePromptSettings,
  invalid,
  type PromptSettings,
  parseJson,
  type VersionSettings,
} from "./prompt-settings.ts";
import { readStable } from "./read-stable.ts";

/** A prompt as its folder describes it at this moment. */
export interface StoredPrompt {
  readonly name: string;
  readonly id: string;
  /** Its `prompt.json`, whether or not it exists yet. */
  readonly settingsFile: string;
  readonly hasSettings: boolean;
  /** Ascending, never empty. */
  readonly versions: readonly [StoredVersion, ...StoredVersion[]];
  /** Number of the production version, or null if there is none. */
  readonly production: number | null;
  /** Numbers that `prompt.json` describes but that have no file. */
  readonly described: readonly number[];
}

export interface StoredVersion {
  readonly number: number;
  readonly id: string;
  readonly type: PromptType;
  readonly status: PromptStatus;
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
  readonly promotedAt: string | null;
  readonly promotedBy: string | null;
  readonly path: string;
}

/** Reads prompts from a folder, fresh each time, so that an edit shows in the very next response. */
export class PromptStore {
  readonly #dir: string;
  #resolvedDir: string;
  readonly #stopped: AbortSignal | undefined;

  /**
   * @param dir absolute path of the folder of prompts
   * @param stopped ends every wait for a file that is being saved
   */
  constructor(dir: string, stopped?: AbortSignal) {
    this.#dir = dir;
    this.#resolvedDir = dir;
    this.#stopped = stopped;
  }

  /**
   * The prompt of this name; undefined if there is none.
   *
   * @throws Refusal 422 `invalid_prompt` naming the file that can't be used; 500 when the folder is gone
   */
  async byName(name: string): Promise<StoredPrompt | undefined> {
    return whileFilesMove(async () => {
      const folder = await findPromptFolder(await this.#root(), name);
      return folder === undefined ? undefined : this.#load(folder);
    });
  }

  /** The prompt of this ID; undefined if there is none. */
  async byId(id: string): Promise<StoredPrompt | undefined> {
    const wanted = canonicalPromptId(id);
    const found: StoredPrompt[] = [];
    for (const folder of await this.folders()) {
      const prompt = await this.#loadIfSound(folder, wanted);
      if (prompt !== undefined && canonicalPromptId(prompt.id) === wanted) found.push(prompt);
    }
    if (found.length > 1) {
      const names = found.map((prompt) => `"${prompt.name}"`).join(" and ");
      throw new Refusal(422, "invalid_prompt", `${names} have the same id, ${id}.`);
    }
    return found[0];
  }

  /** Every prompt's folder. */
  async folders(): Promise<PromptFolder[]> {
    return walkPromptFolders(await this.#root());
  }

  /** The version's text or messages, as they are in its file at this moment. */
  async content(version: StoredVersion): Promise<PromptContent> {
    const text = await this.#readText(version.path);
    return version.type === "chat" ? decodeMessages(text, this.#shown(version.path)) : text;
  }

  /** When the version's file or its prompt's `prompt.json` was last changed, the later of the two. */
  async changedAt(prompt: StoredPrompt, version: StoredVersion): Promise<Date> {
    const files = prompt.hasSettings ? [version.path, prompt.settingsFile] : [version.path];
    const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
    return new Date(Math.max(...times));
  }

  async #root(): Promise<string> {
    try {
      // Each time: the folder may be a link whose target changes.
      this.#resolvedDir = await realpath(this.#dir);
      return this.#resolvedDir;
    } catch (error) {
      if (!isAbsent(error)) throw error;
      throw new Refusal(500, "invalid_prompt", `The folder of prompts is gone: ${this.#dir}`);
    }
  }

  // Another prompt's error must not hide this one; it can only be this one if the derived ID says so.
  async #loadIfSound(folder: PromptFolder, wanted: string): Promise<StoredPrompt | undefined> {
    try {
      return await this.byName(folder.name);
    } catch (error) {
      if (error instanceof Refusal && derivePromptId(folder.name) !== wanted) return undefined;
      throw error;
    }
  }

  async #load(folder: PromptFolder): Promise<StoredPrompt> {
    const settingsFile = join(folder.path, "prompt.json");
    const shown = this.#shown(settingsFile);
    const settings = folder.hasSettings
      ? decodePromptSettings(await this.#readText(settingsFile), shown)
      : {};
    const [first, ...rest] = this.#toVersions(folder, settings);
    if (first === undefined) {
      const problem = `"${folder.name}" has a prompt.json but no version. Write one as 1.md next to it.`;
      throw new Refusal(404, "prompt_not_found", problem);
    }
    const versions: StoredPrompt["versions"] = [first, ...rest];
    const numbers = versions.map((version) => version.number);
    const production = settings.production === undefined ? Math.max(...numbers) : settings.production;
    if (production !== null && !numbers.includes(production)) {
      throw invalid(
        shown,
        `"production" is ${production}, and there's no ${production}.md or ${production}.json`,
      );
    }
    const twice = versions.find((one) => versions.some((other) => other !== one && other.id === one.id));
    if (twice !== undefined) throw invalid(shown, `two versions have the id "${twice.id}"`);
    return {
      name: folder.name,
      id: settings.id ?? derivePromptId(folder.name),
      settingsFile,
      hasSettings: folder.hasSettings,
      versions,
      production,
      described: Object.keys(settings.versions ?? {})
        .map(Number)
        .filter((number) => !numbers.includes(number)),
    };
  }

  #toVersions(folder: PromptFolder, settings: PromptSettings): StoredVersion[] {
    let metadata: JsonObject = {};
    return folder.files.map((file, index) => {
      if (folder.files[index + 1]?.number === file.number) {
        throw invalid(this.#shown(folder.path), `version ${file.number} is there twice, as .md and as .json`);
      }
      const own: VersionSettings = settings.versions?.[file.number] ?? {};
      // Like a version that the platform copies from the one before it.
      if (own.metadata !== undefined) metadata = own.metadata ?? {};
      return {
        number: file.number,
        id: own.id ?? deriveVersionId(folder.name, file.number),
        type: file.kind,
        status: own.status ?? defaultStatus(file.number, settings.production),
        metadata,
        tags: own.tags ?? [],
        promotedAt: own.promoted_at ?? null,
        promotedBy: own.promoted_by ?? null,
        path: file.path,
      };
    });
  }

  async #readText(file: string): Promise<string> {
    const bytes = await readStable(file, this.#stopped);
    try {
      // A byte order mark is part of the text like any other character.
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      throw invalid(this.#shown(file), `it isn't UTF-8 (${error instanceof Error ? error.message : error})`);
    }
  }

  /** A path as errors show it: below the folder of prompts, the same on every machine. */
  #shown(file: string): string {
    return relative(this.#resolvedDir, file).split(sep).join("/");
  }
}

/**
 * The status of a version that names none. Above the production version that `prompt.json` names it's a draft, like a
 * new version on the platform. Below it, it stays published, although the platform would have archived it: a project
 * may pin it, and the file says nothing about it.
 */
function defaultStatus(number: number, production: number | null | undefined): PromptStatus {
  return production !== undefined && number > (production ?? 0) ? "draft" : "published";
}

function decodeMessages(text: string, file: string): ChatMessage[] {
  const data = parseJson(text, file);
  if (!Array.isArray(data)) throw invalid(file, "a chat prompt is an array of { role, content }");
  return data.map((message: unknown, index) => {
    const { role, content, ...others } = Object(message) as Record<string, unknown>;
    const at = `message ${index + 1}`;
    if (typeof role !== "string" || role === "") throw invalid(file, `${at} has no "role" of text`);
    if (typeof content !== "string") throw invalid(file, `${at} has no "content" of text`);
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined) throw invalid(file, `${at} has an unknown key, "${unknown}"`);
    return { role, content };
  });
}

/** Reads again if a file was renamed or removed between listing the folder and reading its files. */
export async function whileFilesMove<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isAbsent(error) || attempt === 5) throw error;
    }
  }
}
