import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  CONNECTION_OPTION_NAMES,
  CONNECTION_OPTIONS,
} from "../../../src/client/connection/connection-schema.ts";
import {
  NESTED_OPTIONS,
  NUMBER_OPTIONS,
  ownOptions,
  promptEntry,
} from "../../../src/project/config/validate/options-schema.ts";

const docs = await readFile(join(import.meta.dirname, "../../../docs/config.md"), "utf8");

/** Each option's heading, and the text below it. */
const sections = new Map(
  docs.split(/^##+ /m).flatMap((section) => {
    const [, name, text = ""] = /^`([\w.*]+)`\r?\n(.*)$/s.exec(section) ?? [];
    return name === undefined ? [] : [[name, text] as const];
  }),
);

const inside = (option: string, names: readonly string[]) => names.map((name) => `${option}.${name}`);

it("docs/config.md has a heading for every option", () => {
  const groups = {
    "prompts.*": Object.keys(promptEntry.entries),
    contract: Object.keys(NESTED_OPTIONS.contract.entries),
    output: Object.keys(NESTED_OPTIONS.output.entries),
    tokens: Object.keys(NESTED_OPTIONS.tokens.entries),
    live: Object.keys(NESTED_OPTIONS.live.entries),
  };
  const known = [
    ...Object.keys(ownOptions.entries).filter((name) => !Object.hasOwn(groups, name)),
    ...Object.entries(groups).flatMap(([option, names]) => inside(option, names)),
    ...CONNECTION_OPTION_NAMES,
  ];
  expect([...sections.keys()].sort()).toEqual(known.sort());
});

it("each has its type, and its default", () => {
  const incomplete = [...sections].filter(([, text]) => !/\*\*Type:\*\*.*\*\*Default:\*\*/s.test(text));
  expect(incomplete).toEqual([]);
});

it("the defaults and maximums are the ones in the code", () => {
  for (const [name, option] of Object.entries({ ...NUMBER_OPTIONS, ...CONNECTION_OPTIONS })) {
    const [line] = /^- \*\*Default:\*\* .*$/m.exec(sections.get(name) ?? "") ?? [];
    expect(line, name).toContain(String(option.default));
    // The bounds of what is merely large are not worth a reader's time.
    if ("max" in option && option.max <= 604_800) {
      expect(line, name).toContain(`at most ${option.max}`);
    }
  }
});
