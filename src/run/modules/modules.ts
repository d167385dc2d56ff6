import { isDeepStrictEqual } from "node:util";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { diagnosticText } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { moduleName } from "../../project/module-names.ts";
import type { ModuleStore } from "../../project/module-store.ts";
import { type CompiledModule, chooseVersion } from "../../project/versions/choose-version.ts";
import type { ResolvedVersion, Source } from "../../project/versions/source.ts";
import { type PromptRef, refKey, refText } from "../../prompt.ts";
import type { Surroundings } from "../compilation.ts";
import { type ManifestPrompt, manifestPrompt } from "../manifest/outputs.ts";
import type { RunReport } from "../run-report.ts";
import { emitReExport, hotForm, writeModule } from "./write-module.ts";

interface Made extends CompiledModule {
  /** What a build reports about it, other than what the compiler found. */
  readonly warnings: readonly string[];
  /** The files that it was written to, hot or not. */
  readonly files: Map<boolean, Promise<string>>;
}

/** What a build reports about a module. */
interface DescribedModule {
  readonly manifest: ManifestPrompt;
  readonly warnings: readonly string[];
}

/** A module whose current version, or its preview, can't be served. */
export interface BrokenModule {
  readonly request: ResolvedImport;
  readonly error: unknown;
  /** The module of another version is served. */
  readonly isServed: boolean;
}

/** What a run consists of. */
export interface RunParts extends Pick<Surroundings, "development" | "reloadsModules"> {
  readonly options: ResolvedOptions;
  readonly store: ModuleStore;
  readonly source: Source;
  readonly report: RunReport;
  readonly reportsAtEnd: boolean;
}

/** The modules of a run: each request compiled once, in the requested forms. */
export class Modules {
  readonly #given: RunParts;
  readonly #made = new Map<string, Promise<Made>>();
  /** The prompt of each module name: somebody could find a second name for the short digest in a long one. */
  readonly #owners = new Map<string, PromptRef>();
  /** By module name, the forms that were asked for, hot or not: each version is written in all of them. */
  readonly #forms = new Map<string, Set<boolean>>();
  /** In development, by module name: what is served. */
  readonly #served = new Map<string, Made>();
  /** In development: what a new version may fix. */
  readonly #broken = new Map<string, BrokenModule>();

  constructor(given: RunParts) {
    this.#given = given;
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
      if (!this.#given.development) return module;
      module.then(
        (made) => this.#isMade(name, made),
        (error) => {
          // A running server asks again on the next import, and on the next version: it may be fixed by then.
          this.#made.delete(name);
          this.#broken.set(name, { request, error, isServed: false });
        },
      );
    }
    return module;
  }

  /** The module's file in one form (for Vite's page with `hot`), written when it's first needed. */
  async file(request: ResolvedImport, hot = false): Promise<string> {
    for (;;) {
      const module = this.make(request);
      const made = await module;
      // A newer version may have replaced it. From now on only that one's forms are written.
      if (module === this.make(request)) return this.#write(made, hot);
    }
  }

