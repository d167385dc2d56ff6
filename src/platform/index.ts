/** The entry `unplugin-scope/platform`: the local platform, for tests, demos and `scope-gen serve`. */

import { setMaxListeners } from "node:events";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { requireNode } from "../errors/node-version.ts";
import type { PromptType } from "../prompt.ts";
import { LOOPBACK, listenOnLoopback, Refusal, stopServer } from "./loopback.ts";
import { type PlatformOptions, type PlatformRequest, resolvePlatformOptions } from "./options.ts";
import { checkDir, promoteVersion } from "./prompts/promote-version.ts";
import {
  deriveId,
  isPromptId,
  promptNames,
  readContent,
  readPrompt,
  type StoredPrompt,
} from "./prompts/read-prompt.ts";
import { createHandler } from "./request-handler.ts";

export type { PlatformCredentials, PlatformOptions, PlatformRequest } from "./options.ts";

requireNode();

/** A running local platform. */
export interface Platform extends AsyncDisposable {
  /** Where it listens, for both the API and the login: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** The environment for a process that talks to it: credentials and both addresses. */
  readonly env: Readonly<Record<string, string>>;
  /** The requests it got, in order of arrival; the last 10,000. */
  readonly requests: readonly PlatformRequest[];
  /**
   * Promotes a version as the hosted platform does: it becomes production, and the version before it a draft. Writes to
   * the prompt's `prompt.json`.
   *
   * @param version its number; an archived one needs no unarchiving first
   * @param by who promotes, for `promoted_by`. Default: nobody is named
   * @throws ConfigurationError `platform_options_invalid` if there's no such version, or its prompt can't be used
   * @example await platform.promote("welcome", 2);
   */
  promote(name: string, version: number, by?: string): Promise<void>;
  /** Stops at once: open connections are cut, whatever they're waiting for. Calling it again is harmless. */
  close(): Promise<void>;
}

/**
 * Starts the local platform: a real server on 127.0.0.1 that serves a folder of prompts over the platform's own
 * protocol. An edit in the folder shows in the next response.
 *
 * @throws ConfigurationError `platform_options_invalid`
 * @throws ScopeError `port_unavailable`
 * @example
 * await using platform = await startPlatform({ dir: "prompts" });
 * spawn("node", ["app.js"], { env: { ...process.env, ...platform.env } });
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const resolved = resolvePlatformOptions(options);
  await checkDir(resolved.dir);
  const stopped = new AbortController();
  // Every waiting response listens to it, and there can be any number of them.
  setMaxListeners(0, stopped.signal);
  const { drafts, credentials } = resolved;
  const prompts = { dir: resolve(resolved.dir), drafts, stopped: stopped.signal };
  const { requests, handle } = createHandler(resolved, prompts);
  const server = createServer(handle);
  const port = await listenOnLoopback(server, resolved.port, {
    server: "The local platform",
    code: "port_unavailable",
  });
  const url = `http://${LOOPBACK}:${port}`;
  const close = () => {
    stopped.abort();
    return stopServer(server);
  };
  const env = Object.freeze({
    SCOPE_ORG_ID: credentials.orgId,
    SCOPE_API_KEY: credentials.apiKey,
    SCOPE_API_SECRET: credentials.apiSecret,
    SCOPE_API_URL: url,
    SCOPE_AUTH_API_URL: url,
  });
  const promote: Platform["promote"] = async (name, version, by) => {
    await promoteVersion(prompts, name, version, by);
  };
  return { url, port, env, requests, promote, close, [Symbol.asyncDispose]: close };
}

/** One prompt of a folder, for a listing. */
export interface PromptListing {
  readonly name: string;
  readonly id: string;
  /** Type of the latest version. */
  readonly type: PromptType;
  /** Version numbers, ascending. */
  readonly versions: readonly number[];
  /** Number of the production version; null if there is none. */
  readonly production: number | null;
  /** What is wrong with it, in a sentence; undefined if nothing is. */
  readonly problem: string | undefined;
}

/**
 * The prompts that {@link startPlatform} serves from this folder, sorted by name. A prompt that can't be served is
 * listed too, with its problem.
 *
 * @param dir the folder of prompts; relative to the working directory
 * @example for (const prompt of await listPrompts("prompts")) console.log(prompt.name, prompt.versions.length);
 */
export async function listPrompts(
  dir: string,
  { drafts = false }: Pick<PlatformOptions, "drafts"> = {},
): Promise<readonly PromptListing[]> {
  const prompts = { dir: resolve(dir), drafts };
  const listings: PromptListing[] = [];
  for (const name of await promptNames(prompts)) {
    let prompt: StoredPrompt | undefined;
    let problem = isPromptId(name)
      ? `"${name}" has the form of an ID, so it isn't found by name.`
      : undefined;
    try {
      prompt = await readPrompt(prompts, name);
      for (const version of prompt?.versions ?? [])
        await readContent(prompts, prompt as StoredPrompt, version);
      const missing = prompt?.described[0];
      if (missing !== undefined)
        problem ??= `${name}/prompt.json describes version ${missing}, and there's no ${missing}.md or ${missing}.json.`;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem = error.message;
    }
    listings.push({
      name,
      id: prompt?.id ?? deriveId("prompt", name),
      type: prompt?.versions.at(-1)?.type ?? "text",
      versions: prompt?.versions.map(({ number }) => number) ?? [],
      production: prompt?.production ?? null,
      problem,
    });
  }
  return listings;
}
