import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "../errors/classes.ts";
import { importedFrom, isScopeError } from "../errors/scope-error.ts";
import { ScopeErrors } from "../errors/scope-errors.ts";
import { digestOf } from "../files/stable-json.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { findPlace } from "../project/discovery/find-uses.ts";
import { notIncluded, outsideText } from "../project/discovery/list-sources.ts";
import { ModuleStore, type StoreSurroundings } from "../project/module-store.ts";
import type { Project } from "../project/project.ts";
import type { Reporter } from "../project/reporter.ts";
import {
  type CheckedTypes,
  refuseWrongTypes,
  staleTypes,
  typesChecker,
} from "../project/types/types-file.ts";
import type { CompiledModule } from "../project/versions/choose-version.ts";
import { PolicySource, type Source } from "../project/versions/source.ts";
import { type PromptRef, refText } from "../prompt.ts";
import { isForBrowser, type OutputPlace, Outputs } from "./manifest/outputs.ts";
import { Modules, type RunParts } from "./modules/modules.ts";
import { emitReExport } from "./modules/write-module.ts";
import { RunReport } from "./run-report.ts";

/** Facts about a run that come from its surroundings. */
export interface Surroundings extends StoreSurroundings {
  /** A dev server runs the modules itself and reloads them when they change. Default false. */
  readonly reloadsModules?: boolean | undefined;
  readonly reporter: Reporter;
  /** Compare with budgets, write the manifest, check the types. Default: in builds, not in development or test runs. */
  readonly reportsAtEnd?: boolean;
  /** For a session: where versions come from. Default: each prompt is resolved once, by the fetch policy. */
  readonly source?: Source;
  /** For a session, which reports each new version as it arrives: called when a specifier's module is first returned. */
  readonly onImport?: (specifier: string) => void;
}

/** Where an import is. */
export interface ImportPlace {
  /** Path. */
  readonly importer?: string | undefined;
  /** The bundle is for browsers. */
  readonly browser?: boolean | undefined;
  /** What enters it is known when it's finished: see `lacks` of an {@link OutputPlace}. Default false. */
  readonly reportsContent?: boolean;
  /** The dev server that replaces the module in a running page; undefined if none does. */
  readonly hot?: boolean | undefined;
}

/**
 * The compiler of one build, with the project: specifiers in, module files out. Every compiler and environment of a
 * command shares it.
 */
export class Compilation {
  readonly options: ResolvedOptions;
  readonly store: ModuleStore;
  readonly modules: Modules;
  readonly report: RunReport;
  readonly outputs: Outputs;
  readonly policy: PolicySource;
  /** The prompts whose text entered a browser bundle. */
  readonly inBrowser = new Set<string>();
  /** What imports asked for, by specifier as spelled. */
  readonly met = new Map<string, ResolvedImport>();
  readonly given: RunParts & Surroundings;
  /** A file that imports it into a bundle whose content isn't known yet, by specifier. */
  readonly #importers = new Map<string, string | undefined>();
  /** Every file with an import, absolute. */
  readonly #sources = new Set<string>();
  /** By specifier, what the types of an import are like. */
  readonly #types = new Map<string, CheckedTypes>();
  #checkTypes: ReturnType<typeof typesChecker>;
  /** Until when wrong types may still be replaced; undefined if none were. */
  #waitsUntil: number | undefined;
  #hasFailed = false;

  constructor(project: Project, surroundings: Surroundings) {
    const { options } = project;
    const { development, reporter } = surroundings;
    const { reportsAtEnd = !development && !options.isTestRun } = surroundings;
    const store = new ModuleStore(options, surroundings);
    this.options = options;
    this.store = store;
    this.report = new RunReport(reporter);
    this.policy = new PolicySource(project, reporter, { failsAtConflict: !development });
    this.outputs = new Outputs(options.root, async () => (await store.inRoot()) !== undefined);
    const { source = this.policy } = surroundings;
    this.given = { ...surroundings, source, options, store, report: this.report, reportsAtEnd };
    this.modules = new Modules(this.given);
    this.#checkTypes = typesChecker(options);
  }

