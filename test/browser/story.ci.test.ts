import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { tsc } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";
import { useChromium } from "./chromium.ts";
import { type DevApp, type DevBundler, DevPage } from "./dev-page.ts";

const { it, context } = useChromium();

describe("an edit on the platform reaches the open page", () => {
  it("of Vite, with its state kept: a plain module with onPromptUpdate, 20 edits in a row", () =>
    tellStory("vite", "plain", 20));
  it("of Vite, with its state kept: React", () => tellStory("vite", "react"));
  it.each(["vue", "svelte"] as const)("of Vite, by a new component: %s", (app) =>
    tellStory("vite", app, 3, false),
  );
  describe.each(["webpack", "rspack"] as const)("of %s", (bundler) => {
    it("React, with its state kept", () => tellStory(bundler, "react"));
    it.each(["plain", "vue", "svelte"] as const)("%s, reloaded where nothing accepts the module", (app) =>
      tellStory(bundler, app, 3, false),
    );
  });
});

const TYPED_CALL = {
  "src/call.ts": 'import greeting from "scope:greeting";\n\nexport const call = greeting({ name: "Ada" });\n',
  "tsconfig.json": JSON.stringify({
    compilerOptions: { strict: true, module: "esnext", moduleResolution: "bundler", noEmit: true, types: [] },
    include: ["src"],
  }),
};

/**
 * Somebody types into a page and edits its prompt, again and again, adds a variable, breaks the template and repairs
 * it.
 *
 * @param keepsState the page keeps its state, and is never reloaded
 */
async function tellStory(bundler: DevBundler, app: DevApp, edits = 3, keepsState = true): Promise<void> {
  const page = await DevPage.open(context(), bundler, app, {
    options: { syntax: "mustache" },
    files: app === "plain" ? TYPED_CALL : {},
  });
  try {
    const kept = await page.hasKept();
    const expectKept = async () => {
      if (keepsState) expect(await page.hasKept()).toEqual(kept);
    };
    expect(kept).toMatchObject({ isMarked: true, field: "typed" });

    for (let edit = 0; edit < edits; edit++) {
      const number = await page.platform.save("greeting", `Hello {{name}} v${edit + 2}`);
      await page.shows("#text", `v${number}`);
      await expectKept();
    }
    const number = edits + 1;
    if (app !== "plain") await page.shows("#computed", `v${number}`);
    if (app !== "plain") await page.shows("#once", `v${number}`);
    if (app === "plain" && keepsState) expect(await page.text("#updates")).toContain(`greeting ${number}`);

    await page.platform.save("greeting", "Hello {{name}} from {{place}} with a variable");
    await page.shows("#text", "with a variable");
    await expectKept();
    if (app === "plain") await namesTheCall(page);

    await page.platform.save("greeting", "Hello {{#name}} broken");
    await page.showsOverlay("template_unclosed_section");
    expect(await page.text("#text")).toContain("with a variable");
    await expectKept();

    await page.platform.save("greeting", "Hello {{name}} repaired");
    await page.shows("#text", "repaired");
    await page.showsNoOverlay();
    await expectKept();
    expect(page.errors).toEqual([]);
  } finally {
    await page.close();
  }
}

async function namesTheCall(page: DevPage): Promise<void> {
  await waitFor("types with the variable", async () =>
    (await readFile(join(page.root, "src", "scope-types", "greeting.d.ts"), "utf8")).includes("place"),
  );
  const checked = await tsc(["-p", "tsconfig.json", "--pretty", "false"], { cwd: page.root });
  expect(checked.stdout).toMatch(/^src\/call\.ts\(3,\d+\): error .*/m);
  expect(checked.stdout).toContain("place");
}
