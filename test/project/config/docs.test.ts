import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CONNECTION_OPTIONS } from "../../../src/client/connection/connection-schema.ts";
import { everyOption, GROUPS, NUMBER_OPTIONS } from "../../../src/project/config/validate-options.ts";

const docs = await readFile(join(import.meta.dirname, "../../../docs/config.md"), "utf8");

/** Each option's heading, and the text below it. */
const sections = new Map(
  docs.split(/^##+ /m).flatMap((section) => {
    const [, name, text = ""] = /^`([\w.*]+)`\r?\n(.*)$/s.exec(section) ?? [];
    return name === undefined ? [] : [[name, text] as const];
  }),
);

it("docs/config.md has a heading for every option", () => {
  const known = [
    ...Object.keys(everyOption.checks).filter((name) => !Object.hasOwn(GROUPS, name)),
    ...Object.entries(GROUPS).flatMap(([option, { checks }]) =>
      Object.keys(checks).map((name) => `${option}.${name}`),
    ),
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
    expect(line, name).toContain(String(option.default ?? ""));
    // The bounds of what is merely large are not worth a reader's time.
    if ("max" in option && option.max <= 604_800) {
      expect(line, name).toContain(`at most ${option.max}`);
    }
  }
});
