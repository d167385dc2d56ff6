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

describe("an edit on the platform reaches the open page of rspack's dev server, with its state kept", () => {
  it("a plain module, 20 edits in a row", () =>
    tellStory(chromium.context, "rspack", "plain", { edits: 20 }));
  it("React", () => tellStory(chromium.context, "rspack", "react", { edits: 3 }));
  it("Vue", () => tellStory(chromium.context, "rspack", "vue", { edits: 3 }));
  it("Svelte", () => tellStory(chromium.context, "rspack", "svelte", { edits: 3, rendersTakenText: false }));
});
