import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SCRIPT } from "../commands/terminal.ts";
import { isMissing } from "../support/optional-tool.ts";
import { node, ROOT } from "../support/run.ts";

const DRAW = `
import { drawFirstLook } from "./docs/pictures/first-look.js";
process.stdout.write(await drawFirstLook());
`;

test.skipIf(isMissing(SCRIPT))("the README's picture shows what TypeScript and check say now", async () => {
  const drawn = await node(["--input-type=module", "--eval", DRAW], { cwd: ROOT });
  expect(drawn.stderr).toBe("");
  // To draw it again: npm run pictures first-look
  expect(drawn.stdout).toBe(await readFile(join(ROOT, "docs", "pictures", "first-look.svg"), "utf8"));
});
