import { AssertionError } from "node:assert";
import { compilePrompt } from "../../compiler/compile-prompt.ts";
import { compileOutput } from "../../compiler/output/compile-output.ts";
import { compareVersions, type VersionChange } from "../../contract/compare-versions.ts";
import { changesText } from "../../contract/contract.ts";
import {
  isObject,
  type JsonObject,
  type PromptContent,
  type PromptType,
  type PromptVersionData,
  rolesOf,
  type Syntax,
} from "../../prompt.ts";

/** What a `scope:` import returns, as in `import * as prompt from "scope:…"`. */
export interface PromptModule {
  readonly name: string;
  readonly type: PromptType;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
  readonly versionNumber: number;
  readonly outputSchema?: object | undefined;
}

/** Another version of the prompt: one from the client, or one that a test provides. */
export interface ComparedVersion {
  readonly content: PromptContent;
  readonly metadata?: JsonObject | undefined;
  readonly versionNumber?: number | undefined;
}

export interface KeepsContractOptions {
  /** How to read the templates. Default `"scope"`. */
  readonly syntax?: Syntax | undefined;
  /** The config's `output.metadataKey`. Default: where the module has its schema, otherwise `"output_schema"`. */
  readonly metadataKey?: string | undefined;
  /** The config's `roles`. Default: the roles that model SDKs know. */
  readonly roles?: Readonly<Record<string, string>> | false | undefined;
}

/**
 * Does a version keep the contract that a module was built with? Uses the comparison of builds and `scope-gen check`;
 * what a prompt includes isn't compared.
 *
 * @returns the grade and every change
 * @throws AssertionError that lists what breaks; ResourceError for a version, or its schema for answers, that doesn't
 *   compile
 * @example
 * import * as greeting from "scope:greeting-template";
 * expectKeepsContract(greeting, await client.getPromptVersion("greeting-template", { label: "latest" }));
 */
export function expectKeepsContract(
  module: PromptModule,
  version: ComparedVersion,
  options: KeepsContractOptions = {},
): VersionChange {
  const from = comparable(module, module, options);
  const to = comparable(module, version, options);
  const change = compareVersions(from, to);
  if (change.grade !== "breaking") return change;
  const breaking = changesText(change.changes.filter(({ breaks }) => breaks));
  const which = version.versionNumber === undefined ? "The version" : `Version ${version.versionNumber}`;
  throw new AssertionError({
    message: `${which} of prompt ${JSON.stringify(module.name)} changes the contract of version ${module.versionNumber}: ${breaking}.`,
    actual: change.grade,
    expected: "compatible",
    operator: "expectKeepsContract",
  });
}

/** Undefined if the project was built without schemas: what the key holds is ordinary metadata. */
function keyOf({ metadata, outputSchema }: PromptModule): string | undefined {
  if (outputSchema === undefined) return isObject(metadata.output_schema) ? undefined : "output_schema";
  return Object.keys(metadata).find((key) => metadata[key] === outputSchema) ?? "output_schema";
}

function comparable(
  module: PromptModule,
  given: ComparedVersion,
  { syntax = "scope", metadataKey = keyOf(module), roles }: KeepsContractOptions,
) {
  const { content, metadata = {}, versionNumber = 0 } = given;
  const ref = { name: module.name, pin: { kind: "label", label: "production" } } as const;
  const version: PromptVersionData = {
    id: "",
    promptId: "",
    versionNumber,
    type: typeof content === "string" ? "text" : "chat",
    status: "published",
    isProduction: true,
    content,
    declaredVariables: null,
    metadata,
    createdAt: "",
    updatedAt: "",
  };
  const source = { ref, version, syntax, escape: "none", variables: {}, environment: "" } as const;
  const output = compileOutput(source, metadataKey !== undefined && { metadataKey });
  const { contract } = compilePrompt({ ...source, roles: rolesOf(roles), partials: new Map() }, output);
  const schemaKey = output?.key;
  return { contract, promptId: "", content, metadata, schemaKey, partials: new Map() };
}
