import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a platform, knows every secret that came by, and can send all that it was sent back. */
export interface EchoingPlatform extends AsyncDisposable {
  readonly url: string;
  /** The tokens that were sent. */
  readonly tokens: ReadonlySet<string>;
  /** Answer with this status, and what was asked in every place that a client reads; undefined: pass it on. */
  echo: { readonly status: number; readonly logins: boolean } | undefined;
}

export async function startEchoingPlatform(target: string): Promise<EchoingPlatform> {
  const tokens = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { authorization, host: _, connection: __, ...headers } = request.headers;
    if (authorization !== undefined) tokens.add(authorization.replace(/^Bearer /, ""));
    const isLogin = request.method === "POST";
    if (platform.echo !== undefined && isLogin === platform.echo.logins) {
      const said = `${authorization ?? ""} ${body}`.trim();
      response.writeHead(platform.echo.status, {
        "content-type": "application/json",
        "x-request-id": said.replace(/[^\x20-\x7e]/g, ""),
        "retry-after": "0",
      });
      response.end(
        JSON.stringify({
          error: { code: said, message: said },
          message: said,
          id: said,
          access_token: [said],
        }),
      );
      return;
    }
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? "GET",
      headers: {
        ...(headers as Record<string, string>),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === "" ? {} : { body }),
    });
    const text = await answer.text();
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const platform: EchoingPlatform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    echo: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return platform;
}
