import { AssertionError } from "node:assert";
import { compilePrompt } from "../compiler/compile-prompt.ts";
import { compareVersions, type VersionChange } from "../contract/compare-versions.ts";
import { changesText } from "../contract/contract.ts";
import { metadataShape } from "../contract/metadata-shape.ts";
import { readOutput } from "../contract/output/read-output.ts";
import { isObject, type JsonObject, type PromptContent, type PromptType, type Syntax } from "../prompt.ts";

/** What a `scope:` import gives, as `import * as prompt from "scope:…"` does. */
export interface PromptModule {
  readonly name: string;
  readonly type: PromptType;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
  readonly versionNumber: number;
  readonly outputSchema?: object | undefined;
}

/** Another version of the prompt: one of the client's, or what a test gives. */
export interface ComparedVersion {
  readonly content: PromptContent;
  readonly metadata?: JsonObject | undefined;
  readonly versionNumber?: number | undefined;
}

export interface KeepsContractOptions {
  /** How the templates are read. Default `"scope"`. */
  readonly syntax?: Syntax | undefined;
  /** The config's `output.metadataKey`. Default: where the module has its schema, else `"output_schema"`. */
  readonly metadataKey?: string | undefined;
}

/**
 * Does a version keep the contract that a module was built by? By the comparison that builds and `scope-gen check` make;
 * what a prompt includes is not looked at.
 *
 * @returns the grade and every change
 * @throws AssertionError that lists what breaks; ResourceError for a version that does not compile
 * @example
 * import * as greeting from "scope:greeting-template";
 * expectKeepsContract(greeting, await client.getPromptVersion("greeting-template", { label: "latest" }));
 */
export function expectKeepsContract(
  module: PromptModule,
  version: ComparedVersion,
  { syntax = "scope", metadataKey = keyOf(module) }: KeepsContractOptions = {},
): VersionChange {
  const from = comparable(module, module, syntax, metadataKey);
  const to = comparable(module, version, syntax, metadataKey);
  const change = compareVersions(from, to);
  if (change.grade !== "breaking") return change;
  const breaking = changesText(change.changes.filter(({ breaks }) => breaks));
  const which = version.versionNumber === undefined ? "The version" : `Version ${version.versionNumber}`;
  throw new AssertionError({
    message: `${which} of prompt ${JSON.stringify(module.name)} does not keep the contract of version ${module.versionNumber}: ${breaking}.`,
    actual: change.grade,
    expected: "compatible",
    operator: "expectKeepsContract",
  });
}

function keyOf({ metadata, outputSchema }: PromptModule): string {
  const keys = Object.keys(metadata).filter(
    (key) => outputSchema !== undefined && metadata[key] === outputSchema,
  );
  return keys[0] ?? "output_schema";
}

function comparable({ name }: PromptModule, version: ComparedVersion, syntax: Syntax, key: string) {
  const { content, metadata = {}, versionNumber = 0 } = version;
  const { contract } = compilePrompt({
    ref: { name, pin: { kind: "label", label: "production" } },
    version: {
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
    },
    syntax,
    escape: "none",
    variables: {},
    environment: "",
    partials: new Map(),
  });
  const schema = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  const schemaKey = isObject(schema) ? key : undefined;
  const output = isObject(schema) ? readOutput(schema as JsonObject) : undefined;
  return {
    contract: { ...contract, metadata: metadataShape(metadata, schemaKey), output },
    content,
    metadata,
    schemaKey,
    partials: new Map(),
  };
}
