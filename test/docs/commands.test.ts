// The commands, flags, defaults and exit codes of the pages are those of the program.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../support/run.ts";
import { scopeGen } from "./commands.ts";

const textOf = (page: string) => readFile(join(ROOT, "docs", page), "utf8");
const page = await textOf("cli.md");
const program = await scopeGen();

/** Pages that have what the section of a command leaves out. */
const OTHERS: Readonly<Record<string, string>> = { check: "check.md", ui: "inspector.md" };

/** The exit codes but 0, which every command has. */
const codesIn = (text: string) => [...new Set(text.match(/(?<![\w.])[1-3](?![\w.]\w)\b/g))].sort();

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
    const [, codes = ""] = /Exit(?: code)?: (.*?)\n\n/s.exec(help) ?? [];
    // The first that the page says of them: a paragraph, or the table below a heading.
    const said = text.match(/^(?:## exit codes\n\n|.*\bexit(?:s| code)).*(?:\n.+)*/gim) ?? [];
    if (codes !== "")
      expect(codesIn(said.find((one) => codesIn(one).length > 0) ?? "")).toEqual(codesIn(codes));
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

it("CI has each input of the action with its default, and no other", async () => {
  const { inputs } = parse(await readFile(join(ROOT, "action.yml"), "utf8"));
  const [table = ""] = /^\| input \| default \|.*\n(?:\|.*\n)+/m.exec(await textOf("recipes/ci.md")) ?? [];
  const rows = [...table.matchAll(/^\| `([\w-]+)` \| (.*?) \|/gm)].map(([, name, value]) => [name, value]);
  // In words where there's none, and where it's an expression.
  const inWords: Readonly<Record<string, string>> = {
    label: "each prompt's own",
    results: "none",
    token: "the job's token",
  };
  const expected = Object.entries<{ default: unknown }>(inputs).map(([name, one]) => [
    name,
    inWords[name] ?? `\`${one.default}\``,
  ]);
  expect(rows.sort()).toEqual(expected.sort());
});
