// All messages in one file, so that somebody can read them in one go and a change shows in review. The wording isn't
// what this tests: record a new one with `npx vitest run test/errors/messages.test.ts --update`, and read the diff aloud.
import { join } from "node:path";
import { expect, it } from "vitest";
import { allMessages } from "./messages.ts";

const HEAD = `Every message of the package, by file: errors as "code: message" with their hint, then all other texts.
"…" stands for what's filled in. Recorded by vitest --update.
`;

it("the table has every message (recorded by vitest --update)", async () => {
  const files = (await allMessages()).map(({ file, lines }) => `${file}\n${lines.join("\n")}\n`);
  await expect([HEAD, ...files].join("\n")).toMatchFileSnapshot(join(import.meta.dirname, "messages.txt"));
});
