import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { isTestRun } from "../../environment.ts";
import {
  type BuildInput,
  digestSources,
  loadEnvFiles,
  readPlaces,
  recordName,
  searchedFolders,
} from "../../project/config/config-files.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import type { Project } from "../../project/project.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { Build, ImportPlace, Surroundings } from "../build.ts";
import { manifestText, type OutputPlace, Outputs } from "../manifest/outputs.ts";
import { RunReport } from "../run-report.ts";
import { BuildRecord, type CachedModule } from "./build-record.ts";

interface OpenedBuild {
  readonly build: Build;
  readonly project: Pick<Project, "close">;
}

type OpenBuild = (begun: Pick<Surroundings, "outputs" | "snapshot">) => Promise<OpenedBuild>;

/**
 * The first step of a production build. If an earlier build left a record, and every source of its options is
 * unchanged, this build answers from the record, and loads neither the config nor the compiler.
 *
 * @param open starts the build that takes over at the first import that isn't in the record
 * @returns undefined if everything has to be read
 */
export async function openCachedBuild(
  input: BuildInput,
  reporter: Reporter,
  open: OpenBuild,
): Promise<CachedBuild | undefined> {
  const name = isTestRun(input.env) ? undefined : recordName(input);
  if (name === undefined) return undefined;
  try {
    // Its record is next to the config, which isn't looked for again.
    for (const root of searchedFolders(input.cwd)) {
      const record = await BuildRecord.readIfCurrent(root, name, async (places) =>
        digestSources(root, readPlaces(places), await loadEnvFiles(root, input.mode, input.env)),
      );
      if (record !== undefined) return new CachedBuild(record, reporter, open);
    }
    return undefined;
  } catch {
    // The build that reads everything reports what can't be read.
    return undefined;
  }
}

/** One run of a build in which nothing has changed; its methods do what those of `Build` do. */
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
    this.#record = record;
    this.#open = open;
    this.#report = new RunReport(reporter);
    const { root } = record.options;
    const folder = join(root, GENERATED_FOLDER);
    this.#outputs = new Outputs(root, () =>
      access(folder, constants.W_OK).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Folder of the config. */
  get root(): string {
    return this.#record.options.root;
  }

  /** The module of an import, from the record; undefined if {@link module} has to be called. */
  known(specifier: string, place: ImportPlace = {}): string | undefined {
    if (this.#takenOver !== undefined) return undefined;
    const { target } = this.#record.options;
    const recorded = this.#record.findImport(specifier);
    const isBrowser = target === undefined ? place.browser : target === "browser";
    if (recorded === undefined || (isBrowser && recorded.policy === "error")) return undefined;
    const module = this.#met.get(specifier)?.module ?? this.#record.find(recorded.module);
    if (module === undefined) return undefined;
    this.#met.set(specifier, { module, place });
    if (isBrowser && recorded.policy === "warn")
      for (const prompt of module.manifest) this.#inBrowser.add(manifestText(prompt));
    return this.#record.fileOf(module);
  }

  /** @throws what `Build.module` throws */
  async module(specifier: string, place: ImportPlace = {}): Promise<string> {
    return this.known(specifier, place) ?? (await this.#whole()).module(specifier, place);
  }

  async recordOutput(
    place: OutputPlace,
    specifiers: Iterable<string> = this.#met.keys(),
  ): Promise<string | undefined> {
    if (this.#takenOver !== undefined) return (await this.#whole()).recordOutput(place, specifiers);
    const prompts = [...specifiers].flatMap((specifier) => this.#met.get(specifier)?.module.manifest ?? []);
    await this.#outputs.record(place, prompts);
    return this.#record.options.manifest ? this.#outputs.textBeside(place) : undefined;
  }

  async fail(): Promise<void> {
    (await this.#opened())?.build.fail();
  }

  async finish(reporter: Reporter): Promise<void> {
    // If it couldn't take over, that was reported to the import that needed it.
    if (this.#takenOver !== undefined) return (await this.#opened())?.build.finish(reporter);
    this.#report.sayTo(reporter);
    this.#report.inBrowser(this.#inBrowser);
    for (const { module } of this.#met.values())
      for (const warning of module.warnings) this.#report.warn(warning);
  }

  async withAllFailures(error: unknown): Promise<unknown> {
    return (await this.#whole()).withAllFailures(error);
  }

  async refusal(specifier: string, importer: string): Promise<string> {
    return (await this.#whole()).refusal(specifier, importer);
  }

  async close(): Promise<void> {
    await (await this.#opened())?.project.close();
  }

  /** The build that reads everything, with the imports so far. */
  async #whole(): Promise<Build> {
    const takeOver = async () => {
      const opened = await this.#open({ outputs: this.#outputs, snapshot: this.#record.snapshot });
      await Promise.all(
        [...this.#met].map(([specifier, { place }]) => opened.build.module(specifier, place)),
      );
      return opened;
    };
    this.#takenOver ??= takeOver();
    return (await this.#takenOver).build;
  }

  async #opened(): Promise<OpenedBuild | undefined> {
    return this.#takenOver?.catch(() => undefined);
  }
}
