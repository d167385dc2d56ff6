import { dirname, join } from "node:path";
import type { HotTarget } from "../compiler/emit-hot.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { ScopeErrors } from "../errors/classes.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { refText } from "../prompt.ts";
import { snapshotFile } from "../snapshot/store.ts";
import type { AnswerProvider } from "./answers.ts";
import { findStaleTypes, writeManifest } from "./build-end.ts";
import { clientBundleRefused } from "./client-bundle.ts";
import { sourcesOf } from "./compile-request.ts";
import { usableTarget } from "./dev-modules.ts";
import { importPlace } from "./import-place.ts";
import { liveInBrowser } from "./live-in-browser.ts";
import { manifestPrompt } from "./manifest.ts";
import type { ModuleStore } from "./module-store.ts";
import { type CompiledModule, HELPER_FILE, Modules, moduleName } from "./modules.ts";
import { diagnosticText, type Reporter, RunReport, statusWarnings } from "./run-report.ts";
import { keySpecifier } from "./types-file.ts";
import { VersionChooser } from "./version-chooser.ts";
import type { WarmModule, WarmModules } from "./warm-modules.ts";

export interface BuildOptions {
  readonly options: ResolvedOptions;
  readonly answers: AnswerProvider;
  readonly store: ModuleStore;
  readonly reporter: Reporter;
  /** Development modules: warnings for unknown variables, frozen metadata. */
  readonly development: boolean;
  /** A dev server runs the modules itself and loads them anew when they change. Default false. */
  readonly reloadsModules?: boolean | undefined;
  /**
   * A session's: told of each specifier when its module is given for the first time. A session tells of each new
   * version as it comes; the end of a build then does not. Default none.
   */
  readonly onImport?: ((specifier: string) => void) | undefined;
  /** Write the manifest and check the types at the end: production builds do, dev and test runs do not. */
  readonly reportsAtEnd: boolean;
  /** What earlier builds from the snapshot remember; undefined where the platform is asked. */
  readonly warm?: WarmModules | undefined;
}

/** Where an import stands. */
export interface ImportPlace {
  /** Path of the importing file. */
  readonly importer?: string | undefined;
  /** The files from the importing one to the entry, as far as the bundler knows them. */
  readonly importChain?: (() => readonly string[] | Promise<readonly string[]>) | undefined;
  /** The bundle is for browsers. */
  readonly browser?: boolean;
  /** The dev server that replaces the module in a running page; undefined: nobody does. */
  readonly hot?: HotTarget | undefined;
}

/**
 * One run of a build: specifiers in, module files out. Knows no bundler; every compiler and environment of a
 * command shares one.
 */
export class Build {
  readonly options: ResolvedOptions;
  readonly #given: BuildOptions;
  readonly modules: Modules;
  /** What imports asked for, by specifier as spelled. */
  readonly #met = new Map<string, ResolvedImport>();
  /** Modules taken from an earlier build, by name. */
  readonly #warm = new Map<string, WarmModule>();
  readonly #versions: VersionChooser;
  readonly #inBrowser = new Set<string>();
  readonly #report: RunReport;

  constructor(given: BuildOptions) {
    this.options = given.options;
    this.#given = given;
    this.#report = new RunReport(given.reporter);
    this.#versions = new VersionChooser({ ...given, warn: (text) => this.#report.warn(text) });
    this.modules = new Modules({ ...given, compile: (request) => this.#compile(request) });
  }

  /**
   * The module of a `scope:` import. Two spellings of one import are one module, fetched once.
   *
   * @throws ScopeError for a specifier that cannot be read, a prompt that cannot be had, a template that does
   * not compile, a contract that changed under the policy `error`
   */
  async module(specifier: string, place: ImportPlace = {}): Promise<string> {
    const { importer, browser, hot } = place;
    try {
      const request = resolveSpecifier(specifier, this.options);
      const { target, root } = this.options;
      const isBrowser = target === undefined ? browser : target === "browser";
      if (isBrowser && request.live) throw liveInBrowser(request, (await place.importChain?.()) ?? [], root);
      if (importer) this.#versions.addImporter(request.ref, importer);
      const isNew = !this.#met.has(specifier);
      this.#met.set(specifier, request);
      const file =
        this.#findWarm(request) ?? (await this.modules.file(request, hot && usableTarget(hot, root)));
      if (importer) await this.#versions.checkReader(request.ref, importer);
      if (isBrowser) await this.#enterBrowser(request);
      if (isNew) this.#given.onImport?.(specifier);
      return file;
    } catch (error) {
      if (isScopeError(error) && importer) error.locate(await importPlace(importer, specifier));
      throw error;
    }
  }

  /** A file in the place of a module that {@link module} could not give; see {@link Modules.standIn}. */
  standIn(specifier: string, hot: HotTarget | undefined): Promise<string | undefined> {
    const request = resolveSpecifier(specifier, this.options);
    return this.modules.standIn(request, specifier, hot && usableTarget(hot, this.options.root));
  }

  /** What a `scope:` import asks for, compiled and not written. Throws what {@link module} throws. */
  async compiled(specifier: string): Promise<CompiledModule> {
    return this.modules.make(resolveSpecifier(specifier, this.options));
  }

  /** Starts on every configured prompt at once. Failures wait for the import that needs the prompt, or for {@link failures}. */
  prefetch(): void {
    for (const key of this.options.prompts.keys()) {
      const request = resolveSpecifier(keySpecifier(key), this.options);
      if (this.#findWarm(request) === undefined) this.modules.make(request).catch(() => {});
    }
  }

  /** Waits for all that is under way; gives every failure so far, each once, sorted by message. */
  async failures(): Promise<readonly unknown[]> {
    const settled = await this.modules.settled();
    const reasons = new Set(
      settled.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])),
    );
    return [...reasons].sort((a, b) => (String(a) < String(b) ? -1 : 1));
  }

