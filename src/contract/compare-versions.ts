import { quoted, renamedText } from "../errors/printable.ts";
import { shortQuoted } from "../errors/short-quoted.ts";
import { isObject, type JsonValue, type PromptVersionData, sameContent } from "../prompt.ts";
import { compareInputs } from "./compare-inputs.ts";
import {
  ANOTHER_PROMPT,
  type Change,
  type Contract,
  contractChanges,
  type Grade,
  isOfMetadata,
  keepsContract,
} from "./contract.ts";
import { explainVariables, type NamedTemplate } from "./explain-variables.ts";
import { type InputType, isValueIn, withValues } from "./input-type.ts";

/** A compiled version, with everything that code can get from it. */
interface ComparableVersion {
  readonly contract: Contract;
  readonly source: ComparableSource;
}

interface ComparableSource {
  readonly version: Pick<
    PromptVersionData,
    "promptId" | "renamedTo" | "versionNumber" | "content" | "metadata"
  >;
}

/** How two versions of a prompt differ. */
export interface VersionChange {
  readonly grade: Exclude<Grade, "missing">;
  readonly changes: readonly Change[];
}

/**
 * How a version differs from the committed one: the grade that every command, build and server uses, and what changed.
 * Version numbers and ids don't count.
 *
 * @example compareVersions(committed, fetched) // { grade: "values", changes: [{ message: 'model: "a" → "b"', … }] }
 */
export function compareVersions(from: ComparableVersion, to: ComparableVersion): VersionChange {
  const [before, now] = [from.source.version, to.source.version];
  const contracts = compareContracts(from.contract, to.contract);
  const ofCalls = explainVariables(contracts, templateOf(from), templateOf(to));
  // A changed call contract says more than that the text changed.
  const isTextNews = ofCalls.every(isOfMetadata) && !sameContent(before.content, now.content);
  const changes: Change[] = [];
  if (before.promptId !== now.promptId)
    changes.push({ kind: "prompt", breaks: true, message: ANOTHER_PROMPT });
  if (now.renamedTo !== undefined) changes.push(harmless("renamed", renamedText(now.renamedTo)));
  for (const change of ofCalls) changes.push(change);
  for (const change of valueChanges(before.metadata, now.metadata, "")) changes.push(change);
  if (isTextNews) changes.push(harmless("text", changes.length > 0 ? "text" : "text only"));
  return { grade: gradeOf(changes), changes };
}

/** Every difference between two contracts, in a fixed order. Doesn't include values and text. */
export function compareContracts(from: Contract, to: Contract): readonly Change[] {
  return contractChanges(from, to, compareVariables);
}

function compareVariables(from: Contract, to: Contract): readonly Change[] {
  const [before, after] = [inputOf(from), inputOf(to)];
  // What both use, in whatever way: every call gives it a value.
  const isUsed = ({ variables }: Contract, name: string) => variables.includes(name);
  const provided = (to.provides ?? [])
    .filter((name) => isUsed(from, name) && isUsed(to, name))
    .filter((name) => isValueIn(before, name) && isValueIn(after, name));
  return compareInputs(withValues(before, provided), withValues(after, provided));
}

function templateOf({ source, contract }: ComparableVersion): NamedTemplate {
  const { variables, provides, input } = contract;
  return { content: source.version.content, variables, provides, isMustache: input !== undefined };
}

/** In the `scope` syntax every variable is a value. */
function inputOf({ variables, input }: Contract): InputType {
  const values = variables.map((name) => ({ name, type: { kind: "value" }, optional: false }) as const);
  return input ?? { kind: "object", inputs: values };
}

function gradeOf(changes: readonly Change[]): VersionChange["grade"] {
  if (!keepsContract(changes)) return "breaking";
  const others = changes.filter(({ kind }) => kind !== "text");
  if (others.some(({ kind }) => kind !== "metadata-value" && kind !== "renamed")) return "compatible";
  if (others.some(({ kind }) => kind === "renamed")) return "renamed";
  if (others.length > 0) return "values";
  return changes.length > 0 ? "text" : "none";
}

/** Values of keys that both have; an array is one value. What is new or gone is a change of the contract. */
function valueChanges(from: JsonValue, to: JsonValue, path: string): readonly Change[] {
  if (isObject(from) && isObject(to)) {
    const inside = (key: string) => (path === "" ? keyText(key) : `${path}.${keyText(key)}`);
    const common = Object.keys(from).filter((key) => Object.hasOwn(to, key));
    const now = Object.keys(to).filter((key) => Object.hasOwn(from, key));
    const isReordered = common.some((key, at) => key !== now[at]);
    return [
      ...(isReordered ? [harmless("metadata-value", `${path || "metadata"}: fields in another order`)] : []),
      ...[...common]
        .sort()
        .flatMap((key) => valueChanges(from[key] as JsonValue, to[key] as JsonValue, inside(key))),
    ];
  }
  if (sameJson(from, to)) return [];
  return [harmless("metadata-value", `${path}: ${shortQuoted(from)} → ${shortQuoted(to)}`)];
}

/** The order of keys counts: a model writes its answer in the order of a schema. */
function sameJson(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : quoted(key);
}

function harmless(kind: Change["kind"], message: string): Change {
  return { kind, breaks: false, message };
}
