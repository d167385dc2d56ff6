import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/errors/codes.ts";
import { ROOT } from "../support/run.ts";

const codes = Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[];

async function textOf(folder: string): Promise<string> {
  const files = (await readdir(join(ROOT, folder), { recursive: true })).filter((file) =>
    /\.(?:ts|mustache)$/.test(file),
  );
  const texts = files
    .filter((file) => !file.endsWith("codes.ts") && !file.endsWith("codes.test.ts"))
    .map((file) => readFile(join(ROOT, folder, file), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

describe("every error code", () => {
  it("has its line in docs/errors.md (written anew by vitest --update)", async () => {
    const lines = codes.toSorted().map((code) => `| \`${code}\` | ${ERROR_CODES[code]} |`);
    const page = [
      "# Error codes",
      "",
      "Every error of this package is a `ScopeError` with a permanent `code`, a message, and where it helps a place and a hint.",
      "`isScopeError(error, code)` of `unplugin-scope/client` and `unplugin-scope/runtime` distinguishes them.",
      "",
      "| code | meaning |",
      "| --- | --- |",
      ...lines,
      "",
    ];
    await expect(page.join("\n")).toMatchFileSnapshot(join(ROOT, "docs", "errors.md"));
  });

  it("is thrown somewhere", async () => {
    const source = await textOf("src");
    expect(codes.filter((code) => !source.includes(`"${code}"`) && !source.includes(`${code}:`))).toEqual([]);
  });

  it("has a test", async () => {
    const tests = await textOf("test");
    expect(codes.filter((code) => !tests.includes(code))).toEqual([]);
  });
});
