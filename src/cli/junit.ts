import { printable } from "../errors/printable.ts";

/** A name with a value. */
export type JunitProperty = readonly [name: string, value: string];

/** Several test cases. */
export interface JunitSuite {
  readonly name: string;
  readonly properties?: readonly JunitProperty[];
  readonly cases: readonly JunitCase[];
}

export interface JunitCase {
  readonly name: string;
  readonly classname: string;
  readonly file?: string;
  readonly properties?: readonly JunitProperty[];
  /** Undefined: it passes. */
  readonly failure?: { readonly type?: string; readonly message: string; readonly text: string } | undefined;
}

/** JUnit XML. Texts can be from elsewhere. */
export function junitXml(name: string, suites: readonly JunitSuite[]): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...countsOf(suites.flatMap(({ cases }) => cases)) })}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite${attributes({ name: suite.name, ...countsOf(suite.cases) })}>`,
      ...propertiesXml(suite.properties, "    "),
      ...suite.cases.flatMap(caseXml),
      "  </testsuite>",
    ]),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function countsOf(cases: readonly JunitCase[]) {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return { tests: cases.length, failures, errors: 0, skipped: 0 };
}

function caseXml({ name, classname, file, properties, failure }: JunitCase): readonly string[] {
  const inside = propertiesXml(properties, "      ");
  if (failure !== undefined) {
    const { type, message, text } = failure;
    inside.push(`      <failure${attributes({ type, message })}>${xmlText(text)}</failure>`);
  }
  const tag = `    <testcase${attributes({ classname, name, file })}`;
  return inside.length === 0 ? [`${tag}/>`] : [`${tag}>`, ...inside, "    </testcase>"];
}

function propertiesXml(properties: readonly JunitProperty[] = [], indentation: string): string[] {
  if (properties.length === 0) return [];
  const lines = properties.map(
    ([name, value]) => `${indentation}  <property${attributes({ name, value })}/>`,
  );
  return [`${indentation}<properties>`, ...lines, `${indentation}</properties>`];
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${xmlText(String(value))}"`))
    .join("");
}

/** XML has no way to write control characters, half of a pair or two others: they're spelled out or replaced. */
function xmlText(text: string): string {
  return printable(text)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}
