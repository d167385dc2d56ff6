import { expect } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { useChromium } from "./chromium.ts";
import { DevPage, INTERVAL } from "./dev-page.ts";

const { it, context } = useChromium();

it.each(["vite", "webpack", "rspack"] as const)(
  "with %s, a draft is in the open page as long as it keeps the contract; otherwise the overlay and the inspector say why",
  async (bundler) => {
    const page = await DevPage.open(context(), bundler, "plain", {
      options: { dev: { interval: INTERVAL, label: "latest" } },
    });
    const inspector = await context().newPage();
    const notes = async (text: string) => {
      if (bundler !== "vite") return;
      if (inspector.url() === "about:blank") await inspector.goto(`${page.page.url()}__scope/`);
      await waitFor(`"${text}" in the inspector`, async () =>
        (await inspector.locator('[data-prompt="scope:greeting"]').allTextContents()).join().includes(text),
      );
    };
    const promote = (production: number) =>
      page.platform.settings("greeting", { production, versions: { 1: { metadata: { model: "m1" } } } });
    try {
      const kept = await page.hasKept();
      await promote(1);
      await page.platform.save("greeting", "Hello {{name}}, a draft");
      await page.shows("#text", "a draft");
      await notes("development previews draft 2");

      await page.platform.save("greeting", "Hello {{name}} on {{plan}}", 2);
      await page.showsOverlay("preview_contract_changed");
      await page.showsOverlay('Can\'t preview draft 2, which changes the contract (new variable "plan")');
      await page.shows("#text", "v1");
      await notes('new variable "plan"');

      await page.platform.save("greeting", "Hello {{name}}, mended", 2);
      await page.shows("#text", "mended");
      await page.showsNoOverlay();
      await promote(2);
      await page.server.said(/greeting@production: draft 2 → version 2 \(same text\)/);
      await page.shows("#text", "mended");
      if (bundler === "vite") expect(await page.hasKept()).toEqual(kept);
      expect(page.errors).toEqual([]);
    } finally {
      await inspector.close();
      await page.close();
    }
  },
);
