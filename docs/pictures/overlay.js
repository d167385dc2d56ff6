import { createServer } from "vite";
import { openShop } from "./shop.js";

/** The prompt of the guide's page "Development", when its draft asks for the seats. */
const PROMPT = {
  "greeting-template/1.md": "Write a short greeting for {{name}}, who opened {{product}} for the first time.",
  "greeting-template/2.md":
    "Write a friendly greeting for {{name}}, who opened {{product}} on the {{plan}} plan.",
  "greeting-template/prompt.json": '{ "production": 2 }',
};
const DRAFT = {
  "greeting-template/3.md":
    "Write a greeting for {{name}} on the {{plan}} plan of {{product}}, with {{seats}} seats.",
};
const SOURCES = {
  "index.html":
    '<!doctype html><title>Shop</title><body style="font: 1.2rem sans-serif"><p id="app"></p><script type="module" src="/src/main.ts"></script>',
  "scope.config.json": JSON.stringify({ clientBundle: "allow", dev: { interval: 0.25, label: "latest" } }),
  "src/main.ts": `import greeting from "scope:greeting-template";

document.querySelector("#app")!.textContent = greeting({ name: "Ada", product: "Looms", plan: "free" });
`,
};

/** The page of a dev server that can't preview a draft, which asks for another variable: Vite's overlay says so. */
export async function photographOverlay(page, path) {
  const shop = await openShop({ pulled: PROMPT, edited: DRAFT, sources: SOURCES });
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
    await page.setViewportSize({ width: 1000, height: 480 });
    await page.goto(server.resolvedUrls.local[0]);
    await page.waitForSelector("vite-error-overlay", { state: "attached" });
    await page.screenshot({ path });
  } finally {
    await server.close();
    await shop.close();
  }
}
