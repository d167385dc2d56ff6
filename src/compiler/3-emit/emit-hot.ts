import { createHash } from "node:crypto";
import moduleTemplate from "../../../templates/module-hot.mustache?raw";
import type { CompiledPrompt } from "../compiled-prompt.ts";
import { fillTemplate, type ModuleOptions, moduleView } from "./emit-module.ts";
import { stringLiteral } from "./escape-js.ts";

/** Frameworks whose components update through their own reactivity, and keep their state that way. */
export type FrameworkName = "vue" | "svelte";

/** A page whose modules Vite's dev server replaces while it runs. */
export interface HotTarget {
  /** Those that the project uses, sorted. */
  readonly frameworks: readonly FrameworkName[];
}

export interface HotModuleOptions extends Omit<ModuleOptions, "development"> {
  readonly target: HotTarget;
}

/** The parts of `runtime/hot` that have to be next to a module, each as `hot-vite.js`. */
export function hotParts({ frameworks }: HotTarget): readonly string[] {
  return ["vite", ...frameworks].map((part) => `hot-${part}`);
}

const NAMES =
  "render, content, variables, outputSchema, output, metadata, getMetadata, name, label, promptId, versionId, versionNumber, type, attributes";

/**
 * The code of a prompt's module for a page that a dev server updates: the exports of `emitModule`, each a binding that
 * a later version of the module sets again.
 *
 * @example emitHotModule(compiled, { target, helper: "./helper.js" })
 */
export function emitHotModule(compiled: CompiledPrompt, { target, ...options }: HotModuleOptions): string {
  const view = moduleView(compiled, { development: true, ...options });
  return fillTemplate(moduleTemplate, {
    ...view,
    frameworks: target.frameworks,
    frameworkList: target.frameworks.join(", "),
    names: NAMES,
    stamp: stringLiteral(stampOf(view)),
  });
}

/** Identifies one text of a module, partials included: a page uses it to notice that it runs the same again. */
function stampOf(view: object): string {
  return createHash("sha256").update(JSON.stringify(view)).digest("base64url").slice(0, 16);
}
