import { createRequire } from "node:module";
import { join } from "node:path";
import {
  emitHotHelper,
  emitHotModule,
  type Framework,
  type HotTarget,
} from "../../compiler/3-emit/emit-hot.ts";
import { withCurrent } from "../../compiler/3-emit/emit-live.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
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

/** The first version of each framework that has what the module needs of it. */
const NEEDED = { vue: [3, 0], svelte: [5, 7] } as const;

/** The target without the frameworks that a module in the root's generated folder could not take part in. */
export function usableTarget({ bundler, frameworks }: HotTarget, root: string): HotTarget {
  return { bundler, frameworks: frameworks.filter((framework) => isUsable(framework, root)) };
}

function isUsable(framework: Framework, root: string): boolean {
  const require = createRequire(join(root, "package.json"));
  try {
    const { version } = require(`${framework}/package.json`) as { version: string };
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const [needed, least] = NEEDED[framework];
    return major > needed || (major === needed && minor >= least);
  } catch {
    // Not installed where the generated modules could import it from.
    return false;
  }
}