  /**
   * The module of a `scope:` import. Two spellings of one import are one module, fetched once.
   *
   * @throws ScopeError for a specifier that can't be parsed, a prompt that can't be resolved, a template that doesn't
   * compile, or a contract that changed under the policy `error`
   */
  async module(specifier: string, place: ImportPlace = {}): Promise<string> {
    const { importer, hot } = place;
    try {
      const request = resolveSpecifier(specifier, this.options);
      const isBrowser = isForBrowser(place, this.options);
      if (isBrowser && request.live) throw liveInBrowser(request.ref);
      const isNew = !this.met.has(specifier);
      this.met.set(specifier, request);
      // A query names a block of a component.
      const source = importer?.replace(/\?.*$/s, "");
      if (source !== undefined && existsSync(source)) this.#sources.add(resolve(source));
      const file = await this.modules.file(request, hot);
      if (place.reportsContent) this.#importers.set(specifier, importer);
      else if (isBrowser) await this.#enterBrowser(request);
      if (isNew) this.given.onImport?.(specifier);
      await this.#examineTypes(specifier);
      return file;
    } catch (error) {
      this.fail();
      if (!isScopeError(error) || !importer) throw error;
      throw importedFrom(error, await findPlace(importer, specifier));
    }
  }

  /** Begins to fetch what an import that is likely to come asks for. */
  expect(specifier: string): void {
    try {
      this.policy.expect(resolveSpecifier(specifier, this.options).ref);
    } catch {
      // The import says what's wrong with it.
    }
  }

  /** A file to use instead of a module that {@link module} couldn't return; see {@link Modules.placeholder}. */
  placeholder(specifier: string, hot?: boolean): Promise<string | undefined> {
    return this.modules.placeholder(resolveSpecifier(specifier, this.options), specifier, hot);
  }

  /** A file with code that makes the same import again, whatever was wrong with it. One per importer. */
  refusal(specifier: string, importer: string): Promise<string> {
    const digest = digestOf(JSON.stringify([specifier, importer]));
    return this.store.write(`refused-${digest.slice(0, 16)}.js`, emitReExport(specifier));
  }

  /** What a `scope:` import asks for, compiled but not written. Throws what {@link module} throws. */
  async compiled(specifier: string): Promise<CompiledModule> {
    return this.modules.make(resolveSpecifier(specifier, this.options));
  }

  /** The failure of one import, together with every other failure of the run, sorted by message. */
  async withAllFailures(error: unknown): Promise<unknown> {
    const outcomes = await this.modules.outcomes();
    const failures = outcomes.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    failures.sort((a, b) => (String(a) < String(b) ? -1 : 1));
    const all = new Map<unknown, unknown>();
    // If several imports of a prompt fail, for example live and not live, the first failure is enough.
    for (const one of [error, ...failures]) if (!all.has(failureKey(one))) all.set(failureKey(one), one);
    if (all.size === 1) return error;
    const errors = [...all.values()];
    const prompts = new Set(errors.map((one) => (isScopeError(one) ? (one.where?.prompt ?? one) : one)));
    return new ScopeErrors(`${prompts.size} ${prompts.size === 1 ? "prompt" : "prompts"} can't be built.`, {
      code: "several_errors",
      errors,
    });
  }

  /** The bundler reports that it produces nothing from this run, so nothing ships. */
  fail(): void {
    this.#hasFailed = true;
  }

