import { join } from "node:path";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import type { HotTarget } from "../compiler/emit-hot.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { ConfigurationError, ScopeErrors } from "../errors/classes.ts";
import { isScopeError } from "../errors/scope-error.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { refKey, refText } from "../prompt.ts";
import { writeFileIfChanged } from "../snapshot/write-file.ts";
import type { Answer, AnswerProvider } from "./answers.ts";
import { compileRequest } from "./compile-request.ts";
import { usableTarget } from "./dev-modules.ts";
import { type Judgement, judgeVersion } from "./judge-version.ts";
import { formatManifest } from "./manifest.ts";
import type { ModuleStore } from "./module-store.ts";
import { type BrokenModule, type CompiledModule, Modules } from "./modules.ts";
import { diagnosticText, type Reporter, RunReport } from "./run-report.ts";
import { keySpecifier, makeTypes, type Types, typesCover } from "./types-file.ts";

export interface BuildOptions {
  readonly options: ResolvedOptions;
  readonly answers: AnswerProvider;
  readonly store: ModuleStore;
  readonly reporter: Reporter;
  /** Development modules: warnings for unknown variables, frozen metadata. */
  readonly development: boolean;
  /** Write the manifest and check the types at the end: production builds do, dev and test runs do not. */
  readonly reportsAtEnd: boolean;
}

/** A `scope:` import, served: the file that holds its module, and what it was made of. */
export interface BuiltModule extends CompiledModule {
  /** Absolute path of the generated module. */
  readonly file: string;
}

/** Where an import stands. */
export interface ImportPlace {
  /** Path of the importing file. */
  readonly importer?: string | undefined;
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
  readonly #modules: Modules;
  /** Specifiers as spelled that an import asked for. */
  readonly #met = new Set<string>();
  readonly #judgements = new Map<string, Judgement>();
  readonly #inBrowser = new Set<string>();
  readonly #report: RunReport;

  constructor(given: BuildOptions) {
    this.options = given.options;
    this.#given = given;
    this.#report = new RunReport(given.reporter);
    this.#modules = new Modules({ ...given, compile: (request) => this.#compile(request) });
  }

  /**
   * The module of a `scope:` import. Two spellings of one import are one module, fetched once.
   *
   * @throws ScopeError for a specifier that cannot be read, a prompt that cannot be had, a template that does
   * not compile, a contract that changed under the policy `error`
   */
  async module(specifier: string, { importer, browser, hot }: ImportPlace = {}): Promise<BuiltModule> {
    try {
      const request = resolveSpecifier(specifier, this.options);
      this.#met.add(specifier);
      const made = await this.#modules.make(request);
      const file = await this.#modules.file(request, hot && usableTarget(hot, this.options.root));
      if (browser && this.options.target !== "server") this.#enterBrowser(request);
      return { ...made, file };
    } catch (error) {
      if (isScopeError(error) && importer) error.locate({ importedBy: importer });
      throw error;
    }
  }

  /** Makes the modules of prompts anew whose versions changed; see {@link Modules.refresh}. */
  refresh(refs: readonly PromptRef[]): Promise<readonly CompiledModule[]> {
    return this.#modules.refresh(refs);
  }

  /** The modules whose present version cannot be made, in development. */
  get broken(): readonly BrokenModule[] {
    return this.#modules.broken;
  }

  /** Starts on every configured prompt at once. Failures wait for the import that needs the prompt, or for {@link failures}. */
  prefetch(): void {
    for (const key of this.options.prompts.keys()) {
      const request = resolveSpecifier(keySpecifier(key), this.options);
      this.#modules.make(request).catch(() => {});
    }
  }

  /** Waits for all that is under way; gives every failure so far, each once, sorted by message. */
  async failures(): Promise<readonly unknown[]> {
    const settled = await this.#modules.settled();
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
    const built = await this.#metModules();
    const { answers, development } = this.#given;
    for (const { request } of built) this.#report.judgement(this.#judgements.get(refKey(request.ref)));
    this.#report.stale(answers.stale, answers.outage);
    this.#report.inBrowser(this.#inBrowser);
    if (!development) {
      for (const { answer } of built) this.#report.status(answer, this.options.connection.environment);
    }
    if (!this.#given.reportsAtEnd) return;
    await this.#writeManifest(built);
    if (this.#met.size > 0) await this.#checkTypes();
  }

  /** @throws ConfigurationError `client_bundle_refused` under `clientBundle: "error"` */
  #enterBrowser(request: ResolvedImport): void {
    if (this.options.clientBundle === "allow") return;
    if (this.options.clientBundle === "warn") {
      this.#inBrowser.add(refText(request.ref));
      return;
    }
    throw new ConfigurationError(
      "The text of this prompt would enter a browser bundle, where anybody can read it.",
      {
        code: "client_bundle_refused",
        where: { prompt: refText(request.ref) },
        hint: 'Import it from server code only. clientBundle: "allow" permits it; target: "server" says that this bundle is no browser\'s.',
      },
    );
  }

  async #compile(request: ResolvedImport): Promise<CompiledModule> {
    const answer = await this.#given.answers.answer(request.ref);
    const { compiled, version } = await this.#choose(request, answer);
    return { request, answer: { ...answer, version }, compiled };
  }

  /** Compiles the answer, and the committed version when that is another; the contract decides between them. */
  async #choose(
    request: ResolvedImport,
    answer: Answer,
  ): Promise<{ compiled: CompiledPrompt; version: PromptVersionData }> {
    const { answers, development } = this.#given;
    const compile = (pick: (answer: Answer) => PromptVersionData) =>
      compileRequest(request, this.options, async (ref) => pick(await answers.answer(ref)));
    const compiled = await compile((answer) => answer.version);
    for (const diagnostic of compiled.diagnostics) this.#report.warn(diagnosticText(diagnostic));
    if (answer.source !== "platform" || answer.snapshot === undefined)
      return { compiled, version: answer.version };

    const committed = await compile((answer) => answer.snapshot?.version ?? answer.version);
    const policy = this.options.onContractChange ?? (development ? "warn" : "error");
    const judgement = judgeVersion(answer, compiled, committed, policy);
    this.#judgements.set(refKey(request.ref), judgement);
    return judgement.use === "fetched"
      ? { compiled, version: answer.version }
      : { compiled: committed, version: answer.snapshot.version };
  }

  #metModules(): Promise<readonly CompiledModule[]> {
    return this.#modules.madeOf([...this.#met].map((specifier) => resolveSpecifier(specifier, this.options)));
  }

  async #writeManifest(built: readonly CompiledModule[]): Promise<void> {
    const folder = await this.#given.store.inRoot();
    if (folder === undefined || built.length === 0) return;
    const answers = new Map(built.map(({ answer }) => [refKey(answer.ref), answer]));
    await writeFileIfChanged(join(folder, "manifest.json"), formatManifest(answers.values()));
  }

  async #checkTypes(): Promise<void> {
    const { options } = this.#given;
    let types: Types | undefined;
    try {
      types = await makeTypes(options, this.#met, { withKeys: false });
    } catch (error) {
      // A damaged snapshot: it was fatal where it was used and told where it was not. Anything else is news.
      if (isScopeError(error)) return;
      throw error;
    }
    if (types === undefined || (await typesCover(types))) return;
    this.#report.warn(
      `The types of scope: imports are missing or out of date (${types.file}). Run: scope-gen pull`,
    );
  }
}
