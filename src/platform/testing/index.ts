/** The public entry `unplugin-scope/testing`. */

import { AssertionError } from "node:assert";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { compilePrompt } from "../../compiler/compile-prompt.ts";
import { compareVersions, type VersionChange } from "../../contract/compare-versions.ts";
import { changesText } from "../../contract/contract.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import { printableLine } from "../../errors/printable.ts";
import {
  isObject,
  type JsonObject,
  type PromptContent,
  type PromptType,
  type PromptVersionData,
  rolesOf,
  type Syntax,
} from "../../prompt.ts";
import { type Platform, startPlatform } from "../index.ts";
import { invalidOption } from "../options.ts";
import { editSettings } from "../prompts/promote-version.ts";

export type { VersionChange } from "../../contract/compare-versions.ts";
export type { Change, ChangeKind } from "../../contract/contract.ts";
export type { Rename } from "../../contract/renamed-variables.ts";
export type { PromptContent } from "../../prompt.ts";

/** A prompt in a test: the template of a text prompt, the messages of a chat prompt, or either with its metadata. */
export type ServedPrompt =
  | PromptContent
  | { readonly content: PromptContent; readonly metadata?: JsonObject | undefined };

/** The local platform with a test's prompts. */
export interface ServedPrompts extends Platform {
  /**
   * Adds a version and promotes it: it's production from then on, and the one before a draft. Without its own metadata
   * it gets that of the one before. The prompt can be a new one.
   */
  publish(name: string, prompt: ServedPrompt): Promise<void>;
}

/**
 * Starts the local platform with these prompts, by name: each is version 1, and production. What it serves is gone when
 * you close it.
 *
 * @throws ConfigurationError `platform_options_invalid` for a name that no folder can have, or a value that isn't a
 *   prompt
 * @example
 * await using platform = await servePrompts({ "greeting-template": "Hello {{name}}" });
 * const client = new ScopeClient({ credentials, baseUrl: platform.url, authApiUrl: platform.url });
 */
export async function servePrompts(prompts: Readonly<Record<string, ServedPrompt>>): Promise<ServedPrompts> {
  const dir = await mkdtemp(join(tmpdir(), "scope-prompts-"));
  const platform = await startPlatform({ dir, drafts: true });
  const latest = new Map<string, number>();
  const publish = async (name: string, prompt: ServedPrompt) => {
    const folder = resolve(dir, name);
    if (name === "" || folder !== `${dir}${sep}${name.replaceAll("/", sep)}` || name.includes("\0"))
      throw invalidOption(
        `A prompt in a test can't be called ${JSON.stringify(name)}.`,
        "A name is the path of a folder, such as support_triage.",
      );
    const given: object = isObject(prompt) ? prompt : { content: prompt };
    const { content, metadata } = given as { content?: PromptContent; metadata?: JsonObject };
    if (typeof content !== "string" && !Array.isArray(content))
      throw invalidOption(
        `The prompt ${JSON.stringify(name)} has no content.`,
        "Pass text, a list of messages, or { content, metadata }.",
      );
    const number = (latest.get(name) ?? 0) + 1;
    latest.set(name, number);
    await mkdir(folder, { recursive: true });
    // Before the version itself: what is served at any moment is complete.
    await editSettings(join(folder, "prompt.json"), (settings) => ({
      ...settings,
      versions: { ...settings.versions, [number]: { metadata } },
    }));
    if (typeof content === "string") await writeFile(join(folder, `${number}.md`), content);
    else await writeFile(join(folder, `${number}.json`), JSON.stringify(content));
    await platform.promote(name, number);
  };
  const close = async () => {
    await platform.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    for (const [name, prompt] of Object.entries(prompts)) await publish(name, prompt);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...platform, publish, close, [Symbol.asyncDispose]: close };
}

/** What a `scope:` import returns, as in `import * as prompt from "scope:…"`. */
export interface PromptModule {
  readonly name: string;
  readonly type: PromptType;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
  readonly versionNumber: number;
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
  /** The `provides` of the prompt's entry. Default none. */
  readonly provides?: readonly string[] | undefined;
  /** The config's `roles`. Default: the roles that model SDKs know. */
  readonly roles?: Readonly<Record<string, string>> | false | undefined;
}

