import { VERSION } from "../../client/http/user-agent.ts";
import { refText } from "../../prompt.ts";
import { type Remark, RULES } from "./remarks.ts";
import { encodedPath } from "./repository.ts";

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
