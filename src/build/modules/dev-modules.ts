import { emitHotModule, type HotTarget, hotParts } from "../../compiler/3-emit/emit-hot.ts";
import { withCurrent } from "../../compiler/3-emit/emit-live.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isOlder } from "../../project/config/package-manager.ts";
import type { ModuleStore } from "../../project/module-store.ts";
import type { Helpers } from "./module-writer.ts";
import { loadRuntimeFile } from "./runtime-file.ts";

/**
 * Writes a prompt's module for a page that a dev server updates, next to the ordinary one, with the parts of
 * `runtime/hot` that it imports.
 *
 * @param base name of the ordinary module's file, without its extension
 * @param helpers import paths of the files that both import
 * @param isLive with the additional export of live prompts
 * @returns the absolute path
 */
export async function writeHotModule(
  store: ModuleStore,
  base: string,
  compiled: CompiledPrompt,
  target: HotTarget,
  helpers: Helpers,
  isLive: boolean,
): Promise<string> {
  const form = hotForm(target);
  for (const part of hotParts(target)) {
    const comment = "Hot updates of prompts in a page, from unplugin-scope. Development only.";
    await store.write(`${part}.js`, await loadRuntimeFile(part, comment));
  }
  const code = emitHotModule(compiled, { target, ...helpers });
  return store.write(`${base}+${form}.js`, isLive ? withCurrent(code) : code);
}

/** One text per target. */
export function hotForm({ frameworks }: HotTarget): string {
  return ["vite", ...frameworks].join("-");
}

/** The first version of each framework that has what `runtime/hot` imports: `onScopeDispose`, `createSubscriber`. */
const NEEDED = { vue: [3, 2], svelte: [5, 7] } as const;

/** The target without the frameworks that a module in the root's generated folder couldn't integrate with. */
export function usableTarget({ frameworks }: HotTarget, root: string): HotTarget {
  return { frameworks: frameworks.filter((one) => isOlder(root, one, NEEDED[one]) === false) };
}
