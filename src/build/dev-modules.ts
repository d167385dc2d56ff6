import { createRequire } from "node:module";
import { join } from "node:path";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { emitHotHelper, emitHotModule, type HotTarget } from "../compiler/emit-hot.ts";
import { withCurrent } from "../compiler/emit-live.ts";
import type { ModuleStore } from "./module-store.ts";

/**
 * Writes the module of a prompt for a page that a dev server updates, beside the ordinary one and with its helper.
 *
 * @param base name of the ordinary module's file, without its ending
 * @param helper name of the helper file that both import
 * @param isLive with the export that live prompts have besides
 * @returns the absolute path
 */
export async function writeHotModule(
  store: ModuleStore,
  base: string,
  compiled: CompiledPrompt,
  target: HotTarget,
  helper: string,
  isLive: boolean,
): Promise<string> {
  const form = hotForm(target);
  const hotHelper = `hot-${form}.js`;
  await store.write(hotHelper, emitHotHelper(target));
  const code = emitHotModule(compiled, { target, helper: `./${helper}`, hotHelper: `./${hotHelper}` });
  return store.write(`${base}+${form}.js`, isLive ? withCurrent(code) : code);
}

/** One text per target. */
export function hotForm({ bundler, frameworks }: HotTarget): string {
  return [bundler, ...frameworks].join("-");
}

/** The target without the frameworks that a module in the root's generated folder could not import. */
export function usableTarget({ bundler, frameworks }: HotTarget, root: string): HotTarget {
  return { bundler, frameworks: frameworks.filter((framework) => isInstalled(framework, root)) };
}

function isInstalled(name: string, root: string): boolean {
  try {
    createRequire(join(root, "package.json")).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
