import { createServer, type ViteDevServer } from "vite";
import { afterEach, expect, it } from "vitest";
import { ViteDev } from "../../../src/bundlers/vite/dev.ts";

let server: ViteDevServer;
afterEach(() => server.close());

/** The address of a dev server whose project cannot be opened; `opened` counts who tried. */
async function start() {
  const counted = { opened: 0 };
  const openProject = () => {
    counted.opened += 1;
    return Promise.reject(new Error("The config is broken."));
  };
  server = await createServer({
    configFile: false,
    logLevel: "silent",
    server: { host: "127.0.0.1", port: 0, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [
      {
        name: "inspected",
        configureServer: (made) => new ViteDev(made, { restarts: false }).addInspector(openProject),
      },
    ],
  });
  await server.listen();
  return { url: `${server.resolvedUrls?.local[0]}__scope/api/overview`, counted };
}

it("doesn't open a project for a request that isn't allowed", async () => {
  const { url, counted } = await start();
  const others = [
    { "sec-fetch-site": "cross-site" },
    { "x-forwarded-proto": "https" },
    { forwarded: "for=::1" },
  ];
  for (const headers of others) {
    const foreign = await fetch(url, { headers: headers as Record<string, string> });
    expect([headers, foreign.status, counted.opened]).toEqual([headers, 403, 0]);
  }
  const own = await fetch(url, { headers: { "sec-fetch-site": "same-origin" } });
  expect([own.status, counted.opened]).toEqual([500, 1]);
});
