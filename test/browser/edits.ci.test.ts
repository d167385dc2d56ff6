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

it("a call that lacks a new variable renders the last version that still works, and the console says which", async () => {
  const page = await DevPage.open(context(), "vite", "react");
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
