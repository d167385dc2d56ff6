import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { temporaryFolder } from "./app.ts";
import { type Gateway, startGateway } from "./gateway.ts";

/** What must only be seen in requests to the platform. */
export const SECRET = "s3cret-that-must-not-be-seen";

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
    if (typeof content === "string") await this.#write(`${name}/${number}.md`, content);
    else await this.#write(`${name}/${number}.json`, JSON.stringify(content));
    return number;
  }

  /** What `prompt.json` says: metadata by version, which version is production. */
  async settings(name: string, settings: unknown): Promise<void> {
    await this.#write(`${name}/prompt.json`, JSON.stringify(settings));
  }

  /** Takes a prompt away with all of its versions. */
  async remove(name: string): Promise<void> {
    await rm(join(this.#dir, name), { recursive: true });
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.#platform.close();
  }

  /** In one step: a poll must not find half a file. */
  async #write(path: string, text: string): Promise<void> {
    const file = join(this.#dir, path);
    await mkdir(dirname(file), { recursive: true });
    // Outside of the prompt's folder, where every file counts.
    const temporary = join(this.#dir, "..", `${Math.random()}.tmp`);
    await writeFile(temporary, text);
    await rename(temporary, file);
  }
}
