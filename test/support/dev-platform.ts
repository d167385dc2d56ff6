import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Platform, type PlatformOptions, startPlatform } from "../../src/platform/index.ts";
import { editSettings } from "../../src/platform/prompts/promote-version.ts";
import { replaceFile, temporaryFolder, writeTree } from "./app.ts";
import { type Gateway, startGateway } from "./gateway.ts";

/** What must only be seen in requests to the platform. */
export const SECRET = "s3cret-that-must-not-be-seen";

/** Archives a version of a served folder, as a person can on the hosted platform. */
export function archiveVersion(dir: string, name: string, version: number): Promise<void> {
  return editSettings(join(dir, name, "prompt.json"), (settings) => ({
    ...settings,
    versions: { ...settings.versions, [version]: { ...settings.versions?.[version], status: "archived" } },
  }));
}

export type ServedPrompts = Platform & { readonly dir: string };

/** A platform over these prompts, which lie in `dir`. */
export async function servePrompts(
  files: Readonly<Record<string, string>>,
  options: Omit<PlatformOptions, "dir"> = {},
): Promise<ServedPrompts> {
  const dir = await temporaryFolder();
  await writeTree(dir, files);
  return { ...(await startPlatform({ dir, ...options })), dir };
}

/** A platform that a test edits, behind a gateway that can be told to fail. */
export class DevPlatform {
  readonly gateway: Gateway;
  /** Environment of a process that talks to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #dir: string;
  readonly #platform: Platform;
  readonly #versions = new Map<string, number>();

  private constructor(dir: string, platform: Platform, gateway: Gateway) {
    this.#dir = dir;
    this.#platform = platform;
    this.gateway = gateway;
    this.env = { ...platform.env, SCOPE_API_URL: gateway.url, SCOPE_AUTH_API_URL: gateway.url };
  }

  static async start(): Promise<DevPlatform> {
    const dir = await temporaryFolder();
    const platform = await startPlatform({
      dir,
      credentials: { orgId: "org-1", apiKey: "key-that-must-not-be-seen", apiSecret: SECRET },
    });
    return new DevPlatform(dir, platform, await startGateway(platform.url));
  }

  /**
   * Saves a version of a prompt, a new one by default. It's production at once unless the settings name another. Gives
   * its number.
   */
  async save(
    name: string,
    content: string | readonly object[],
    number = (this.#versions.get(name) ?? 0) + 1,
  ): Promise<number> {
    this.#versions.set(name, number);
    if (typeof content === "string") await replaceFile(join(this.#dir, name, `${number}.md`), content);
    else await replaceFile(join(this.#dir, name, `${number}.json`), JSON.stringify(content));
    return number;
  }

  /** What `prompt.json` says: metadata by version, which version is production. */
  async settings(name: string, settings: unknown): Promise<void> {
    await replaceFile(join(this.#dir, name, "prompt.json"), JSON.stringify(settings));
  }

  /** Takes a prompt away with all of its versions. */
  async remove(name: string): Promise<void> {
    await rm(join(this.#dir, name), { recursive: true });
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.#platform.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
