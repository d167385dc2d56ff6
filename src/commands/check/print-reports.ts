import { VERSION } from "../../client/http/user-agent.ts";
import { printable } from "../../errors/printable.ts";
import { refText } from "../../prompt.ts";
import { type Remark, RULES } from "./print-remarks.ts";
import { encodedPath } from "./repository.ts";

/** Workflow commands of GitHub, which show remarks next to the code. */
export function githubCommands(remarks: readonly Remark[]): string {
  return remarks
    .map(({ level, prompt, path, line, column, message }) => {
      const place = line === undefined ? {} : { line: String(line), col: String(column ?? 1) };
      const title = prompt === undefined ? "scope-gen" : refText(prompt);
      return `${command(level, { file: path, ...place, title }, message)}\n`;
    })
    .join("");
}

function command(level: Remark["level"], properties: Record<string, string>, message: string): string {
  const given = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level} ${given.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Remarks as GitLab's Code Quality report. */
export function gitlabReport(remarks: readonly Remark[]): unknown {
  return remarks.map(({ rule, level, prompt, path, line = 1, message, fingerprint }) => ({
    description: prompt === undefined ? message : `${refText(prompt)}: ${message}`,
    check_name: rule,
    fingerprint,
    severity: level === "error" ? "critical" : "minor",
    location: { path, lines: { begin: line } },
  }));
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** What paths are relative to, by the name that GitHub's code scanning and editors know. */
const ROOT_ID = "%SRCROOT%";

/** Remarks as a SARIF 2.1.0 log. */
export function sarifLog(remarks: readonly Remark[]): unknown {
  const rules = [...new Set(remarks.map(({ rule }) => rule))].sort();
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "scope-gen", semanticVersion: VERSION, rules: rules.map(ruleOf) } },
        originalUriBaseIds: { [ROOT_ID]: { description: { text: "The root of the repository." } } },
        columnKind: "utf16CodeUnits",
        results: remarks.map((remark) => resultOf(remark, rules)),
      },
    ],
  };
}

function ruleOf(id: string) {
  const text = RULES[id];
  return text === undefined ? { id } : { id, shortDescription: { text } };
}

/**
 * A text in which nothing is a placeholder (SARIF 2.1.0, 3.11.5) or a link (3.11.6). Brackets that are no link's stay as
 * they are, as the standard allows: not every viewer undoes their escapes.
 */
function messageText(text: string): string {
  const braces = text.replace(/[{}]/g, "$&$&");
  return braces.includes("](") ? braces.replace(/[[\]\\]/g, "\\$&") : braces;
}

function resultOf(remark: Remark, rules: readonly string[]) {
  const { rule, level, prompt, path, line = 1, column, message, fingerprint } = remark;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level,
    message: { text: messageText(prompt === undefined ? message : `${refText(prompt)}: ${message}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodedPath(path), uriBaseId: ROOT_ID },
          region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) },
        },
      },
    ],
    fingerprints: { "scope-gen/v1": fingerprint },
  };
}
