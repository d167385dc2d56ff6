import { basename } from "node:path";
import type { HotTarget } from "../../compiler/3-emit/emit-hot.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import { sourcesOf } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import { moduleName } from "../../project/module-names.ts";
import type { ChosenVersion } from "../../project/versions/version-chooser.ts";
import type { ResolvedVersion } from "../../project/versions/version-resolver.ts";
import type { PromptRef } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import { hotForm } from "./dev-modules.ts";
import { ModuleWriter, type ModuleWriterOptions, passOn } from "./module-writer.ts";

/** What one import asks for, compiled. */
export interface CompiledModule extends Omit<ChosenVersion, "version" | "before"> {
  readonly request: ResolvedImport;
  readonly resolved: ResolvedVersion;
  /** What a build reports about it, other than what the compiler found. */
  readonly warnings: readonly string[];
}

/** With the files that it was written to, by form; `""` is the ordinary one. */
interface Made extends CompiledModule {
  readonly files: Map<string, Promise<string>>;
}

/** A module whose current version, or its preview, can't be served. */
export interface BrokenModule {
  readonly request: ResolvedImport;
  readonly error: unknown;
  /** The module of another version is served. */
  readonly isServed: boolean;
}

export interface ModulesOptions extends ModuleWriterOptions {
  /** Finds the version of a request and compiles it. */
  readonly compile: (request: ResolvedImport) => Promise<CompiledModule>;
}

/** The modules of a run: each request is compiled once, and written in the requested forms. */
export class Modules {
  readonly #options: ModulesOptions;
  readonly #writer: ModuleWriter;
  readonly #made = new Map<string, Promise<Made>>();
  /**
   * The prompt of each module name: the digest in a long name is short enough that somebody could find a second name
   * for it.
   */
  readonly #owners = new Map<string, PromptRef>();
  /** By module name, the forms that were asked for: each version is written in all of them. */
  readonly #forms = new Map<string, Map<string, HotTarget | undefined>>();
  /** In development, by module name: what is served. */
  readonly #served = new Map<string, Made>();
  /** In development: what a new version may fix. */
  readonly #broken = new Map<string, BrokenModule>();

  constructor(options: ModulesOptions) {
    this.#options = options;
    this.#writer = new ModuleWriter(options);
  }

