// All messages in one file, so that somebody can read them in one go and a change shows in review. The wording isn't
// what this tests: record a new one with `npx vitest run test/errors/messages.test.ts --update`, and read the diff aloud.
import { join } from "node:path";
import { expect, it } from "vitest";
import { allMessages, messagesIn } from "./messages.ts";

const HEAD = `Every message of the package, by file: errors as "code: message" with their hint, then all other texts.
"…" stands for what's filled in. Recorded by vitest --update.
`;

it("the table has every message (recorded by vitest --update)", async () => {
  const files = (await allMessages()).map(({ file, lines }) => `${file}\n${lines.join("\n")}\n`);
  await expect([HEAD, ...files].join("\n")).toMatchFileSnapshot(join(import.meta.dirname, "messages.txt"));
});

it("a message is recorded with its code, its hint and both branches of a ternary", () => {
  const code = `
    throw new ScopeError(isFew ? "Too few." : \`\${n} is too many.\`, { code: "bad", hint: "Count again." });
    warn("This is slow: wait.");
    const name = "short";
  `;
  expect(messagesIn("file.ts", code)).toEqual([
    "  bad: Too few.",
    "  bad: … is too many.",
    "    hint: Count again.",
    "  This is slow: wait.",
  ]);
});
