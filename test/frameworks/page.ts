import { openChromium } from "../browser/chromium.ts";
import type { RunningServer } from "./application.ts";

/** A page as its user sees it. */
export interface ShownPage {
  /** Waits until the text is on it. */
  shows(text: string): Promise<unknown>;
  /** Presses a button; only for a page in the browser. */
  press(text: string): Promise<void>;
  close(): Promise<void>;
}

/** @param inBrowser the page is made in the browser: its server's answer does not hold the text */
export async function openPage(server: RunningServer, path: string, inBrowser = false): Promise<ShownPage> {
  if (!inBrowser) {
    const press = () => Promise.reject(new Error("There's no button without a browser"));
    return { shows: (text) => server.shows(path, text), press, close: async () => {} };
  }
  const { context, close } = await openChromium();
  const page = await context.newPage();
  try {
    await page.goto(server.url + path, { timeout: 60_000 });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    shows: (text) => page.getByText(text).first().waitFor({ timeout: 60_000 }),
    press: (text) => page.getByRole("button", { name: text }).click(),
    close,
  };
}
