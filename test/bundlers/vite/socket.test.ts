import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { copyApp, writeTree } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { linkPackage, ROOT } from "../../support/run.ts";
import { ServerProcess } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

/** What no page of ours sends. */
const HOSTILE: readonly unknown[] = [
  null,
  "text",
  [["/src/main.js", 0]],
  { url: 5 },
  { url: "%E0%A4%A" },
  { url: "/../../../../etc/passwd" },
  { url: "/@fs/etc/passwd" },
  { url: "/src/main.js" },
  { url: "__proto__" },
  { "%E0%A4%A": 0, "/src/main.js": 0, "/@fs/etc/passwd": 0, constructor: 0 },
];

describe("a page that says what it runs", () => {
  it.each([
    ["with modules in the root", {}, {}],
    ["with a base that needs encoding", { TEST_BASE: "/my app/" }, {}],
    ["with modules outside the root", {}, { ".scope": "in the way" }],
  ])(
    "gets the update that it missed, and no other message makes the server do anything: %s",
    async (_name, env, files) => {
      const platform = await DevPlatform.start();
      await platform.save("greeting", "Hello {{name}} v1");
      const root = await copyApp("dev-plain");
      await linkPackage(root);
      await writeTree(root, files);
      const server = new ServerProcess(
        [join(ROOT, "test", "browser", "dev-server.js"), "vite", root, "plain"],
        root,
        { ...platform.env, ...env, TEST_PLUGIN_OPTIONS: JSON.stringify({ live: { interval: 0.25 } }) },
      );
      try {
        const [, url] = (await server.said(/ready (\S+)/)) as unknown as [string, string];
        const get = async (path: string) => (await fetch(new URL(path, url))).text();
        const inBase = (path: string) => new URL(path, url).pathname;
        const main = await get(inBase("src/main.js"));
        const [, path] = /"([^"]*greeting@production\+vite\.js)[?"]/.exec(main) as unknown as [
          string,
          string,
        ];
        const page = await Page.connect(url, await get(inBase("@vite/client")));
        await platform.save("greeting", "Hello {{name}} v2");
        await waitFor("the update", async () => page.messages.length > 0, { describe: () => server.output });
        const [update] = page.messages;
        // What a page that is opened now runs.
        const [, time] =
          /greeting@production\+vite\.js\?t=(\d+)"/.exec(await get(inBase("src/main.js"))) ?? [];

        const other = await Page.connect(url, await get(inBase("@vite/client")));
        for (const event of ["unplugin-scope:runs", "unplugin-scope:recreate"]) {
          for (const data of HOSTILE) other.send(event, data);
        }
        for (const value of ["0", {}, Number(time)]) other.send("unplugin-scope:runs", { [path]: value });
        await new Promise((done) => setTimeout(done, 500));
        expect(other.messages).toEqual([]);
        other.send("unplugin-scope:runs", { [path]: 0 });
        await waitFor("the update again", async () => other.messages.length > 0);
        await new Promise((done) => setTimeout(done, 300));
        expect(other.messages).toEqual([update]);
        expect(page.messages).toEqual([update]);
        page.close();
        other.close();
        expect(await get(inBase("src/main.js"))).toContain("greeting");
      } finally {
        await server.stop();
        await platform.close();
      }
    },
  );
});

/** The socket of a page, without the page. */
class Page {
  /** What the server sent: of an update the modules' paths. */
  readonly messages: unknown[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const { type, updates, ...others } = JSON.parse(String(data));
      if (type === "connected" || type === "ping") return;
      this.messages.push({
        type,
        ...(updates === undefined ? others : { paths: updates.map(({ path }: { path: string }) => path) }),
      });
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