  /**
   * Writes into the manifest that an output contains the prompts of these specifiers, also after the run has ended. One
   * for browsers that says what it contains is held to `clientBundle`.
   *
   * @param specifiers default: all that were imported
   * @returns the text of the manifest next to the output, if the config asks for one
   * @throws ConfigurationError `client_bundle_refused`
   */
  async recordOutput(
    place: OutputPlace,
    specifiers: Iterable<string> = this.met.keys(),
  ): Promise<string | undefined> {
    const requests = await this.#inOutput(place, [...specifiers]);
    if (place.lacks) this.report.inBrowser(this.inBrowser);
    if (!this.given.reportsAtEnd) return undefined;
    const described = await this.modules.describe(requests);
    await this.outputs.record(
      place,
      described.map(({ manifest }) => manifest),
      await notIncluded(this.options, this.#sources),
    );
    return this.options.manifest ? this.outputs.textBeside(place) : undefined;
  }

  /** Of what these specifiers asked for, what an output has code of. */
  async #inOutput({ lacks, browser }: OutputPlace, specifiers: readonly string[]) {
    const requests: ResolvedImport[] = [];
    for (const specifier of specifiers) {
      const request = this.met.get(specifier);
      if (request === undefined || lacks?.(await this.modules.file(request))) continue;
      requests.push(request);
      // As if it was imported again, by a bundler that can't tell.
      if (lacks) await this.module(specifier, { browser, importer: this.#importers.get(specifier) });
    }
    return requests;
  }

  /**
   * Ends the run: reports differences, stale prompts and stale types once each, and the mode of a run that didn't fail.
   *
   * @param reporter of the compiler that ends it
   */
  async finish(reporter: Reporter): Promise<void> {
    const { source, onImport, development, reportsAtEnd } = this.given;
    this.report.sayTo(reporter);
    if (onImport === undefined)
      for (const made of await this.modules.outcomes())
        if (made.status === "fulfilled") this.report.decision(made.value.decision);
    this.report.stale(source);
    this.report.inBrowser(this.inBrowser);
    if (development) return;
    const described = await this.modules.describe([...this.met.values()]);
    for (const warning of described.flatMap(({ warnings }) => warnings)) this.report.warn(warning);
    const outside = reportsAtEnd ? await notIncluded(this.options, this.#sources) : [];
    if (outside.length > 0) this.report.warn(outsideText(this.options, outside));
    const stale =
      reportsAtEnd && staleTypes([...this.#types.values()].filter(({ problem }) => problem !== "differs"));
    if (stale) this.report.warn(stale.warning);
    if (!this.#hasFailed) this.report.mode(this.options.fetch);
  }

  /** In a production build, once for each import. @throws ScopeError `types_differ` */
  async #examineTypes(specifier: string): Promise<void> {
    if (!this.given.reportsAtEnd) return;
    let checked = this.#types.get(specifier) ?? (await this.#checkTypes(specifier));
    // A pull that runs at the same time writes the snapshot before the types. All imports wait for it together.
    while (checked.problem === "differs") {
      this.#waitsUntil ??= performance.now() + 2000;
      if (performance.now() > this.#waitsUntil) break;
      await sleep(200);
      this.#checkTypes = typesChecker(this.options);
      checked = await this.#checkTypes(specifier);
    }
    this.#types.set(specifier, checked);
    refuseWrongTypes(checked);
  }

  /** @throws ConfigurationError `client_bundle_refused` under `clientBundle: "error"` */
  async #enterBrowser(request: ResolvedImport): Promise<void> {
    if (request.clientBundle === "allow") return;
    const { resolved } = await this.modules.make(request);
    const prompt = refText(resolved.ref);
    if (request.clientBundle === "error") throw clientBundleRefused(prompt);
    this.inBrowser.add(prompt);
  }
}

/** The same for failures that say the same about the same prompt. */
function failureKey(error: unknown): unknown {
  return isScopeError(error) ? JSON.stringify([error.code, error.message, error.where?.prompt]) : error;
}

/** The error for a live import in a browser bundle: a refresh needs credentials, and a browser must not have any. */
function liveInBrowser(ref: PromptRef): ConfigurationError {
  return new ConfigurationError(
    "A browser bundle imports a live prompt. Refreshing it needs credentials, and they must never get into a page.",
    {
      code: "live_in_browser",
      where: { prompt: refText(ref) },
      hint: 'Import it from server code only, or without live. If this bundle runs on a server, set target: "server".',
    },
  );
}

function clientBundleRefused(prompt: string): ConfigurationError {
  return new ConfigurationError(
    "The text of this prompt would end up in a browser bundle, where anybody can read it.",
    {
      code: "client_bundle_refused",
      where: { prompt },
      hint: 'Import it from server code only, or allow it with clientBundle: "allow". If this bundle runs on a server, set target: "server".',
    },
  );
}
