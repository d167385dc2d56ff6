import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isMissing } from "../support/optional-tool.ts";
import { waitFor } from "../support/wait-for.ts";
import { CHROMIUM, openChromium } from "./chromium.ts";
import { type DevBundler, DevPage } from "./dev-page.ts";

const it = test.skipIf(isMissing(CHROMIUM));

let chromium: Awaited<ReturnType<typeof openChromium>>;
beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium.close());

it("a burst of edits ends in one update, and an edit of a partial reaches the prompt that includes it", async () => {
  const page = await DevPage.open(chromium.context, "vite", "plain", { options: { syntax: "mustache" } });
  try {
    const kept = await page.hasKept();
    const updates = async () => (await page.text("#updates"))?.split(", ").filter(Boolean).length ?? 0;

    const before = await updates();
    for (let edit = 0; edit < 9; edit++) await page.platform.save("greeting", `Hello {{name}}, edit ${edit}`);
    await page.platform.save("greeting", "Hello {{name}}, the last edit");
    await page.shows("#text", "the last edit");
    await page.page.waitForTimeout(600);
    // A poll in the middle of the burst makes it two.
    expect((await updates()) - before).toBeLessThanOrEqual(2);

    await page.platform.save("signature", "yours v1");
    await page.platform.save("greeting", "Hello {{name}}, {{> signature}}");
    await page.shows("#text", "yours v1");
    await page.platform.save("signature", "yours v2");
    await page.shows("#text", "yours v2");
    await page.platform.save("signature", "yours {{#open}}");
    await page.showsOverlay("template_unclosed_section");
    expect(await page.text("#text")).toContain("yours v2");
    await page.platform.save("signature", "yours mended");
    await page.shows("#text", "yours mended");
    await page.showsNoOverlay();
    expect(await page.hasKept()).toEqual(kept);
    expect(page.errors).toEqual([]);
  } finally {
    await page.close();
  }
});

it("a call that lacks a new variable renders the last version that still works, and the console says which", async () => {
  const page = await DevPage.open(chromium.context, "vite", "react");
  const said: string[] = [];
  page.page.on("console", (message) => said.push(message.text()));
  try {
    const kept = await page.hasKept();
    await page.platform.save("greeting", "Hello {{name}} of {{place}} v2");
    await page.server.said(/new variable "place"/);
    await page.platform.save("greeting", "Hello {{name}} of {{place}} v3");
    await page.server.said(/version 2 → 3/);
    await page.page.waitForTimeout(500);
    expect(await page.text("#text")).toBe("Hello Ada v1");
    const lacks = said.filter((text) => text.includes('Prompt "greeting" lacks place'));
    expect(lacks.length).toBe(2);
    expect(lacks[0]).toContain("version 1 is rendered");
    await page.platform.save("greeting", "Hello {{name}} v4");
    await page.shows("#text", "v4");
    await page.shows("#computed", "v4");
    expect(await page.hasKept()).toEqual(kept);
    expect(page.errors).toEqual([]);
  } finally {
    await page.close();
  }
});

/** The file that holds the prompt's module, as the page asks for it. */
const MODULE = { vite: /greeting@production\+vite[a-z-]*\.js/, webpack: /\/main\.js/, rspack: /\/main\.js/ };

/** Begins to load a page, and gives it the prompt's module as it was before an edit that is made meanwhile. */
async function loadDuringEdit(
  page: DevPage,
  tab: Page,
  bundler: DevBundler,
  afterEdit = async () => {},
): Promise<void> {
  let isGiven = false;
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  await tab.route(
    MODULE[bundler],
    async (route) => {
      const response = await route.fetch();
      isGiven = true;
      await released;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  const loaded = tab.goto(page.page.url());
  await waitFor("the earlier module", async () => isGiven);
  await page.platform.save("greeting", "Hello {{name}} v2");
  await page.server.said(/version 1 → 2/);
  await tab.waitForTimeout(500);
  await afterEdit();
  release();
  await loaded;
}

it.each(["vite", "webpack", "rspack"] as const)(
  "with %s, a page that got the old module and runs it after the edit shows the edit",
  async (bundler) => {
    const page = await DevPage.open(chromium.context, bundler, "react");
    try {
      await loadDuringEdit(page, page.page, bundler);
      await page.shows("#text", "v2");
      await page.shows("#computed", "v2");
      await page.type();
      const kept = await page.hasKept();
      await page.platform.save("greeting", "Hello {{name}} v3");
      await page.shows("#text", "v3");
      expect(await page.hasKept()).toEqual(kept);
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
    }
  },
);

it("with vite, a page that runs the old module after the new one shows the new one", async () => {
  const page = await DevPage.open(chromium.context, "vite", "plain", {
    files: {
      "src/panel.js":
        'import greeting from "scope:greeting";\nexport const panel = greeting({ name: "Grace" });\n',
      "src/first.js": 'import { panel } from "./panel.js";\nimport "./main.js";\ndocument.title = panel;\n',
      "index.html": PAGE,
    },
  });
  try {
    // Given after the edit, it imports the module as it is then, and comes first.
    await page.page.route(/panel\.js/, async (route) => {
      await page.server.said(/version 1 → 2/);
      await page.page.waitForTimeout(300);
      await route.continue();
    });
    await loadDuringEdit(page, page.page, "vite");
    await page.shows("#text", "v2");
    expect(await page.title()).toBe("Hello Grace v2");
    expect(page.errors).toEqual([]);
  } finally {
    await page.close();
  }
});

it.each(["react", "svelte"] as const)(
  "with vite and %s, such a page doesn't affect the others",
  async (app) => {
    const page = await DevPage.open(chromium.context, "vite", app);
    const late = await chromium.context.newPage();
    const updates: string[] = [];
    page.page.on("request", (request) => {
      if (/[?&]t=/.test(request.url())) updates.push(request.url());
    });
    try {
      await loadDuringEdit(page, late, "vite", async () => {
        // A Svelte component that stored the text for good is recreated once, with nothing typed into it.
        await page.shows("#once", "v2");
        await page.type();
        await page.page.waitForTimeout(300);
        updates.length = 0;
      });
      for (const where of ["#text", "#once"]) {
        await waitFor(`the edit in ${where}`, async () => (await late.textContent(where))?.includes("v2"));
      }
      await page.page.waitForTimeout(500);
      expect(updates).toEqual([]);
      expect((await page.hasKept()).isMarked).toBe(true);
    } finally {
      await late.close();
      await page.close();
    }
  },
);

const PAGE =
  '<!doctype html>\n<p id="text"></p><p id="updates"></p><input id="field" />\n<script type="module" src="/src/first.js"></script>\n';
