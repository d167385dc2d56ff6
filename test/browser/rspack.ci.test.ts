import { afterAll, beforeAll, describe, test } from "vitest";
import { isMissing } from "../support/optional-tool.ts";
import { CHROMIUM, openChromium } from "./chromium.ts";
import { tellStory } from "./story.ts";

const it = test.skipIf(isMissing(CHROMIUM));

let chromium: Awaited<ReturnType<typeof openChromium>>;
beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium.close());

describe("an edit on the platform reaches the open page of rspack's dev server", () => {
  it("React, with its state kept", () => tellStory(chromium.context, "rspack", "react", { edits: 3 }));
  it.each(["plain", "vue", "svelte"] as const)("%s, reloaded where nothing accepts the module", (app) =>
    tellStory(chromium.context, "rspack", app, { edits: 3, keepsState: false }),
  );
});
