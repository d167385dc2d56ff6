// The commands, flags, defaults and exit codes of the pages are those of the program.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../support/run.ts";
import { scopeGen } from "./commands.ts";

const textOf = (page: string) => readFile(join(ROOT, "docs", page), "utf8");
const page = await textOf("cli.md");
const program = await scopeGen();

/** Pages that have what the section of a command leaves out. */
const OTHERS: Readonly<Record<string, string>> = { check: "check.md", lint: "lint.md", ui: "inspector.md" };

const sections = page.split(/^(?=## )/m);

it.each(program.commands.map((one) => [one.name(), one] as const))(
  "%s: the page has each flag with its default, and each exit code",
  async (name, command) => {
    const section = sections.find((one) => new RegExp(`^## .*\`scope-gen ${name}[ \`]`).test(one)) ?? "";
    const text = section + (OTHERS[name] === undefined ? "" : await textOf(OTHERS[name]));
    const flags = command.options.filter(({ hidden }) => !hidden);
    expect(flags.map(({ long }) => long).filter((long) => !text.includes(String(long)))).toEqual([]);
    for (const { long, defaultValue } of flags)
      if (defaultValue !== undefined && typeof defaultValue !== "boolean")
        expect([long, text]).toEqual([long, expect.stringContaining(String(defaultValue))]);
    let help = "";
    command.configureOutput({ writeOut: (chunk) => (help += chunk) }).outputHelp();
    const [, codes] = /Exit(?: code)?: (.*?)\n\n/s.exec(help) ?? [];
    for (const [code] of codes?.matchAll(/\b[1-3]\b/g) ?? [])
      expect([name, code, text]).toEqual([name, code, expect.stringMatching(new RegExp(`\\b${code}\\b`))]);
  },
);

it("the page has every global flag, and no command that isn't there", () => {
  const [table = ""] = /^## Global options$.*?(?=^## )/ms.exec(page) ?? [];
  const known = program.options.map(({ long }) => String(long));
  expect(known.filter((long) => !table.includes(long))).toEqual([]);
  const headed = [...page.matchAll(/^## .*/gm)].flatMap(([line]) =>
    [...line.matchAll(/`scope-gen ([\w-]+)/g)].map(([, name]) => name),
  );
  expect([...new Set(headed)].sort()).toEqual(program.commands.map((one) => one.name()).sort());
});
