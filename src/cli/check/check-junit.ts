import type { Verdict } from "../../commands/check/verdict.ts";
import { refKey, refText } from "../../prompt.ts";
import { type JunitProperty, junitXml } from "../junit.ts";
import type { Remark } from "./remarks.ts";

/** A verdict as JUnit XML: a test case for each prompt, which fails by its errors and has its warnings as properties. */
export function checkJunit({ status, platform, prompts }: Verdict, remarks: readonly Remark[]): string {
  const cases = prompts.map(({ ref, change }) => {
    const own = remarks.filter(({ prompt }) => prompt !== undefined && refKey(prompt) === refKey(ref));
    const warnings = own.filter(({ level }) => level === "warning").map(propertyOf);
    const errors = own.filter(({ level }) => level === "error");
    const properties: readonly JunitProperty[] = [["change", change], ...warnings];
    return { classname: "prompts", name: refText(ref), properties, failure: failureOf(errors) };
  });
  const whole = remarks.filter(({ prompt }) => prompt === undefined).map(propertyOf);
  const name = "scope-gen check";
  const properties: readonly JunitProperty[] = [["status", status], ["platform", platform], ...whole];
  return junitXml(name, [{ name, properties, cases }]);
}

function propertyOf({ rule, message }: Remark): JunitProperty {
  return [rule, message];
}

/** The last error is about the prompt itself; those before are its calls. */
function failureOf(errors: readonly Remark[]) {
  const last = errors.at(-1);
  if (last === undefined) return undefined;
  const texts = errors.map(
    ({ path, line, column, message }) => `${[path, line, column].filter(Boolean).join(":")}\n${message}`,
  );
  return { type: last.rule, message: last.message, text: texts.join("\n\n") };
}
