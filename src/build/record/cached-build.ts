import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { isTestRun } from "../../config/environment.ts";
import { searchedFolders } from "../../config/load/search-folders.ts";
import type { Build, ImportPlace } from "../build.ts";
import { type OutputPlace, Outputs } from "../manifest/outputs.ts";
import { GENERATED_FOLDER } from "../modules/module-names.ts";
import type { Project } from "../project.ts";
import { type Reporter, RunReport } from "../run-report.ts";
import { BuildRecord, type CachedModule } from "./build-record.ts";
import { type BuildInput, recordName } from "./record-name.ts";

/** A build that reads everything, with its project. */
export interface OpenedBuild {
  readonly build: Build;
  readonly project: Pick<Project, "close">;
}

/** Begins the build that reads everything; what this one recorded of its outputs goes on there. */
export type OpenBuild = (outputs: Outputs) => Promise<OpenedBuild>;

/**
 * The first look of a production build: where an earlier one left a record, and all that its options come from is as it
 * was, it answers from the record, and neither the config nor the compiler is loaded.
 *
 * @param open begins the build that takes over at the first import that the record does not answer
 * @returns undefined where everything has to be read
 */
export function openCachedBuild(
  input: BuildInput,
  reporter: Reporter,
  open: OpenBuild,
): CachedBuild | undefined {
  const name = isTestRun(input.env) ? undefined : recordName(input);
  if (name === undefined) return undefined;
  for (const folder of searchedFolders(input.cwd)) {
    const record = BuildRecord.readIfCurrent(folder, name);
    if (record !== undefined) return new CachedBuild(record, reporter, open);
  }
  return undefined;
}

/** One run of a build in which nothing has changed; see {@link openCachedBuild}. */
export class CachedBuild {
  readonly #record: BuildRecord;
  readonly #open: OpenBuild;
  readonly #report: RunReport;
  readonly #outputs: Outputs;
  /** By specifier as spelled. */
  readonly #met = new Map<string, { readonly module: CachedModule; readonly place: ImportPlace }>();
  readonly #inBrowser = new Set<string>();
  #takenOver: Promise<OpenedBuild> | undefined;

  constructor(record: BuildRecord, reporter: Reporter, open: OpenBuild) {
    const { root } = record.options;
    this.#record = record;
    this.#open = open;
    this.#report = new RunReport(reporter);
    this.#outputs = new Outputs(root, () => mayWrite(join(root, GENERATED_FOLDER)));
  }

  /** The module of an import, as the record has it; undefined where {@link module} has to be asked. */
  known(specifier: string, place: ImportPlace = {}): string | undefined {
    if (this.#takenOver !== undefined) return undefined;
    const { clientBundle, target } = this.#record.options;
    const isBrowser = target === undefined ? place.browser : target === "browser";
    const name = this.#record.nameOf(specifier);
    if (name === undefined || (isBrowser && clientBundle === "error")) return undefined;
    const module = this.#met.get(specifier)?.module ?? this.#record.find(name);
    if (module === undefined) return undefined;
    this.#met.set(specifier, { module, place });
    if (isBrowser && clientBundle === "warn")
      for (const prompt of promptsOf(module)) this.#inBrowser.add(prompt);
    return this.#record.fileOf(name);
  }

  /** @throws what `Build.module` throws */
  async module(specifier: string, place: ImportPlace = {}): Promise<string> {
    return this.known(specifier, place) ?? (await this.#whole()).module(specifier, place);
  }

  /** As `Build.recordOutput`. */
  async recordOutput(
    place: OutputPlace,
    specifiers: Iterable<string> = this.#met.keys(),
  ): Promise<string | undefined> {
    if (this.#takenOver !== undefined) return (await this.#whole()).recordOutput(place, specifiers);
    const prompts = [...specifiers].flatMap((specifier) => this.#met.get(specifier)?.module.manifest ?? []);
    await this.#outputs.record(place, prompts);
    return this.#record.options.manifest ? this.#outputs.textBeside(place) : undefined;
  }

  /** As `Build.fail`. */
  async fail(): Promise<void> {
    (await this.#opened())?.build.fail();
  }

  /** As `Build.finish`. */
  async finish(reporter: Reporter): Promise<void> {
    // One that could not take over has reported so where it was asked.
    if (this.#takenOver !== undefined) return (await this.#opened())?.build.finish(reporter);
    this.#report.sayTo(reporter);
    this.#report.inBrowser(this.#inBrowser);
    for (const { module } of this.#met.values())
      for (const warning of module.warnings) this.#report.warn(warning);
  }

  /** As `Build.withAllFailures`. */
  async withAllFailures(error: unknown): Promise<unknown> {
    return (await this.#whole()).withAllFailures(error);
  }

  /** As `Build.refusal`. */
  async refusal(specifier: string, importer: string): Promise<string> {
    return (await this.#whole()).refusal(specifier, importer);
  }

  /** As `Build.nameOf`. */
  async nameOf(specifier: string): Promise<string> {
    return (await this.#whole()).nameOf(specifier);
  }

  async close(): Promise<void> {
    await (await this.#opened())?.project.close();
  }

  /** The build that reads everything, with the imports so far. */
  async #whole(): Promise<Build> {
    this.#takenOver ??= this.#takeOver();
    return (await this.#takenOver).build;
  }

  async #opened(): Promise<OpenedBuild | undefined> {
    return this.#takenOver?.catch(() => undefined);
  }

  async #takeOver(): Promise<OpenedBuild> {
    const opened = await this.#open(this.#outputs);
    await Promise.all([...this.#met].map(([specifier, { place }]) => opened.build.module(specifier, place)));
    return opened;
  }
}

/** The prompts whose text is in a module: its own, and what that includes. */
function promptsOf({ manifest }: CachedModule): readonly string[] {
  return manifest.map(({ name, label, versionId }) => `${name}@${label ?? versionId}`);
}

async function mayWrite(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
