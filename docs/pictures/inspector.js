import { once } from "node:events";
import { join } from "node:path";
import { stop } from "./shop.js";

/** The views to show: a name for the file, an address in the page, and what is there when it is ready. */
const VIEWS = [
  // The list is there before the platform is asked.
  ["prompts", "#/", 'main .grade:text("breaking")'],
  ["difference", "#/prompt/scope%3Agreeting-template", ".rendering .message"],
];

/** The inspector as `scope-gen ui` opens it, in light and dark. */
export async function photographInspector(page, shop, folder) {
  const ui = shop.start("ui", "--port", "0");
  const [line] = await once(ui.stdout.setEncoding("utf8"), "data");
  await page.setViewportSize({ width: 1000, height: 560 });
  for (const [name, address, ready] of VIEWS) {
    await page.goto(new URL(address, line.trim()).href);
    await page.waitForSelector(ready);
    await page.waitForLoadState("networkidle");
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(folder, `inspector-${name}-${colorScheme}.png`) });
    }
  }
  await stop(ui);
}
