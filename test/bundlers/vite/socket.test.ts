import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { copyApp } from "../../support/app.ts";
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

it("no message over a page's socket makes the dev server do anything but recreate a component of that page", async () => {
  await using platform = await DevPlatform.start();
  await platform.save("greeting", "Hello {{name}} v1");
  const root = await copyApp("dev-plain");
  await linkPackage(root);
  await using server = new ServerProcess(
    [join(ROOT, "test", "browser", "dev-server.js"), "vite", root, "plain"],
    root,
    { ...platform.env, TEST_PLUGIN_OPTIONS: JSON.stringify({ dev: { interval: 0.25 } }) },
  );
  const [, url] = (await server.said(/ready (\S+)/)) as unknown as [string, string];
  const get = async (path: string) => (await fetch(new URL(path, url))).text();
  await get("/src/main.js");
  const [, token] = /wsToken = "([^"]+)"/.exec(await get("/@vite/client")) ?? [];
  // The socket of a page, without the page.
  const socket = new WebSocket(`${url.replace("http", "ws")}?token=${token}`, "vite-hmr");
  const messages: unknown[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    if (message.type !== "connected" && message.type !== "ping") messages.push(message);
  });
  await once(socket, "open");
  for (const data of HOSTILE)
    socket.send(JSON.stringify({ type: "custom", event: "unplugin-scope:recreate", data }));
  await new Promise((done) => setTimeout(done, 500));
  expect(messages).toEqual([]);
  await platform.save("greeting", "Hello {{name}} v2");
  await waitFor("the update", async () => messages.length > 0, { describe: () => server.output });
  socket.close();
});
