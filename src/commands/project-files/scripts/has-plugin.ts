import { realpath } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { type SourceFile, SyntaxKind } from "ts-morph";
import { findPackage, findScript } from "../find-module.ts";
import type { TextFile } from "../first-file.ts";
import type { PluginStyle } from "../tools/tool.ts";
import { isToolModule } from "../tools/tools.ts";
import { makesConfig } from "./config-makers.ts";
import { callsOf, importedModules, usesOf } from "./imported-names.ts";
import { extendedConfigs, isNamedUnder, projectConfigs } from "./named-configs.ts";
import { callOf, parseScript } from "./parse-script.ts";

/** From the config to its imports, and on to their imports: nobody keeps plugins further away than this. */
const MAX_HOPS = 3;

/** What a config file does for its tool, and the files of the project that it takes settings from. */
export interface PluginSearch {
  readonly hasPlugin: boolean;
  /** Why it may have the plugin although we can't see it, as a sentence. */
  readonly doubt: string | undefined;
  /** Absolute paths with all links resolved: the file itself, what it imports, and so on. */
  readonly files: readonly string[];
}

/**
 * Does a config have this package's plugin: imported from its tool's entry and called, there, in a file of the project
 * that the config imports or extends, or in a package of the same workspace?
 *
 * @param file absolute
 */
export async function searchPlugin(
  file: string,
  text: string,
  entry: string,
  style: PluginStyle,
): Promise<PluginSearch> {
  const search = new Search(entry, style, basename(file).replace(/\.[^.]+$/, ""));
  const hasPlugin = await search.visit({ file: await realpath(file), text });
  return { hasPlugin, doubt: hasPlugin ? undefined : search.doubt, files: search.files };
}

class Search {
  readonly files: string[] = [];
  doubt: string | undefined;
  readonly #entry: string;
  readonly #style: PluginStyle;
  /** Name of the config, without extension: it can extend a folder with a config of that name. */
  readonly #base: string;

  constructor(entry: string, style: PluginStyle, base: string) {
    this.#entry = entry;
    this.#style = style;
    this.#base = base;
  }

  /**
   * Does a script, or one that it leads to, call the plugin?
   *
   * @param decides it's the config, or what makes the config: its source could add plugins
   */
  async visit({ file, text }: TextFile, hops = 0, decides = true): Promise<boolean> {
    if (this.files.includes(file)) return false;
    this.files.push(file);
    const script = parseScript(text);
    // What can't be read reliably gets the benefit of the doubt.
    if (script === undefined) return text.includes(this.#entry);
    if (this.#style === "modules" ? namesModule(script, this.#entry) : callsPlugin(script, this.#entry))
      return true;
    if (usesOf(script, this.#entry).length > 0) {
      this.doubt ??= `${basename(file)} hands it on, and does not call it itself.`;
    }
    if (hops === MAX_HOPS) return false;
    for (const module of importedModules(script)) {
      const makes = decides && makesConfig(script, module, this.#style);
      const found = module.startsWith(".")
        ? await findScript(file, module)
        : await this.#inPackage(file, module, makes);
      if (found !== undefined && (await this.visit(found, hops + 1, makes))) return true;
    }
    for (const name of this.#namedConfigs(script)) {
      const path = resolve(dirname(file), name);
      const found = (await findScript(file, path)) ?? (await findScript(file, join(path, this.#base)));
      if (found === undefined) this.#takesFrom(file, name);
      else if (await this.visit(found, hops + 1)) return true;
    }
    return false;
  }

  /**
   * A package is read if it could add the plugin: the workspace's own, one that depends on this one, one that makes the
   * config.
   */
  async #inPackage(file: string, module: string, makes: boolean): Promise<TextFile | undefined> {
    if (isBuiltin(module) || /^unplugin-scope(?:\/|$)/.test(module)) return undefined;
    // An Astro project's Vitest config is made from Astro's by an Astro function.
    if (isToolModule(module) && !(module === "astro/config" && this.#style === "plugins")) return undefined;
    const found = await findPackage(dirname(file), module);
    if (!makes && !found?.isLinked && !found?.needsScope) return undefined;
    const script = found === undefined ? undefined : await findScript(file, module);
    if (!found?.isLinked || script === undefined) this.#takesFrom(file, module);
    return script;
  }

  #namedConfigs(script: SourceFile): readonly string[] {
    const extended = extendedConfigs(script);
    return this.#base === "vitest.config" ? [...extended, ...projectConfigs(script)] : extended;
  }

  #takesFrom(file: string, source: string): void {
    this.doubt ??= `${basename(file)} takes settings from "${source}".`;
  }
}

/** Is an entry one of a config's `modules`, by name or imported? */
function namesModule(script: SourceFile, entry: string): boolean {
  return isNamedUnder(script, "modules", entry) || usesOf(script, entry).length > 0;
}

/** Does a script call an entry's plugin, or the raw instance's for the same tool? */
function callsPlugin(script: SourceFile, entry: string): boolean {
  const tool = entry.slice(entry.indexOf("/") + 1);
  if (callsOf(script, entry, tool === "next" ? /^withScope$/ : /^default$/).length > 0) return true;
  // `import { unplugin } from "unplugin-scope"; unplugin.vite()`
  return (
    importedModules(script).includes("unplugin-scope") &&
    script
      .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
      .some((one) => one.getName() === tool && callOf(one) !== undefined)
  );
}