/**
 * Does a version keep the contract that a module was built with? Uses the comparison of builds and `scope-gen check`;
 * what a prompt includes isn't compared.
 *
 * @returns the grade and every change
 * @throws AssertionError that lists what breaks; ResourceError for a version that doesn't compile
 * @example
 * import * as greeting from "scope:greeting-template";
 * expectKeepsContract(greeting, await client.getPromptVersion("greeting-template", { label: "latest" }));
 */
export function expectKeepsContract(
  module: PromptModule,
  version: ComparedVersion,
  options: KeepsContractOptions = {},
): VersionChange {
  const change = compareVersions(
    compileGiven(module, module, options),
    compileGiven(module, version, options),
  );
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

function compileGiven(
  module: PromptModule,
  given: ComparedVersion,
  { syntax = "scope", provides = [], roles }: KeepsContractOptions,
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
  return compilePrompt({ ...source, provides, roles: rolesOf(roles), partials: new Map() });
}

type Register = (name: string, body: () => void) => unknown;

export interface DescribePromptsOptions {
  /** The project's folder. Default: the working directory. */
  readonly cwd?: string | undefined;
  /** Tests the version that the platform has under this label. Default: what's committed, without any request. */
  readonly label?: "production" | "latest" | undefined;
  /** Default: the global one. */
  readonly describe?: Register | undefined;
  /** Default: the global one. */
  readonly it?: Register | undefined;
}

/**
 * Registers a suite for each prompt with samples, and a test for each sample: it renders as in a build, and is as the
 * sample expects. This is `scope-gen test` for Vitest, Jest and `node:test`.
 *
 * @throws ConfigurationError `test_framework_missing` if there's no `describe` and `it`, `samples_missing`; whatever keeps
 *   `scope-gen test` from running
 * @example
 * import { describe, it } from "vitest";
 * import { describePrompts } from "unplugin-scope/testing";
 *
 * await describePrompts({ describe, it });
 */
export async function describePrompts(options: DescribePromptsOptions = {}): Promise<void> {
  const globals = globalThis as { readonly describe?: Register; readonly it?: Register };
  const { cwd = process.cwd(), label, describe = globals.describe, it = globals.it } = options;
  if (describe === undefined || it === undefined) {
    throw new ConfigurationError("There's no global describe and it to register tests with.", {
      code: "test_framework_missing",
      hint: 'Pass those of your framework: import { describe, it } from "vitest"; await describePrompts({ describe, it });',
    });
  }
  const { openProject } = await import("../../project/project.ts");
  const { testSamples } = await import("../../commands/test/test-samples.ts");
  // In a test run the platform isn't asked, unless you do by a label.
  const isAboutPlatform = label !== undefined;
  const project = await openProject({ cwd, isAboutPlatform, ...(isAboutPlatform && { isTestRun: false }) });
  const prompts = await testSamples(project, { label }).finally(() => project.close());
  if (prompts.length === 0) {
    throw new ConfigurationError("None of this project's prompts has samples, so there's nothing to test.", {
      code: "samples_missing",
      hint: 'Save one in the inspector (scope-gen ui), or write it to scope/samples/<prompt>.json: { "short": { "name": "Ada" } }',
    });
  }
  for (const { ref, version, samples } of prompts) {
    describe(`${printableLine(ref.name)} (version ${version.versionNumber})`, () => {
      for (const { name, failures, rendering } of samples)
        it(printableLine(name), () => {
          if (failures.length > 0) throw failed(failures, rendering);
        });
    });
  }
}

function failed(failures: readonly string[], rendering: unknown): AssertionError {
  const text = typeof rendering === "string" ? rendering : JSON.stringify(rendering, null, 2);
  const lines = rendering === undefined ? failures : [...failures, "", "It renders to:", text];
  return new AssertionError({ message: lines.join("\n"), operator: "describePrompts" });
}
