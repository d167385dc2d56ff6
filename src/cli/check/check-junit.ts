import type { Verdict } from "../../commands/check/verdict.ts";
import { printable } from "../../errors/printable.ts";
import { refKey, refText } from "../../prompt.ts";
import type { Remark } from "./remarks.ts";

/** A verdict as JUnit XML: a test case for each prompt, which fails by its errors and has its warnings as properties. */
export function junitXml({ status, platform, prompts }: Verdict, remarks: readonly Remark[]): string {
  const cases = prompts.map(({ ref, change }) => {
    const own = remarks.filter(({ prompt }) => prompt !== undefined && refKey(prompt) === refKey(ref));
    const errors = own.filter(({ level }) => level === "error");
    const warnings = own.filter(({ level }) => level === "warning");
    const inside = [
      ...propertiesXml([["change", change], ...warnings.map(propertyOf)], "      "),
      ...failureXml(errors),
    ];
    const name = attributes({ classname: "prompts", name: refText(ref) });
    return { isFailed: errors.length > 0, lines: [`<testcase${name}>`, ...inside, "</testcase>"] };
  });
  const failures = cases.filter(({ isFailed }) => isFailed).length;
  const counts = { name: "scope-gen check", tests: prompts.length, failures, errors: 0 };
  const whole = remarks.filter(({ prompt }) => prompt === undefined).map(propertyOf);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(counts)}>`,
    `  <testsuite${attributes({ ...counts, skipped: 0 })}>`,
    ...propertiesXml([["status", status], ["platform", platform], ...whole], "    "),
    ...cases.flatMap(({ lines: [first, ...rest] }) => [
      `    ${first}`,
      ...rest.slice(0, -1),
      `    ${rest.at(-1)}`,
    ]),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n")}\n`;
}

type Property = readonly [name: string, value: string];

function propertyOf({ rule, message }: Remark): Property {
  return [rule, message];
}

function propertiesXml(properties: readonly Property[], indentation: string): readonly string[] {
  const lines = properties.map(
    ([name, value]) => `${indentation}  <property${attributes({ name, value })}/>`,
  );
  return [`${indentation}<properties>`, ...lines, `${indentation}</properties>`];
}

/** The last error is about the prompt itself; those before are its calls. */
function failureXml(errors: readonly Remark[]): readonly string[] {
  const last = errors.at(-1);
  if (last === undefined) return [];
  const text = errors
    .map(({ path, line, column, message }) => `${[path, line, column].filter(Boolean).join(":")}\n${message}`)
    .join("\n\n");
  return [`      <failure${attributes({ type: last.rule, message: last.message })}>${xml(text)}</failure>`];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

/** XML has no way to write control characters, half of a pair or two others, so they're spelled out or replaced. */
function xml(text: string): string {
  return printable(text)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
