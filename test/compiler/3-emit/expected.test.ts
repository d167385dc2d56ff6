// What is emitted, as files to read in a review: expected/<case>/prompt.json is a prompt, and next to it are forms of its
// module, which vitest --update writes. For another form, add an empty file with its name.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitHotModule, emitLiveModule, emitModule } from "../../../src/compiler/3-emit/emit-module.ts";
import { emitModuleTypes } from "../../../src/compiler/3-emit/types/emit-module-types.ts";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt, PromptSource } from "../../../src/compiler/compiled-prompt.ts";
import type { JsonObject, PromptContent } from "../../../src/prompt.ts";
import { promptSource } from "../prompts.ts";

const EXPECTED = join(import.meta.dirname, "expected");

/** A case's prompt.json. */
interface Case {
  readonly name: string;
  readonly content: PromptContent;
  readonly metadata?: JsonObject;
  readonly syntax?: "scope" | "mustache";
  readonly variables?: PromptSource["variables"];
}

const helper = "./scope-runtime.js";
const live = { helper, client: "./live.js", config: "./live-config.js" };

/** Every form of a module, by file name. */
const FORMS: Readonly<Record<string, (compiled: CompiledPrompt) => string>> = {
  "module.js": (compiled) => emitModule(compiled, { development: false, helper }),
  "module.d.ts": (compiled) => emitModuleTypes(compiled, { declares: true }),
  "development.js": (compiled) => emitModule(compiled, { development: true, helper }),
  "hot-vite.js": (compiled) => emitHotModule(compiled, { helper }),
  "live.js": (compiled) => emitLiveModule(compiled, { development: false, ...live }),
};

const cases = await readdir(EXPECTED);

async function readCase(name: string): Promise<Case> {
  return JSON.parse(await readFile(join(EXPECTED, name, "prompt.json"), "utf8"));
}

describe.each(cases)("the prompt of expected/%s", async (name) => {
  const { content, ...options } = await readCase(name);
  const compiled = compilePrompt(promptSource(content, options));
  const files = (await readdir(join(EXPECTED, name))).filter((file) => file !== "prompt.json");

  it.each(files)("is emitted as its %s", async (file) => {
    await expect(FORMS[file]?.(compiled)).toMatchFileSnapshot(join(EXPECTED, name, file));
  });
});
