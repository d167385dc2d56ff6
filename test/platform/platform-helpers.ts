import { type IncomingHttpHeaders, request as send } from "node:http";
import { onTestFinished } from "vitest";
import { type Platform, type PlatformOptions, startPlatform } from "../../src/platform/index.ts";
import { projectFolder } from "../project/config/project-folder.ts";
import { writeTree } from "../support/app.ts";

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
}

export const writeIn = (dir: string, path: string, content: string | Uint8Array) =>
  writeTree(dir, { [path]: content });

/** Asks for `/api/v1/prompts/…` with a token. */
export type Get = (path: string, headers?: Record<string, string>) => Promise<Response>;

/** A platform over these files (or over a folder), closed after the test; `get` logs in when it is first used. */
export async function serve(
  files: string | Record<string, string | Uint8Array>,
  options: Omit<PlatformOptions, "dir"> = {},
): Promise<Platform & { readonly dir: string; readonly get: Get }> {
  const dir = typeof files === "string" ? files : await projectFolder(files);
  const platform = await startPlatform({ dir, ...options });
  onTestFinished(() => platform.close());
  let asking: Promise<Get> | undefined;
  const get: Get = async (...asked) => {
    asking ??= loggedIn(platform.url);
    return (await asking)(...asked);
  };
  return { ...platform, dir, get };
}

/** One request with its target exactly as given: nothing normalises `..` or `%2F` on the way. */
export function ask(
  url: string,
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Response> {
  const { hostname, port } = new URL(url);
  return new Promise((done, fail) => {
    const { method = "GET", headers = {} } = options;
    const sent = send({ hostname, port, path: target, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", fail);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = answer.headers["content-type"]?.startsWith("application/json") === true;
        done({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: isJson && text !== "" ? JSON.parse(text) : undefined,
        });
      });
    });
    sent.on("error", fail);
    sent.end(options.body);
  });
}

export function logIn(url: string, fields: Record<string, unknown> = {}): Promise<Response> {
  const body = { account_id: "local", client_id: "local", client_secret: "local", ...fields };
  return ask(url, "/v1/auth/applications/login", { method: "POST", body: JSON.stringify(body) });
}

/** The same for any platform, with a fresh token. */
export async function loggedIn(url: string): Promise<Get> {
  const { access_token } = (await logIn(url)).json;
  return (path, headers = {}) =>
    ask(url, `/api/v1/prompts/${path}`, { headers: { authorization: `Bearer ${access_token}`, ...headers } });
}
