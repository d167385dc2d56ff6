import { once } from "node:events";
import { join } from "node:path";

import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { copyApp } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { linkPackage, ROOT } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";

const PATH = "/.scope/dev-development/greeting@production+vite.js";

/** What no page of ours sends. */
const HOSTILE = [
  null,
  "text",
  { url: 5, stamp: "x" },
  { url: "%E0%A4%A", stamp: "x" },
  { url: "/../../../../etc/passwd", stamp: "x" },
  { url: "/@fs/etc/passwd", stamp: "x" },
  { url: "/src/main.js", stamp: "x" },
  { url: "__proto__", stamp: "x" },
];

it("a page that says what it runs is sent the update that it missed, and nothing else moves the server", async () => {
  const platform = await DevPlatform.start();
  await platform.save("greeting", "Hello {{name}} v1");
  const root = await copyApp("dev-plain");
  await linkPackage(root);
  const server = new ServerProcess(
    [join(ROOT, "test", "browser", "dev-server.js"), "vite", root, "plain"],
    root,
    {
      ...platform.env,
      TEST_PLUGIN_OPTIONS: JSON.stringify({ live: { interval: 0.25 } }),
    },
  );
  try {
    const [, url] = (await server.said(/ready (\S+)/)) as unknown as [string, string];
    const get = async (path: string) => (await fetch(new URL(path, url))).text();
    await get("/src/main.js");
    const stampOf = async () => /import\.meta\.url, "([^"]+)"/.exec(await get(PATH))?.[1];
    const first = await stampOf();
    await server.said(/version 1 \(new\)/);
    await platform.save("greeting", "Hello {{name}} v2");
    await server.said(/version 1 → 2/);
    await waitFor("the new module", async () => (await stampOf()) !== first);
    const present = await stampOf();

    const page = await Page.connect(url, await get("/@vite/client"));
    for (const event of ["unplugin-scope:runs", "unplugin-scope:make-anew"]) {
      for (const data of HOSTILE) page.send(event, data);
    }
    for (const stamp of [undefined, {}, present]) page.send("unplugin-scope:runs", { url: PATH, stamp });
    await new Promise((done) => setTimeout(done, 500));
    expect(page.updates).toEqual([]);
    page.send("unplugin-scope:runs", { url: PATH, stamp: first });
    await waitFor("the update", async () => page.updates.length > 0);
    await new Promise((done) => setTimeout(done, 300));
    expect(page.updates).toEqual([[PATH]]);
    page.close();
    expect(await get("/src/main.js")).toContain("greeting");
  } finally {
    await server.stop();
    await platform.close();
  }
});

/** The socket of a page, without the page. */
class Page {
  /** Paths of the modules to update, message by message. */
  readonly updates: string[][] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "update")
        this.updates.push(message.updates.map(({ path }: { path: string }) => path));
    });
  }

  static async connect(url: string, client: string): Promise<Page> {
    const [, token] = /wsToken = "([^"]+)"/.exec(client) ?? [];
    const socket = new WebSocket(`${url.replace("http", "ws")}?token=${token}`, "vite-hmr");
    const page = new Page(socket);
    await once(socket, "open");
    return page;
  }

  send(event: string, data: unknown): void {
    this.#socket.send(JSON.stringify({ type: "custom", event, data }));
  }

  close(): void {
    this.#socket.close();
  }
}
