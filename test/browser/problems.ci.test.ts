import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { replaceFile } from "../support/app.ts";
import { waitFor } from "../support/wait-for.ts";
import { useChromium } from "./chromium.ts";
import { type DevBundler, DevPage, INTERVAL } from "./dev-page.ts";

const { it, context } = useChromium();

/** Long enough for several polls. */
const polls = (page: DevPage, count: number) => {
  const { polls } = page.platform.gateway;
  const seen = polls.length;
  return waitFor(`${count} polls`, () => polls.length >= seen + count, { timeoutMs: 30_000 });
};

async function withPage(
  bundler: DevBundler,
  use: (page: DevPage) => Promise<void>,
  files?: Readonly<Record<string, string>>,
): Promise<void> {
  const page = await DevPage.open(context(), bundler, "plain", { files: files ?? {} });
  try {
    await use(page);
  } finally {
    await page.close();
  }
}

describe.each(["vite", "webpack", "rspack"] as const)("with %s", (bundler) => {
  it("a 401, 403 or 404 shows in the overlay over the last good code, and goes once it's fixed", () =>
    withPage(bundler, async (page) => {
      const kept = await page.hasKept();
      const shown = await page.text("#text");
      for (const [status, code] of [
        [401, "authentication_failed"],
        [403, "access_denied"],
        [404, "prompt_not_found"],
      ] as const) {
        page.platform.gateway.status = status;
        await page.showsOverlay(code);
        expect(await page.text("#text")).toBe(shown);
        page.platform.gateway.status = undefined;
        await page.showsNoOverlay();
        expect(await page.hasKept()).toEqual(kept);
        // Told once, however often it was met.
        if (bundler === "vite") expect(page.server.count(new RegExp(`${code} {2}`))).toBe(1);
      }
      await page.platform.save("greeting", "Hello {{name}} afterwards");
      await page.shows("#text", "afterwards");
      if (bundler === "vite") expect(await page.hasKept()).toEqual(kept);
      expect(page.errors).toEqual([]);
    }));

  it("an outage is one warning in the terminal, and nothing in the page", () =>
    withPage(bundler, async (page) => {
      const kept = await page.hasKept();
      page.platform.gateway.isDown = true;
      await polls(page, 3);
      expect(page.server.count(/can't be reached/)).toBe(1);
      expect(await page.overlay()).toBeUndefined();
      await page.platform.save("greeting", "Hello {{name}} afterwards");
      page.platform.gateway.isDown = false;
      await page.shows("#text", "afterwards");
      await page.server.said(/The Scope platform is back/);
      expect(page.server.count(/can't be reached/)).toBe(1);
      if (bundler === "vite") expect(await page.hasKept()).toEqual(kept);
    }));

  it("a problem goes when the prompt is no longer imported, and it isn't polled any more", () =>
    withPage(bundler, async (page) => {
      await page.platform.save("farewell", "Bye");
      const main = join(page.root, "src", "main.js");
      const source = await readFile(main, "utf8");
      await replaceFile(
        main,
        `import farewell from "scope:farewell";\n${source}document.title = farewell();\n`,
      );
      await waitFor("the other prompt", async () => (await page.title()) === "Bye");
      await page.platform.remove("farewell");
      await page.showsOverlay("prompt_not_found");
      await replaceFile(main, source);
      await page.showsNoOverlay();
      // The dev server reloads the page by itself, for the edit.
      await page.page.waitForTimeout(1000);
      await page.page.reload();
      await page.shows("#text", "v1");
      await polls(page, 3);
      expect(await page.overlay()).toBeUndefined();
      const seen = page.platform.gateway.polls.length;
      await polls(page, 6);
      const paths = page.platform.gateway.polls.slice(seen).map(({ path }) => path);
      expect(paths.filter((path) => path.includes("farewell"))).toEqual([]);
    }));

  it("a missing prompt fails the import, and the page loads once the prompt exists", () =>
    withPage(bundler, async (page) => {
      await replaceFile(
        join(page.root, "src", "later.js"),
        'export { default as later } from "scope:later";\n',
      );
      const main = join(page.root, "src", "main.js");
      const source = await readFile(main, "utf8");
      await replaceFile(main, `import { later } from "./later.js";\n${source}document.title = later();\n`);
      await page.showsOverlay("prompt_not_found");
      await page.platform.save("later", "here now");
      await waitFor("the page with the prompt", async () => (await page.title()) === "here now", {
        describe: () => page.server.output,
      });
      await page.shows("#text", "v1");
      await page.showsNoOverlay();
    }));
});

describe("with vite", () => {
  it("a page opened while there's a problem shows it, over the last good code", () =>
    withPage("vite", async (page) => {
      page.platform.gateway.status = 403;
      await page.showsOverlay("access_denied");
      await page.page.reload();
      await page.shows("#text", "v1");
      await page.showsOverlay("access_denied");
      await page.type();
      const kept = await page.hasKept();
      page.platform.gateway.status = undefined;
      await page.showsNoOverlay();
      await page.page.waitForTimeout(300);
      expect(await page.hasKept()).toEqual(kept);
    }));

  it("a prompt that is created later loads without a restart", () =>
    withPage(
      "vite",
      async (page) => {
        expect(await page.loadOnServer("src/server.js")).toBe("failed");
        await page.platform.save("later", "here now");
        await page.server.said(/later@production: version 1 \(new\)/);
        await waitFor("the prompt", async () => (await page.loadOnServer("src/server.js")) === "loaded");
      },
      { "src/server.js": 'export { default } from "scope:later";\n' },
    ));

  it("an edit of the code keeps a problem's overlay, and doesn't reload the page", () =>
    withPage(
      "vite",
      async (page) => {
        const kept = await page.hasKept();
        page.platform.gateway.status = 403;
        await page.showsOverlay("access_denied");
        await replaceFile(join(page.root, "src", "other.js"), OTHER.replace("one", "two"));
        await waitFor("the edit", async () => (await page.title()) === "two");
        await page.showsOverlay("access_denied");
        expect(await page.hasKept()).toEqual(kept);
        page.platform.gateway.status = undefined;
        await page.showsNoOverlay();
        expect(await page.hasKept()).toEqual(kept);
      },
      { "src/other.js": OTHER, "src/extra.js": 'import "./other.js";\n', "index.html": PAGE },
    ));

  it("polls transfer no body and print nothing, and no credential reaches the page", async () => {
    const bodies: string[] = [];
    const listen = async (response: { text(): Promise<string> }) => {
      bodies.push(await response.text().catch(() => ""));
    };
    context().on("response", listen);
    await withPage("vite", async (page) => {
      const { gateway } = page.platform;
      const said = page.server.output;
      const seen = gateway.polls.length;
      await polls(page, 4);
      expect(
        gateway.polls
          .slice(seen)
          .every(({ headers, status }) => headers["if-none-match"] && (status === 304 || status === 0)),
      ).toBe(true);
      expect(page.server.output).toBe(said);
      await page.page.waitForTimeout(INTERVAL * 1000);
      bodies.push(await page.page.content(), page.server.output);
    });
    context().off("response", listen);
    expect(bodies.length).toBeGreaterThan(4);
    expect(bodies.join("\n")).toContain("greeting@production");
    expect(bodies.filter((body) => body.includes("that-must-not-be-seen"))).toEqual([]);
  });
});

const OTHER = 'document.title = "one";\nif (import.meta.hot) import.meta.hot.accept();\n';
const PAGE =
  '<!doctype html>\n<p id="text"></p><p id="updates"></p><input id="field" />\n<script type="module" src="/src/extra.js"></script>\n<script type="module" src="/src/main.js"></script>\n';