  /** The failure that an import ran into, with every other failure of the run beside it. */
  async withAllFailures(error: unknown): Promise<unknown> {
    const all = new Set([error, ...(await this.failures())]);
    if (all.size === 1) return error;
    return new ScopeErrors(`${all.size} prompts cannot be built.`, {
      code: "several_errors",
      errors: [...all],
    });
  }

  /** Ends the run: reports differences, stale prompts and stale types once, writes the manifest. */
  async finish(): Promise<void> {
    const { answers, development, onImport, reportsAtEnd, warm } = this.#given;
    const met = [...this.#met.values()];
    const made = await this.modules.madeOf(met);
    if (onImport === undefined)
      for (const { request } of made) this.#report.decision(this.#versions.decision(request.ref));
    this.#report.stale(answers.stale, answers.outage);
    this.#report.inBrowser(this.#inBrowser);
    if (development) return;
    const warmOnes = met.flatMap((request) => this.#warm.get(moduleName(request)) ?? []);
    const served = [...warmOnes, ...(await Promise.all(made.map((module) => this.#describe(module))))];
    for (const { warnings } of served) for (const warning of warnings) this.#report.warn(warning);
    if (!reportsAtEnd) return;
    await writeManifest(this.#given.store, served);
    const staleTypes = await findStaleTypes(this.options, this.#met.keys(), warm);
    if (staleTypes !== undefined) this.#report.warn(staleTypes);
    if (met.length > 0 && (await this.#given.store.inRoot()) !== undefined) await warm?.save();
  }

  /** The module of an earlier build, where nothing it was made of has changed. */
  #findWarm(request: ResolvedImport): string | undefined {
    const name = moduleName(request);
    const warm = this.#warm.get(name) ?? this.#given.warm?.find(name);
    if (warm !== undefined) this.#warm.set(name, warm);
    return warm?.file;
  }

  /** What the end of a build says of a module, remembered for the next one where that may use it. */
  async #describe({ request, compiled }: CompiledModule): Promise<WarmModule> {
    const { snapshotDir, connection } = this.options;
    const file = await this.modules.file(request);
    const sources = sourcesOf(compiled.source);
    const parts = await Promise.all(
      sources.map(async ({ ref, version }) => ({ ...(await this.#given.answers.answer(ref)), version })),
    );
    for (const partial of parts.slice(1)) this.#report.partial(partial, request.ref);
    const described = {
      file,
      inputs: [join(dirname(file), HELPER_FILE), ...sources.map(({ ref }) => snapshotFile(snapshotDir, ref))],
      manifest: parts.map(manifestPrompt),
      warnings: [
        ...compiled.diagnostics.map(diagnosticText),
        ...parts.flatMap((part) => statusWarnings(part, connection.environment)),
      ],
    };
    // A live module needs more files than its own, and what they hold depends on more than the snapshot.
    if (!request.live) this.#given.warm?.keep(moduleName(request), described);
    return described;
  }

  /** @throws ConfigurationError `client_bundle_refused` under `clientBundle: "error"` */
  async #enterBrowser(request: ResolvedImport): Promise<void> {
    if (this.options.clientBundle === "allow") return;
    const prompts = await this.#textsOf(request);
    if (this.options.clientBundle === "error") throw clientBundleRefused(prompts);
    for (const prompt of prompts) this.#inBrowser.add(prompt);
  }

  /** The prompts whose text a module holds: its own first, then what that includes. */
  async #textsOf(request: ResolvedImport): Promise<readonly [string, ...string[]]> {
    const own = refText(request.ref);
    const warm = this.#warm.get(moduleName(request));
    if (warm !== undefined)
      return [
        own,
        ...warm.manifest.slice(1).map(({ name, ...pin }) => `${name}@${pin.label ?? pin.versionId}`),
      ];
    const { compiled } = await this.modules.make(request);
    return [
      own,
      ...sourcesOf(compiled.source)
        .slice(1)
        .map(({ ref }) => refText(ref)),
    ];
  }

  async #compile(request: ResolvedImport): Promise<CompiledModule> {
    const answer = await this.#given.answers.answer(request.ref);
    const { compiled, version } = await this.#versions.choose(request, answer);
    return { request, answer: { ...answer, version }, compiled };
  }
}
