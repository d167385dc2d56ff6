import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { type Env, isTestRun } from "../../environment.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import {
  type BuildInput,
  CONFIG_PLACES,
  digestSources,
  isData,
  type LoadedEnv,
  loadEnvFiles,
  type Places,
  readPlaces,
  recordName,
  searchedFolders,
} from "../../project/config/config-files.ts";
import { digestOfConfig, runConfig } from "../../project/config/run-config.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import type { Reached } from "../../project/reach.ts";
import { type Reporter, shownReporter } from "../../project/reporter.ts";
import type { PolicySource } from "../../project/versions/source.ts";
import { type OutputPlace, Outputs } from "../manifest/outputs.ts";
import { RunReport } from "../run-report.ts";
import { BuildRecord, type BundlePlace } from "./build-record.ts";

/**
 * The first step of a production build. If an earlier build left a record, and every source of its options is
 * unchanged, this build answers from the record, and loads neither the options nor the compiler. A config that is code
 * is run.
 *
 * @returns undefined if everything has to be read
 */
export async function openCachedBuild(
  input: BuildInput,
  reporter: Reporter,
): Promise<CachedBuild | undefined> {
  const name = isTestRun(input.env) ? undefined : recordName(input);
  if (name === undefined) return undefined;
  try {
    // Its record is next to the config, which isn't looked for again.
    for (const root of searchedFolders(input.cwd)) {
      let texts: Places = new Map();
      let loadedEnv: LoadedEnv | undefined;
      const record = await BuildRecord.readIfCurrent(root, name, async (places) => {
        texts = readPlaces(places);
        loadedEnv = await loadEnvFiles(root, input.mode, input.env);
        return digestSources(root, texts, loadedEnv);
      });
      if (record === undefined || loadedEnv === undefined) continue;
      for (const [file, digest] of record.ran) {
        // The record doesn't decide what is run.
        if (isData(file) || !CONFIG_PLACES.some((place) => join(root, place) === file)) return undefined;
        const value = await runConfig(file, texts.get(file) ?? "", input);
        if (digest === "" || digestOfConfig(value) !== digest) return undefined;
        // A config can set variables.
        if (recordName(input) !== name) return undefined;
      }
      if (record.options.fetch === "never") return new CachedBuild(record, reporter);
      if (!record.isReachedByEnv) return undefined;
      // A config that has run can also have set a secret.
      if (record.ran.length > 0) loadedEnv = await loadEnvFiles(root, input.mode, input.env);
      return await openFresh(record, loadedEnv, input.env, reporter);
    }
    return undefined;
  } catch {
    // The build that reads everything reports what can't be read.
    return undefined;
  }
}

/** A build that asks the platform whether it still serves what is committed. */
async function openFresh(
  record: BuildRecord,
  loadedEnv: LoadedEnv,
  ownEnv: Env,
  reporter: Reporter,
): Promise<CachedBuild | undefined> {
  const { connectionOf } = await import("../../project/config/refuse-committed-urls.ts");
  const { PolicySource } = await import("../../project/versions/source.ts");
  const { reach } = await import("../../project/reach.ts");
  const errors: ScopeError[] = [];
  const connection = await connectionOf(
    { given: {}, written: {}, config: undefined, loadedEnv, ownEnv },
    errors,
  );
  const { close, fetchVersion, logInEarly } = reach(connection);
  if (errors.length > 0 || fetchVersion === undefined) return undefined;
  logInEarly();
  const options = { ...record.options, prompts: new Map(record.options.prompts), connection };
  const policy = { failsAtConflict: true, files: record.snapshot };
  const source = new PolicySource({ options, fetchVersion }, shownReporter(reporter), policy);
  return new CachedBuild(record, reporter, { source, close });
}

/** A build in which nothing has changed so far; it does what `Build` does at the end. */
export class CachedBuild {
  readonly record: BuildRecord;
  readonly outputs: Outputs;
  /** Where versions come from in a build that asks the platform. */
  readonly source: PolicySource | undefined;
  /** Closes the connections. */
  readonly close: Reached["close"];
  readonly #report: RunReport;

  constructor(
    record: BuildRecord,
    reporter: Reporter,
    { source, close = async () => {} }: Partial<Pick<CachedBuild, "source" | "close">> = {},
  ) {
    this.record = record;
    this.source = source;
    this.close = close;
    this.#report = new RunReport(reporter);
    const folder = join(this.root, GENERATED_FOLDER);
    this.outputs = new Outputs(this.root, () =>
      access(folder, constants.W_OK).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Folder of the config. */
  get root(): string {
    return this.record.options.root;
  }

  /** Begins to ask the platform about an import that is likely to come. */
  expect(specifier: string): void {
    if (this.source === undefined) return;
    for (const ref of this.record.refsOf(specifier)) this.source.expect(ref);
  }

  /** The module file of an import; undefined if there's work to do. */
  async module(specifier: string, place: BundlePlace): Promise<string | undefined> {
    return this.source && this.record.current(specifier, place, this.source);
  }

  async recordOutput(place: OutputPlace, specifiers: Iterable<string>): Promise<string | undefined> {
    const contained = this.record.inOutput(specifiers, place);
    if (place.lacks) this.#report.inBrowser(this.record.inBrowser);
    await this.outputs.record(
      place,
      contained.flatMap(({ manifest }) => manifest),
    );
    return this.record.options.manifest ? this.outputs.textBeside(place) : undefined;
  }

  async finish(reporter: Reporter): Promise<void> {
    this.#report.sayTo(reporter);
    this.#report.inBrowser(this.record.inBrowser);
    for (const { warnings } of this.record.met.values())
      for (const warning of warnings) this.#report.warn(warning);
  }
}
