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
import type { Reporter } from "../../project/reporter.ts";
import { type OutputPlace, Outputs } from "../manifest/outputs.ts";
import { RunReport } from "../run-report.ts";
import { BuildRecord } from "./build-record.ts";

/**
 * The first step of a production build. If an earlier build left a record, and every source of its options is
 * unchanged, this build answers from the record, and loads neither the config nor the compiler.
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
      const record = await BuildRecord.readIfCurrent(root, name, async (places) =>
        digestSources(root, readPlaces(places), await loadEnvFiles(root, input.mode, input.env)),
      );
      if (record !== undefined) return new CachedBuild(record, reporter);
    }
    return undefined;
  } catch {
    // The build that reads everything reports what can't be read.
    return undefined;
  }
}

/** A build in which nothing has changed so far; it does what `Build` does at the end. */
export class CachedBuild {
  readonly record: BuildRecord;
  readonly outputs: Outputs;
  readonly #report: RunReport;

  constructor(record: BuildRecord, reporter: Reporter) {
    this.record = record;
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

  async recordOutput(place: OutputPlace, specifiers: Iterable<string>): Promise<string | undefined> {
    const { met, options } = this.record;
    await this.outputs.record(
      place,
      [...specifiers].flatMap((specifier) => met.get(specifier)?.manifest ?? []),
    );
    return options.manifest ? this.outputs.textBeside(place) : undefined;
  }

  async finish(reporter: Reporter): Promise<void> {
    this.#report.sayTo(reporter);
    this.#report.inBrowser(this.record.inBrowser);
    for (const { warnings } of this.record.met.values())
      for (const warning of warnings) this.#report.warn(warning);
  }
}
