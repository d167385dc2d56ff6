import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { compile } from "svelte/compiler";
import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import { useChromium } from "../browser/chromium.ts";
import { pulledProject } from "../commands/cli-helpers.ts";
import { ROOT } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";
import { type Door, HOSTILE, type InspectedApp, startInspectedApp, startUi } from "./inspected-app.ts";

const { it, context } = useChromium();
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The folder for pictures of every view, for somebody who looks at them. */
const { INSPECTOR_SHOTS } = process.env;

/** What axe finds, and whether anything is wider than the window. */
async function examine(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
  );
  const isTooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return { violations, isTooWide };
}

const SIZES = [
  { width: 1280, height: 900 },
  { width: 768, height: 900 },
  { width: 400, height: 800 },
];

/** In light and dark, at each size. */
async function examineAll(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      expect([name, colorScheme, size.width, await examine(page)]).toEqual([
        name,
        colorScheme,
        size.width,
        { violations: [], isTooWide: false },
      ]);
      if (INSPECTOR_SHOTS === undefined) continue;
      await mkdir(INSPECTOR_SHOTS, { recursive: true });
      const path = join(INSPECTOR_SHOTS, `${name}-${size.width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(SIZES[0] as { width: number; height: number });
}

async function open(app: InspectedApp): Promise<{ page: Page; errors: string[] }> {
  const page = await context().newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  await page.goto(app.url);
  await page.waitForSelector('[data-prompt="scope:greeting"]');
  await page.evaluate("window.isMarked = true");
  return { page, errors };
}

/** Each with what is there as soon as the view is. */
const VIEWS = [
  ["prompts", "", '[data-prompt="scope:evil"] .grade:text("breaking")'],
  ["text", "prompt/scope%3Agreeting/committed", "main .message"],
  ["difference", "prompt/scope%3Aletter", '[data-checked="true"]'],
  ["sections", "prompt/scope%3Adigest", "fieldset"],
  ["chat", "prompt/scope%3Atriage", "figcaption"],
  ["hostile", "prompt/scope%3Aevil", "ins .sign"],
] as const;

const shows = (page: Page, selector: string, text: string) =>
  waitFor(
    `"${text}" in ${selector}`,
    async () => (await page.locator(selector).allTextContents()).join("\n").includes(text),
    { describe: async () => (await page.locator("main").textContent()) ?? "" },
  );

/** The field with the versions of a prompt. */
const version = (page: Page) => page.getByRole("combobox", { name: "Version", exact: true });

describe.each<Door>(["scope-gen ui", "vite"])("the page of %s", (door) => {
  let app: InspectedApp;
  let page: Page;
  let errors: string[];
  beforeAll(async () => {
    app = await startInspectedApp(door);
    ({ page, errors } = await open(app));
  });
  afterAll(async () => {
    await page.close();
    await app.close();
    await rm(app.root, { recursive: true, force: true });
  });

  it("follows an edit on the platform in row, text and difference, without reloading", async () => {
    const row = '[data-prompt="scope:greeting"]';
    await shows(page, row, "in step");
    await app.platform.save("greeting", "Good day {{name}}, in a {{tone}} tone.");
    await shows(page, row, "1 → 2");
    await shows(page, `${row} .grade`, "text");
    await page.click(`${row} a`);
    // It opens on what the platform serves, because that differs.
    await shows(page, ".rendering", "Good day {{name}}");
    await version(page).selectOption({ label: "1 (committed)" });
    await shows(page, ".rendering", "Hello");
    await version(page).selectOption({ label: "2 (production)" });
    await shows(page, "ins", "day");
    await shows(page, "del", "Hello");
    await app.platform.save("greeting", "Good night {{name}}, in a {{tone}} tone.");
    await shows(page, "ins", "night");
    await shows(page, ".rendering", "Good night");
    expect(await page.evaluate("window.isMarked")).toBe(true);
  });

  it("renders what you type", async () => {
    await page.getByLabel("name", { exact: true }).fill("Ada <img src=x onerror=alert(1)>");
    await page.getByRole("combobox", { name: "tone", exact: true }).selectOption("casual");
    await shows(page, ".rendering", "Good night Ada <img src=x onerror=alert(1)>, in a casual tone.");
    await version(page).selectOption({ label: "1 (committed)" });
    await shows(page, ".rendering", "Hello Ada <img src=x onerror=alert(1)>, in a casual tone.");
  });

  // Issue 51.
  it("has the chosen version in its address", async () => {
    await page.goto(`${app.url}#/prompt/scope%3Agreeting`);
    await version(page).selectOption({ label: "1 (committed)" });
    await waitFor("the address", async () => page.url().endsWith("/committed"));
    await page.reload();
    await waitFor("the version", async () => (await version(page).inputValue()) === "committed");
    await page.evaluate("window.isMarked = true");
  });

  it("keeps what you typed when the prompt changes, and the rendering in view", async () => {
    await page.goto(`${app.url}#/prompt/scope%3Adigest`);
    await page.getByLabel("name", { exact: true }).fill("Cy");
    for (let item = 0; item < 6; item++) await page.getByRole("button", { name: "Add items" }).click();
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 800 });
      await page.getByRole("button", { name: "Add items" }).scrollIntoViewIfNeeded();
      const box = await page.locator(".rendering .message").boundingBox();
      expect([width, (box?.y ?? -1) >= 0 && (box?.y ?? 800) < 400]).toEqual([width, true]);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${app.url}#/prompt/scope%3Aletter`);
    await shows(page, "h1", "letter");
    await page.goto(`${app.url}#/prompt/scope%3Adigest`);
    await shows(page, ".rendering", "Hello Cy,");
    await page.reload();
  });

  it("has a form for sections, and adds and removes their items", async () => {
    await page.goto(`${app.url}#/prompt/scope%3Adigest`);
    await page.getByLabel("name", { exact: true }).fill("Bo");
    await page.getByLabel("title", { exact: true }).fill("First");
    await page.getByLabel("isNew", { exact: true }).check();
    await page.getByRole("button", { name: "Add items" }).click();
    await page.getByLabel("title", { exact: true }).nth(1).fill("Second");
    await shows(page, ".message", "Hello Bo,\n- First (new)\n- Second\n");
    await page.getByRole("button", { name: "Remove items 1" }).click();
    await shows(page, ".message", "Hello Bo,\n- Second\n");
    await page.getByRole("button", { name: "Remove items 1" }).click();
    await shows(page, ".message", "Hello Bo,\nNothing today.\n");
  });

  it("shows the calls that another version breaks", async () => {
    await page.goto(`${app.url}#/prompt/scope%3Agreeting/platform`);
    await shows(page, ".verdict", "No call breaks.");
    // What is said while calls are checked.
    await page.evaluate(`window.said = []; new MutationObserver(() => {
      const { dataset, textContent } = document.querySelector(".verdict");
      if (dataset.checked === "false") said.push(textContent);
    }).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true, attributes: true })`);
    await app.platform.save("greeting", "Good night {{name}}, in a {{tone}} tone, on {{plan}}.");
    await shows(page, ".verdict", "This version breaks 1 place.");
    const said = await page.evaluate<string[]>("said");
    expect([said.length > 0, said.filter((one) => one.includes("break"))]).toEqual([true, []]);
    await shows(page, "li", "src/call.ts:3:");
    await shows(page, "li pre", "Property 'plan' is missing");
    await shows(page, ".changes", 'new variable "plan"');
  });

  it("shows hostile text as text", async () => {
    const { run } = app;
    await page.goto(`${app.url}#/prompt/scope%3Aevil`);
    await shows(
      page,
      ".message",
      '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">',
    );
    expect(await page.locator(".rendering .sign").allTextContents()).toEqual(["U+202E", "U+202C", "U+200B"]);
    await page.getByLabel("name", { exact: true }).fill(HOSTILE);
    await shows(page, ".message", `onerror="window.hacked = 2"> </script><script>window.hacked = 1</script>`);
    await app.platform.save("evil", HOSTILE.replace("name", "other"));
    await shows(page, "ins", "other");
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect((await run("check")).code).toBe(3);
  });

  // Issue 28: "one word for one grade", "the pin labelled".
  it("labels pins, versions and grades with the words of check", async () => {
    await page.goto(`${app.url}#/`);
    await app.platform.save("letter", "Dear {{name}}, ever yours.");
    await shows(page, '[data-prompt="scope:letter"] .grade', "text");
    const { stdout } = await app.run("check");
    const texts = (selector: string) => page.locator(selector).allTextContents();
    expect(await texts("thead th")).toEqual(["Prompt", "Version", "Change on the platform", "Imports"]);
    const rows = await page.locator("tbody tr").all();
    for (const row of rows) {
      const cell = async (selector: string) => (await row.locator(selector).textContent())?.trim();
      const [key, version, grade] = [await cell("th a"), await cell("td:nth-child(2)"), await cell(".grade")];
      expect([key, await cell(".pin")]).toEqual([key, "follows production"]);
      if (grade !== "in step")
        expect(stdout).toMatch(new RegExp(`^${key} +production +${version} +${grade} `, "m"));
    }
    // The worst first, then by name.
    expect(await texts("tbody th a")).toEqual(["evil", "greeting", "letter", "digest", "triage"]);
    expect(await texts("tbody td:last-child")).toEqual(["none", "2", "none", "none", "1"]);
    expect(stdout).toContain("2 in step");
    await page.goto(`${app.url}#/prompt/scope%3Aletter`);
    await shows(page, ".title", "follows production");
  });

  // Issue 24, row 6.
  it("shows what is committed while the platform is down, and what it serves once it's back", async () => {
    await page.goto(`${app.url}#/`);
    await shows(page, ".state", "Compared with the platform");
    app.platform.gateway.isDown = true;
    await page.goto(`${app.url}#/prompt/scope%3Aletter`);
    await page.reload();
    await shows(page, ".state", "Platform not reached, retrying, compared ");
    // What was compared last stays.
    await shows(page, ".rendering", "Dear {{name}}, ever yours.");
    await shows(page, ".title .grade.stale", "text");
    expect(await page.locator("main .notice").count()).toBe(0);
    if (door === "vite") await examineAll(page, "outage");
    await version(page).selectOption({ label: "1 (committed)" });
    await shows(page, ".rendering", "Dear {{name}}, yours.");
    app.platform.gateway.isDown = false;
    await shows(page, ".state", "Compared with the platform");
    await page.waitForSelector(".title .grade:not(.stale)");
    // The browser's console has the requests that came to nothing.
    errors.length = 0;
  });

  it("works with the keyboard alone", async () => {
    await page.goto(`${app.url}#/`);
    await page.waitForSelector("table.prompts");
    await page.getByLabel("Search").focus();
    await page.keyboard.type("dig");
    await shows(page, "[role=status]", "1 prompt");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await shows(page, "h1", "digest");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
    await page.waitForSelector("textarea");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Di");
    await shows(page, ".rendering", "Hello Di");
    await page.goBack();
  });

  if (door === "vite")
    it("asks about each prompt once in an interval, with the application and two pages open", async () => {
      const served = await context().newPage();
      await served.goto(new URL("/", app.url).href);
      const later = await context().newPage();
      await later.goto(app.url);
      await shows(later, '[data-prompt="scope:evil"] .grade', "breaking");
      const { polls } = app.platform.gateway;
      const before = polls.length;
      await new Promise((done) => setTimeout(done, 2000));
      const ofGreeting = polls.slice(before).filter(({ path }) => path.includes("greeting"));
      // Eight intervals, and a dev server's are a little shorter.
      expect(ofGreeting.length).toBeLessThanOrEqual(10);
      await later.close();
      await app.platform.save("digest", "Hi {{name}}, {{#items}}{{title}}{{isNew}}{{/items}}");
      await shows(page, '[data-prompt="scope:digest"] td', "1 → 2");
      const last = await context().newPage();
      await last.goto(app.url);
      await shows(last, '[data-prompt="scope:digest"] td', "1 → 2");
      await last.close();
      await served.close();
    });

  if (door === "vite")
    it("shows the problem of a prompt that the dev server serves, until it's fixed", async () => {
      const served = await context().newPage();
      await served.goto(new URL("/", app.url).href);
      // The greeting asks for more than the call gives by now, so the module ends early; both prompts are loaded.
      const isLoaded = 'performance.getEntriesByType("resource").some(({ name }) => name.includes("triage"))';
      await waitFor("the application", () => served.evaluate<boolean>(isLoaded));
      await page.goto(`${app.url}#/`);
      await app.platform.remove("triage");
      await shows(page, "main .notice", "The dev server still serves the last version that works.");
      await shows(page, "main .notice", "triage");
      await shows(page, '[data-prompt="scope:triage"] .grade', "missing");
      await app.platform.save("triage", [{ role: "user", content: "{{ticket}}" }]);
      await waitFor("no problem", async () => (await page.locator("main .notice").count()) === 0);
      await served.close();
    });

  it("has no axe findings, isn't too wide, and logs no error", async () => {
    for (const [name, route, isThere] of VIEWS) {
      await page.goto(`${app.url}#/${route}`);
      await page.waitForSelector(isThere);
      await examineAll(page, name);
    }
    expect(errors).toEqual([]);
  }, 240_000);
});

