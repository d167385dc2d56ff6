import type { HotTarget } from "../../compiler/3-emit/emit-hot.ts";
import { withCurrent } from "../../compiler/3-emit/emit-live.ts";
import { emitHelper, emitModule, emitOutputHelper, OUTPUT_FILE } from "../../compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { HELPER_FILE, moduleName } from "../../project/module-names.ts";
import type { ModuleFolder, ModuleStore } from "../../project/module-store.ts";
import { writeHotModule } from "./dev-modules.ts";
import { writeLiveModule } from "./live-modules.ts";
import type { CompiledModule } from "./modules.ts";

export interface ModuleWriterOptions {
  readonly options: ResolvedOptions;
  readonly store: ModuleStore;
  /** Development modules: warnings for unknown variables, frozen metadata. */
  readonly development: boolean;
  /** A dev server runs the modules itself and reloads them when they change. Default false. */
  readonly reloadsModules?: boolean | undefined;
}

/** Import paths of the files that modules share. */
export interface Helpers {
  readonly helper: string;
  /** Only for versions with a schema. */
  readonly outputHelper: string | undefined;
}

/**
 * Writes compiled prompts as module files, in the requested form, with the files in the same folder that they import.
 */
export class ModuleWriter {
  readonly #options: ModuleWriterOptions;
  /** With the output helper, and without. */
  readonly #helpers = new Map<boolean, Promise<Helpers>>();

  constructor(options: ModuleWriterOptions) {
    this.#options = options;
  }

  /** @returns the absolute path */
  async write(
    { request, compiled, own }: Pick<CompiledModule, "request" | "compiled" | "own">,
    hot: HotTarget | undefined,
  ): Promise<string> {
    const { store, development, options, reloadsModules } = this.#options;
    const base = moduleName(request);
    const isLeftAlone = options.isTestRun || options.live === false || reloadsModules === true;
    if (request.live && !(development && isLeftAlone)) {
      // It polls for its own label by itself.
      return writeLiveModule(store, base, own, { options, development, ...(await this.helpers(own)) });
    }
    const helpers = await this.helpers(compiled);
    if (hot !== undefined) return writeHotModule(store, base, compiled, hot, helpers, request.live);
    const code = emitModule(compiled, { development, ...helpers });
    return store.write(`${base}.js`, request.live ? withCurrent(code) : code);
  }

  /** The files that a prompt's module imports, written when they are first needed. */
  helpers(compiled: CompiledPrompt): Promise<Helpers> {
    const { store, development } = this.#options;
    const hasOutput = compiled.output !== undefined;
    const known = this.#helpers.get(hasOutput) ?? writeHelpers(store, compiled, { development });
    this.#helpers.set(hasOutput, known);
    return known;
  }
}

/**
 * Writes the files that a prompt's module imports.
 *
 * @param prefix part of their names. Default none
 */
export async function writeHelpers(
  folder: ModuleFolder,
  { output }: CompiledPrompt,
  { development, prefix = "" }: { readonly development: boolean; readonly prefix?: string },
): Promise<Helpers> {
  const add = async (name: string, code: string) =>
    folder.importPath(await folder.write(prefix + name, code));
  const helper = await add(HELPER_FILE, emitHelper({ development }));
  return { helper, outputHelper: output && (await add(OUTPUT_FILE, emitOutputHelper())) };
}

/** Code that makes an import. It re-exports: if nobody uses a module without side effects, bundlers skip it. */
export function passOn(specifier: string): string {
  const from = `from ${JSON.stringify(specifier)};\n`;
  return `export * ${from}export { default } ${from}`;
}
