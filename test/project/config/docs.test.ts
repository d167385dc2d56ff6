import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  CONNECTION_OPTION_NAMES,
  CONNECTION_OPTIONS,
} from "../../../src/client/connection/connection-schema.ts";
import {
  CONTRACT_OPTION_NAMES,
  LIVE_OPTION_NAMES,
  NUMBER_OPTIONS,
  OUTPUT_OPTION_NAMES,
  OWN_OPTION_NAMES,
  PROMPT_OPTION_NAMES,
} from "../../../src/project/config/validate/options-schema.ts";

const docs = await readFile(join(import.meta.dirname, "../../../docs/config.md"), "utf8");

it("docs/config.md has a row for every option", () => {
  const rows = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  const known = [
    OWN_OPTION_NAMES,
    PROMPT_OPTION_NAMES,
    CONTRACT_OPTION_NAMES,
    OUTPUT_OPTION_NAMES,
    LIVE_OPTION_NAMES,
    CONNECTION_OPTION_NAMES,
  ].flat();
  expect([...rows].sort()).toEqual([...known].sort());
});

it("its defaults and maximums are those of the code", () => {
  const numbers = { ...NUMBER_OPTIONS, ...CONNECTION_OPTIONS };
  for (const [name, option] of Object.entries(numbers)) {
    const row =
      docs.split("\n").find((line) => line.startsWith(`| \`${name.replace("live.", "")}\` |`)) ?? "";
    expect(row).toContain(String(option.default));
    // The bounds of what is merely large are not worth a reader's time.
    if ("max" in option && option.max <= 604_800) {
      expect(row).toContain(`at most ${option.max}`);
    }
  }
});
