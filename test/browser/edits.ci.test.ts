import { expect } from "vitest";
import { useChromium } from "./chromium.ts";
import { DevPage } from "./dev-page.ts";

const { it, context } = useChromium();

it("a burst of edits ends in one update, and an edit that doesn't compile shows in the overlay", async () => {
  const page = await DevPage.open(context(), "vite", "plain", { options: { syntax: "mustache" } });
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

    await page.platform.save("greeting", "Hello {{name}} {{#open}}");
    await page.showsOverlay("template_unclosed_section");
    expect(await page.text("#text")).toContain("the last edit");
    await page.platform.save("greeting", "Hello {{name}}, {{> signature}}");
    await page.showsOverlay("template_partial");
    await page.platform.save("greeting", "Hello {{name}}, mended");
    await page.shows("#text", "mended");
    await page.showsNoOverlay();
    expect(await page.hasKept()).toEqual(kept);
    expect(page.errors).toEqual([]);
  } finally {
    await page.close();
  }
});

it("a page in which no module accepts the prompt and nobody waits for it reloads", async () => {
  const show = 'document.querySelector("#text").textContent = greeting({ name: "Ada" });\n';
  const page = await DevPage.open(context(), "vite", "plain", {
    files: { "src/main.js": `import greeting from "scope:greeting";\n\n${show}` },
  });
  try {
    await page.platform.save("greeting", "Hello {{name}} v2");
    await page.shows("#text", "v2");
    expect(await page.hasKept()).toMatchObject({ isMarked: false, field: "" });
    expect(page.errors).toEqual([]);
  } finally {
    await page.close();
  }
});
