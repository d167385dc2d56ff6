import { createServer } from "vite";

/** The page of a dev server whose prompt asks for a variable that the call does not give: Vite's overlay says so. */
export async function photographOverlay(page, shop, path) {
  Object.assign(process.env, shop.env);
  const { default: scope } = await import("unplugin-scope/vite");
  const server = await createServer({
    root: shop.root,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
    plugins: [scope()],
  });
  try {
    await server.listen();
    await page.setViewportSize({ width: 1000, height: 280 });
    // The first page has the committed version until the server has asked the platform.
    const hasChanged = page.waitForEvent("console", (message) => message.text().includes("lacks plan"));
    await page.goto(server.resolvedUrls.local[0]);
    await hasChanged;
    await page.reload();
    await page.waitForSelector("vite-error-overlay", { state: "attached" });
    await page.screenshot({ path });
  } finally {
    await server.close();
  }
}
