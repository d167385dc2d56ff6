import { join } from "node:path";
import { expect } from "vitest";
import { replaceFile } from "../support/app.ts";
import { useChromium } from "./chromium.ts";
import { DevPage } from "./dev-page.ts";

const { it, context } = useChromium();

const answers = (own: string) =>
  `export const Greeting = { own: "${own}", "~standard": { version: 1, jsonSchema: { input: () => ({ title: "${own}" }) } } };\n`;
const schema = (title: string) => JSON.stringify({ title, type: "string" });

it.each(["vite", "webpack"] as const)(
  "with %s, an open page gets an edited schema for answers",
  async (bundler) => {
    const prompts = {
      greeting: { answer: "./src/answers.js#Greeting" },
      chat: { answer: "./src/chat.json" },
    };
    const page = await DevPage.open(context(), bundler, "plain", {
      options: { prompts },
      files: {
        "src/answers.js": answers("first"),
        "src/chat.json": schema("one"),
        "src/main.js": `
        import greeting, { output, outputSchema } from "scope:greeting";
        import { outputSchema as chat } from "scope:chat";
        setInterval(() => {
          const texts = [greeting({ name: "Ada" }), output.own, outputSchema.title, chat.title];
          document.querySelector("#text").textContent = texts.join();
        }, 50);
      `,
      },
    });
    try {
      const kept = await page.hasKept();
      await page.shows("#text", "v1,first,first,one");
      await replaceFile(join(page.root, "src/answers.js"), answers("second"));
      await page.shows("#text", "v1,second,second,one");
      await replaceFile(join(page.root, "src/chat.json"), schema("two"));
      await page.shows("#text", "v1,second,second,two");
      await page.platform.save("greeting", "Hello {{name}} v2");
      await page.shows("#text", "v2,second,second,two");
      // Where a page takes updates of modules one by one.
      if (bundler === "vite") expect(await page.hasKept()).toEqual(kept);
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
    }
  },
);
