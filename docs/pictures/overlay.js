import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createServer } from "vite";

/** The page of a dev server that can't preview a draft, which asks for another variable: Vite's overlay says so. */
export async function photographOverlay(page, shop, path) {
  Object.assign(process.env, shop.env);
  const settings = join(dirname(shop.root), "prompts", "greeting-template", "prompt.json");
  await writeFile(settings, '{ "production": 1 }');
  const { default: scope } = await import("unplugin-scope/vite");
  const server = await createServer({
    root: shop.root,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
    plugins: [scope({ live: { label: "latest" } })],
  });
  try {
    await server.listen();
    await page.setViewportSize({ width: 1000, height: 480 });
    await page.goto(server.resolvedUrls.local[0]);
    await page.waitForSelector("vite-error-overlay", { state: "attached" });
    await page.screenshot({ path });
  } finally {
    await server.close();
  }
}