  /** Compiles a request, unless that has already been done. */
  make(request: ResolvedImport): Promise<Made> {
    const name = moduleName(request);
    const owner = this.#owners.get(name) ?? request.ref;
    if (refKey(owner) !== refKey(request.ref)) return Promise.reject(sameFile(request.ref, owner));
    this.#owners.set(name, owner);
    let module = this.#made.get(name);
    if (module === undefined) {
      module = this.#make(request);
      this.#made.set(name, module);
      // A running server asks again on the next import, and on the next version: the problem may be fixed by then.
      if (this.#options.development) this.#watch(name, request, module);
    }
    return module;
  }

  /** The module's file in one form (ordinary without `hot`), written when it's first needed. */
  async file(request: ResolvedImport, hot?: HotTarget): Promise<string> {
    for (;;) {
      const module = this.make(request);
      const made = await module;
      // A newer version may have replaced it. From now on only that one's forms are written.
      if (module === this.make(request)) return this.#write(made, hot);
    }
  }

  /**
   * The file of a module that can't be made yet, with code that asks for the same prompt again. For bundlers that treat
   * a failed import as final: they read the file again once the module exists.
   *
   * @returns undefined if something else is wrong
   */
  async placeholder(
    request: ResolvedImport,
    specifier: string,
    hot?: HotTarget,
  ): Promise<string | undefined> {
    const name = moduleName(request);
    if (this.#broken.get(name)?.isServed !== false) return undefined;
    this.#formsOf(name).set(formKey(hot), hot);
    const form = hot === undefined ? "" : `+${hotForm(hot)}`;
    return this.#options.store.write(`${name}${form}.js`, passOn(specifier));
  }

  /** The files that a module imports from its folder, by name. */
  async helpersOf({ compiled }: CompiledModule): Promise<readonly string[]> {
    const { helper, outputHelper } = await this.#writer.helpers(compiled);
    return [helper, outputHelper].flatMap((path) => (path === undefined ? [] : basename(path)));
  }

  /** Every module so far, once no work is in progress. */
  outcomes(): Promise<readonly PromiseSettledResult<CompiledModule>[]> {
    return Promise.allSettled(this.#made.values());
  }

  /** What was made for these requests. */
  async madeOf(requests: readonly ResolvedImport[]): Promise<readonly CompiledModule[]> {
    const names = new Set(requests.map(moduleName));
    const outcomes = await Promise.allSettled([...names].map((name) => this.#made.get(name)));
    return outcomes.flatMap((result) =>
      result.status === "fulfilled" && result.value ? [result.value] : [],
    );
  }

  /** The modules whose current version can't be made, in development. */
  get broken(): readonly BrokenModule[] {
    return [...this.#broken.values()];
  }

  /** In development: the modules that are served. */
  get served(): readonly CompiledModule[] {
    return [...this.#served.values()];
  }

  /** In development: the names of the modules that contain a prompt, or may contain it once they can be made. */
  holders(ref: PromptRef): readonly string[] {
    const keys = new Set([refKey(ref)]);
    const holding = this.#holding(keys);
    // What else a module that can't be made needs isn't known until it can be.
    const broken = [...this.#broken].filter(
      ([, { request }]) => holding.length === 0 || keys.has(refKey(request.ref)),
    );
    return [...holding, ...broken.map(([name]) => name)];
  }

  /**
   * Makes modules again after the versions of prompts changed: the prompts' own, those that include them as a partial,
   * and those that couldn't be made before. Bundlers watch the files. If a version can't be made, the last good module
   * stays.
   *
   * @param isImported modules that nobody imports aren't tried again
   * @returns those that were made, and whether one of them couldn't be made at all before
   */
  async refresh(
    refs: readonly PromptRef[],
    isImported: (name: string) => boolean = () => true,
  ): Promise<{ readonly made: readonly CompiledModule[]; readonly hasRecovered: boolean }> {
    // One that is being made may have the version before.
    await this.outcomes();
    const broken = [...this.#broken.keys()].filter(isImported);
    const names = new Set([...broken, ...this.#holding(new Set(refs.map(refKey)))]);
    const missing = new Set(broken.filter((name) => !this.#served.has(name)));
    const remade = await Promise.all([...names].map((name) => this.#remake(name, this.#served.get(name))));
    const made = remade.filter((module) => module !== undefined);
    return { made, hasRecovered: made.some(({ request }) => missing.has(moduleName(request))) };
  }

  /** The served modules that contain one of these prompts. */
  #holding(keys: ReadonlySet<string>): readonly string[] {
    return [...this.#served].flatMap(([name, { compiled, own }]) =>
      [compiled, own].flatMap(({ source }) => sourcesOf(source)).some(({ ref }) => keys.has(refKey(ref)))
        ? name
        : [],
    );
  }

  #watch(name: string, request: ResolvedImport, module: Promise<Made>): void {
    module.then(
      (made) => this.#isMade(name, made),
      (error) => {
        this.#made.delete(name);
        this.#broken.set(name, { request, error, isServed: false });
      },
    );
  }

  #isMade(name: string, made: Made): void {
    const { request, problem } = made;
    if (problem === undefined) this.#broken.delete(name);
    else this.#broken.set(name, { request, error: problem, isServed: true });
    this.#served.set(name, made);
  }

  async #make(request: ResolvedImport): Promise<Made> {
    return { ...(await this.#options.compile(request)), files: new Map() };
  }

  async #remake(name: string, before: Made | undefined): Promise<CompiledModule | undefined> {
    const request = before?.request ?? this.#broken.get(name)?.request;
    if (request === undefined) return undefined;
    try {
      const made = await this.#make(request);
      // Others may be requested while these are written.
      const forms = this.#formsOf(name);
      while (made.files.size < forms.size)
        await Promise.all([...forms.values()].map((hot) => this.#replace(made, hot, before)));
      this.#made.set(name, Promise.resolve(made));
      this.#isMade(name, made);
      return made;
    } catch (error) {
      this.#broken.set(name, { request, error, isServed: before !== undefined });
      return undefined;
    }
  }

  #formsOf(name: string): Map<string, HotTarget | undefined> {
    const forms = this.#forms.get(name) ?? new Map<string, HotTarget | undefined>();
    this.#forms.set(name, forms);
    return forms;
  }

  async #replace(made: Made, hot: HotTarget | undefined, before: Made | undefined): Promise<void> {
    // Otherwise a file that is still being written could overwrite the new one.
    await Promise.allSettled([before?.files.get(formKey(hot))]);
    await this.#write(made, hot);
  }

  #write(made: Made, hot: HotTarget | undefined): Promise<string> {
    const { request, files } = made;
    const form = formKey(hot);
    const file = files.get(form) ?? this.#writer.write(made, hot);
    files.set(form, file);
    this.#formsOf(moduleName(request)).set(form, hot);
    return file;
  }
}

function formKey(hot: HotTarget | undefined): string {
  return hot === undefined ? "" : hotForm(hot);
}

function sameFile({ name }: PromptRef, other: PromptRef): ConfigurationError {
  return new ConfigurationError("Two prompts have long names that result in the same file name.", {
    code: "name_invalid",
    where: { prompt: name },
    hint: `Rename one of them on the platform; the other is ${other.name}`,
  });
}
