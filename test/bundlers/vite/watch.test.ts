import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createServer, type ServerOptions } from "vite";
import { expect, it, onTestFinished } from "vitest";
import scope from "../../../src/bundlers/vite.ts";
import { makeApp } from "../../support/app.ts";
import { waitFor } from "../../support/wait-for.ts";

async function serve(
  watch: Exclude<ServerOptions["watch"], undefined>,
  files: Readonly<Record<string, string>> = {},
) {
  const root = await makeApp({ "src/main.js": "", "scope/greeting@production.json": "{}", ...files });
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    appType: "custom",
    server: { middlewareMode: true, ws: false, watch },
    plugins: [scope()],
  });
  onTestFinished(() => server.close());
  const watched = () =>
    Object.values(server.watcher.getWatched())
      .flat()
      .filter((name) => /@|\.js$/.test(name))
      .sort();
  return { root, server, watched };
}

it("Vite doesn't watch snapshot files, and watches everything else as before", async () => {
  const files = { "scope/own.js": "", "src/icon@2x.json": "{}", "skipped/a.js": "" };
  const { root, server, watched } = await serve({ ignored: "**/skipped/**" }, files);
  await waitFor("the files", () => ["own.js", "main.js"].every((name) => watched().includes(name)));
  const added: string[] = [];
  server.watcher.on("add", (file) => added.push(basename(file)));
  await writeFile(join(root, "scope", "later@latest.json"), "{}");
  await writeFile(join(root, "scope", "later.js"), "");
  await waitFor("the new file", () => added.includes("later.js"));
  expect(added).toEqual(["later.js"]);
  expect(watched()).toEqual(["icon@2x.json", "later.js", "main.js", "own.js"]);
});

it("a server that watches nothing still watches nothing", async () => {
  const { server } = await serve(null);
  expect(server.config.server.watch).toBeNull();
});