it("the calls of one of sixty prompts are there", async () => {
  const names = Array.from({ length: 60 }, (_, at) => `p${at}`);
  const { root, env, prompt } = await pulledProject(
    {
      "scope.config.json": JSON.stringify({ prompts: names }),
      "tsconfig.json": '{ "compilerOptions": { "strict": true, "types": [] }, "include": ["src"] }',
      ...Object.fromEntries(
        names.map((name) => [`src/${name}.ts`, `import p from "scope:${name}";\np({ name: "Ada" });\n`]),
      ),
    },
    Object.fromEntries(names.map((name) => [`${name}/1.md`, "Hello {{name}}"])),
  );
  for (const name of names) await prompt(`${name}/2.md`, "Hello {{name}} of {{team}}");
  const url = await startUi(root, env);
  const page = await context().newPage();
  onTestFinished(() => page.close());
  await page.goto(`${url}#/prompt/scope%3Ap59`);
  await shows(page, ".verdict", "This version breaks 1 place.");
});

it("no component has a warning of Svelte's compiler", async () => {
  const folder = join(ROOT, "src", "inspector", "page");
  const components = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".svelte"));
  expect(components.length).toBeGreaterThan(3);
  for (const name of components) {
    const { warnings } = compile(await readFile(join(folder, name), "utf8"), { filename: name, dev: true });
    expect([name, warnings.map(({ message }) => message)]).toEqual([name, []]);
  }
});

it("the page is at most 65 KB", async () => {
  const folder = join(ROOT, "dist", "inspector");
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(65_000);
});
