import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CONNECTION_OPTIONS, connectionChecks } from "../../../src/client/connection/connection.ts";
import type { ScopeError } from "../../../src/errors/scope-error.ts";
import { checkOptions, OPTIONS } from "../../../src/project/config/validate-options.ts";

const docs = await readFile(join(import.meta.dirname, "../../../docs/config.md"), "utf8");

/** Each option's heading, and the text below it. */
const sections = new Map(
  docs.split(/^##+ /m).flatMap((section) => {
    const [, name, text = ""] = /^`([\w.*]+)`\r?\n(.*)$/s.exec(section) ?? [];
    return name === undefined ? [] : [[name, text] as const];
  }),
);

const { dev, live, ...others } = OPTIONS.checks;
const groups = { dev, live, "prompts.*": others.prompts };
const inGroups = Object.fromEntries(
  Object.entries(groups).flatMap(([group, { checks }]) =>
    Object.entries(checks).map(([name, check]) => [`${group}.${name}`, check]),
  ),
);
const every = { ...others, ...inGroups, ...connectionChecks(), ...CONNECTION_OPTIONS };

it("docs/config.md has a heading for every option", () => {
  expect([...sections.keys()].sort()).toEqual(Object.keys(every).sort());
});

it("each has its type, and its default", () => {
  const incomplete = [...sections].filter(([, text]) => !/\*\*Type:\*\*.*\*\*Default:\*\*/s.test(text));
  expect(incomplete).toEqual([]);
});

it("each has an example, which the config accepts", () => {
  const vault = { token: () => "" };
  const Keyv = class extends Map {};
  const problems = [...sections].flatMap(([name, text]) => {
    const [, example] = /^- \*\*Example:\*\* `(.*)`$/m.exec(text) ?? [];
    if (example === undefined) return [`${name} has none`];
    const code = name.startsWith("prompts.") ? `prompts: { ${example} }` : example;
    const errors: ScopeError[] = [];
    const value: object = new Function("vault", "Keyv", `return { ${code} }`)(vault, Keyv);
    checkOptions(value, "scope.config.ts", errors);
    const [group = "", ...rest] = name.split(".");
    const [entry] = Object.values(Object(value).prompts ?? {});
    const place =
      group === "prompts" && rest.length > 0 ? entry : rest.length > 0 ? Object(value)[group] : value;
    const isNamed = Object.hasOwn(Object(place), rest.at(-1) ?? group);
    return [...errors.map(({ message }) => message), ...(isNamed ? [] : [`${name} isn't in ${example}`])];
  });
  expect(problems).toEqual([]);
});

it("the defaults and maximums are the ones in the code", () => {
  for (const [name, check] of Object.entries(every)) {
    const option: object = Object(Object(check).option ?? check);
    if (!("default" in option)) continue;
    const [line] = /^- \*\*Default:\*\* .*$/m.exec(sections.get(name) ?? "") ?? [];
    expect(line, name).toContain(String(option.default ?? ""));
    // The bounds of what is merely large are not worth a reader's time.
    if ("max" in option && Number(option.max) <= 604_800)
      expect(line, name).toContain(`at most ${option.max}`);
  }
});
