import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { temporaryFolder } from "../support/app.ts";
import { isMissing, type OptionalTool } from "../support/optional-tool.ts";

const PLACES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** The path of an installed Chromium. */
function findChromium(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

export const CHROMIUM: OptionalTool = {
  name: "Chromium",
  install: "apt-get install chromium, or name it in CHROMIUM_PATH",
  isThere: () => findChromium() !== undefined,
};

/** A real headless Chromium with a profile of its own. */
export async function openChromium(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There's no Chromium to open");
  const profile = await temporaryFolder();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: FLAGS.split(" "),
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Chromium for the tests of a file, which are left out where there's none. */
export function useChromium() {
  let opened: Awaited<ReturnType<typeof openChromium>>;
  beforeAll(async () => {
    opened = await openChromium();
  });
  afterAll(() => opened.close());
  return { it: test.skipIf(isMissing(CHROMIUM)), context: () => opened.context };
}