  /**
   * The file of a module that can't be made yet, with code that asks for the same prompt again: a bundler that treats a
   * failed import as final reads it again once the module exists. Undefined if something else is wrong.
   */
  async placeholder(request: ResolvedImport, specifier: string, hot = false): Promise<string | undefined> {
    const name = moduleName(request);
    if (this.#broken.get(name)?.isServed !== false) return undefined;
    this.#formsOf(name).add(hot);
    return this.#given.store.write(`${name}${hotForm(hot)}.js`, emitReExport(specifier));
  }

  /** Every module so far, once no work is in progress. */
  outcomes(): Promise<readonly PromiseSettledResult<CompiledModule>[]> {
    return Promise.allSettled(this.#made.values());
  }

  /** What a build reports about the modules of these imports. */
  async describe(met: readonly ResolvedImport[]): Promise<readonly DescribedModule[]> {
    const outcomes = await Promise.allSettled(
      new Set(met.map((request) => this.#made.get(moduleName(request)))),
    );
    const made = outcomes.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
    return Promise.all(made.map((module) => this.#describe(module)));
  }

  get broken(): readonly BrokenModule[] {
    return [...this.#broken.values()];
  }

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
   * Makes modules again after the versions of prompts changed: the prompts' own, and those that couldn't be made before. If a version can't be made, the last good module stays.
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
    const requests = [...names].map(
      (name) => (this.#served.get(name) ?? (this.#broken.get(name) as BrokenModule)).request,
    );
    const outcomes = await Promise.allSettled(requests.map((request) => this.#remake(request)));
    // Together: nobody must find some of them mended, and others as they were.
    const made = requests.flatMap((request, at) => {
      const [name, outcome] = [moduleName(request), outcomes[at]];
      if (outcome?.status === "fulfilled") {
        this.#isMade(name, outcome.value);
        return outcome.value;
      }
      const isServed = this.#served.has(name);
      this.#broken.set(name, { request, error: outcome?.reason, isServed });
      return [];
    });
    return { made, hasRecovered: made.some(({ request }) => missing.has(moduleName(request))) };
  }

  /** The served modules that contain one of these prompts. */
  #holding(keys: ReadonlySet<string>): readonly string[] {
    return [...this.#served].flatMap(([name, { request }]) => (keys.has(refKey(request.ref)) ? name : []));
  }

  #isMade(name: string, made: Made): void {
    const { request, problem } = made;
    if (problem === undefined) this.#broken.delete(name);
    else this.#broken.set(name, { request, error: problem, isServed: true });
    this.#served.set(name, made);
  }

  async #make(request: ResolvedImport): Promise<Made> {
    const { options, reportsAtEnd, report } = this.#given;
    const chosen = await chooseVersion(request, this.#given, (text) => report.warn(text));
    const warnings = reportsAtEnd ? await budgetWarnings(options, request, chosen.compiled) : [];
    return { ...chosen, warnings, files: new Map() };
  }

  async #remake(request: ResolvedImport): Promise<Made> {
    const name = moduleName(request);
    const before = this.#served.get(name);
    const now = await this.#make(request);
    // Another server of this folder may have written a newer module: a problem is no reason to write this one again.
    const inputs = ({ compiled }: Made) => compiled.source.version;
    const isNewsOnly = now.problem !== undefined && before && isDeepStrictEqual(inputs(now), inputs(before));
    const made = isNewsOnly ? { ...now, files: before.files } : now;
    // Others may be requested while these are written.
    const forms = this.#formsOf(name);
    while (made.files.size < forms.size)
      await Promise.all(
        [...forms].map(async (hot) => {
          // Otherwise a file that is still being written could overwrite the new one.
          await Promise.allSettled([before?.files.get(hot)]);
          await this.#write(made, hot);
        }),
      );
    this.#made.set(name, Promise.resolve(made));
    return made;
  }

  #formsOf(name: string): Set<boolean> {
    const forms = this.#forms.get(name) ?? new Set<boolean>();
    this.#forms.set(name, forms);
    return forms;
  }

  #write(made: Made, hot: boolean): Promise<string> {
    const { request, files } = made;
    const file = files.get(hot) ?? writeModule(this.#given, made, hot);
    files.set(hot, file);
    this.#formsOf(moduleName(request)).add(hot);
    return file;
  }

  async #describe({ request, compiled, warnings }: Made): Promise<DescribedModule> {
    const { options, source } = this.#given;
    const used = { ...(await source.get(request.ref)), version: compiled.source.version };
    return {
      manifest: manifestPrompt(used),
      warnings: [
        ...compiled.diagnostics.map(diagnosticText),
        ...warnings,
        ...statusWarnings(used, options.connection.environment),
      ],
    };
  }
}

function sameFile({ name }: PromptRef, other: PromptRef): ConfigurationError {
  return new ConfigurationError("Two prompts have long names that result in the same file name.", {
    code: "name_invalid",
    where: { prompt: name },
    hint: `Rename one of them on the platform; the other is ${other.name}`,
  });
}

/** Compares what a build ships with its budget: a warning if it exceeds it. Without one, nothing is counted or loaded. */
async function budgetWarnings(
  options: ResolvedOptions,
  { ref, budget }: ResolvedImport,
  compiled: CompiledPrompt,
): Promise<readonly string[]> {
  if (budget === undefined) return [];
  const { countCost, overBudget } = await import("../../project/versions/prompt-cost.ts");
  const exceeded = overBudget(budget, await countCost(compiled));
  if (exceeded === undefined) return [];
  const { versionNumber } = compiled.source.version;
  const place =
    options.configFile === undefined ? "the plugin's options" : shortPath(options.configFile, options.root);
  return [`${refText(ref)}: version ${versionNumber} ${exceeded} (${place}).`];
}

/** What a production build says about a version that isn't meant for production. */
export function statusWarnings(
  { ref, version, source, environment }: ResolvedVersion,
  buildEnvironment: string,
): readonly string[] {
  const warnings: string[] = [];
  if (version.status !== "published") {
    warnings.push(
      `${printableLine(refText(ref))}: version ${version.versionNumber} is ${version.status}, not published.`,
    );
  }
  if (source !== "platform" && environment !== buildEnvironment) {
    warnings.push(
      `${printableLine(refText(ref))}: the snapshot is from the environment "${printableLine(environment)}", this build is for "${buildEnvironment}".`,
    );
  }
  return warnings;
}
