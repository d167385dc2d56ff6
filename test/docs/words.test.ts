// Words that nobody says, which crept into the pages and messages before.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

const WORDS =
  /\bis no (?!longer)|\bbesides?\b|\banew\b|\bwho(?:ever|m)\b|\blest\b|\bnowhere\b|\bthereof\b|\bin vain\b|\bstand-in|\bsettle|\bmend\b/i;

it("pages and messages use everyday words", async () => {
  const pages = (await readdir(join(ROOT, "docs"), { recursive: true }))
    .filter((file) => file.endsWith(".md") && !/^(?:api|\.vitepress)\b/.test(file))
    .map((file) => join("docs", file));
  const messages = join("test", "errors", "messages.txt");
  const files = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    join("bench", "README.md"),
    messages,
    ...pages,
  ];
  const found = await Promise.all(
    files.map(async (file) => {
      const lines = (await readFile(join(ROOT, file), "utf8")).split("\n");
      const wrong = lines.filter((line) => WORDS.test(line));
      return wrong.map((line) => `${file}: ${line.trim()}`);
    }),
  );
  expect(found.flat()).toEqual([]);
});
