import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { isTestRun } from "../../environment.ts";
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
import type { Reporter } from "../../project/reporter.ts";
import type { PolicySource } from "../../project/versions/source.ts";
import { Outputs } from "../manifest/outputs.ts";
import { RunReport } from "../run-report.ts";
import { BuildRecord } from "./build-record.ts";

/** What the last build left, if nothing has changed that its options come from. */
export interface Memo {
  readonly record: BuildRecord;
  readonly report: RunReport;
  readonly outputs: Outputs;
  /** Where versions come from in a build that asks the platform. */
  readonly source: PolicySource | undefined;
  /** Closes the connections. */
  readonly close: Reached["close"];
}

/**
 * The first step of a production build. If an earlier build left a record, and every source of its options is
 * unchanged, this build answers from the record, and loads neither the options nor the compiler. A config that is code
 * is run. A build that asks the platform asks whether it still serves what is committed.
 *
 * @returns undefined if everything has to be read
 */
export async function openMemo(input: BuildInput, reporter: Reporter): Promise<Memo | undefined> {
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
      const folder = join(root, GENERATED_FOLDER);
      const isWritable = () =>
        access(folder, constants.W_OK).then(
          () => true,
          () => false,
        );
      const parts = { record, report: new RunReport(reporter), outputs: new Outputs(root, isWritable) };
      if (record.options.fetch === "never") return { ...parts, source: undefined, close: async () => {} };
      if (!record.isReachedByEnv) return undefined;
      // A config that has run can also have set a secret.
      if (record.ran.length > 0) loadedEnv = await loadEnvFiles(root, input.mode, input.env);
      const { connectionOf } = await import("../../project/config/refuse-committed-urls.ts");
      const { PolicySource } = await import("../../project/versions/source.ts");
      const { reach } = await import("../../project/reach.ts");
      const errors: ScopeError[] = [];
      const given = { given: {}, written: {}, config: undefined, loadedEnv, ownEnv: input.env };
      const connection = await connectionOf(given, errors);
      const { close, fetchVersion, logInEarly } = reach(connection);
      if (errors.length > 0 || fetchVersion === undefined) return undefined;
      logInEarly();
      const options = { ...record.options, prompts: new Map(record.options.prompts), connection };
      const policy = { failsAtConflict: true, files: record.snapshot };
      return { ...parts, source: new PolicySource({ options, fetchVersion }, reporter, policy), close };
    }
    return undefined;
  } catch {
    // The build that reads everything reports what can't be read.
    return undefined;
  }
}
