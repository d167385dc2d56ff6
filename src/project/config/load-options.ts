import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Problems, reportProblem, throwProblems } from "../../client/connection/check-value.ts";
import { resolveConnection } from "../../client/connection/connection.ts";
import { type Env, isTestRun, processEnv, readEnv } from "../../environment.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { Pin } from "../../prompt.ts";
import { listSnapshot, loadIfSound } from "../snapshot/store.ts";
import { sharedTypesFile } from "../types/types-place.ts";
import { isData, loadEnvFiles, searchedFolders } from "./config-files.ts";
import { loadConfig, refuseOutside } from "./load-config.ts";
import type { PluginOptions } from "./options.ts";
import type { FetchPolicy, ResolvedOptions, ResolvedPromptEntry } from "./types.ts";
import {
  type CheckedOptions,
  checkChoice,
  checkOptions,
  checkPluginOptions,
  FETCH_POLICIES,
  OPTIONS,
} from "./validate-options.ts";

export interface LoadOptionsInput {
  /** Folder where the search for a config begins: the bundler's root, otherwise the working directory. */
  readonly cwd: string;
  /** Chooses `.env.<mode>`. Default `development`. */
  readonly mode?: string | undefined;
  /** Use this config file instead of searching; relative to `cwd`. */
  readonly configFile?: string | undefined;
  /** What the plugin was given. */
  readonly plugin?: PluginOptions | undefined;
  /** Default: the process's environment. */
  readonly env?: Env | undefined;
  /** Command-line flags that override everything. */
  readonly flags?: { readonly fetch?: string | undefined } | undefined;
  /** Default: what {@link isTestRun} says about the environment. */
  readonly isTestRun?: boolean | undefined;
  /**
   * A command that is about what the platform has: `fetch: "never"` in a config is about builds, so it doesn't keep it
   * from asking. `--fetch never` and `SCOPE_FETCH=never` do. Default false.
   */
  readonly isAboutPlatform?: boolean | undefined;
  /** The fetch policy if nobody chose one. Default `"auto"`, and `"never"` in a test run. */
  readonly defaultFetch?: FetchPolicy | undefined;
}

/**
 * Everything the code runs on: config file, plugin options, `.env` files, environment and defaults, checked and
 * combined.
 *
 * @throws ConfigurationError for what can't be used, ScopeErrors for several problems, MissingApiKeyError when some but
 * not all credentials are set.
 * @example
 * const options = await loadOptions({ cwd: process.cwd(), mode: "production" });
 */
export async function loadOptions(input: LoadOptionsInput): Promise<ResolvedOptions> {
  const cwd = resolve(input.cwd);
  const mode = input.mode ?? "development";
  const ownEnv = input.env ?? processEnv();
  const testRun = input.isTestRun ?? isTestRun(ownEnv);
  const errors: ScopeError[] = [];
  const { config: configFile = input.configFile, ...plugin } = checkPluginOptions(input.plugin ?? {}, errors);
  const config = await loadConfig({ cwd, configFile, useCompileCache: !testRun });
  const written = config && checkOptions(config.value, config.file, errors);
  const root = config?.root ?? (await pulledFolder(cwd));
  const { env, files, origins } = await loadEnvFiles(root, mode, ownEnv);

  const set = { ...OPTIONS.fallback, ...written?.own };
  const { clientBundle = set.clientBundle, target = set.target } = plugin;
  const options = { ...set, clientBundle, target };
  const { file } = config ?? {};
  const connection = resolveConnection(written?.connection ?? {}, env, { file, origins, errors });
  const isCode = file === undefined || !isData(file);
  const refuseIfOutside = async (path: string) => {
    try {
      await refuseOutside(root, path, isCode);
    } catch (error) {
      // What can't be looked up can't be read or written either, which is reported there.
      if (isScopeError(error)) errors.push(error);
    }
  };
  const prompts = readPromptKeys(options, { file, errors });
  // Flag, then variable, then options: so that you can freeze a build from outside.
  const forced =
    checkChoice(FETCH_POLICIES, "--fetch", input.flags?.fetch, errors) ??
    checkChoice(FETCH_POLICIES, "SCOPE_FETCH", readEnv(env, "SCOPE_FETCH"), errors);
  const liveSwitch = checkChoice(["on", "off"], "SCOPE_LIVE", readEnv(env, "SCOPE_LIVE"), errors);
  const snapshotDir = resolve(root, options.snapshotDir);
  const dts = options.dts !== false && resolve(root, options.dts ?? defaultTypesPlace(root));
  await refuseIfOutside(snapshotDir);
  await refuseIfOutside(dts || root);
  throwProblems(errors);

  const fetchIn = (written: FetchPolicy | undefined) => {
    const option = input.isAboutPlatform && written === "never" ? undefined : written;
    return forced ?? option ?? (testRun ? "never" : (input.defaultFetch ?? "auto"));
  };
  const { dev, live } = options;
  return Object.freeze({
    ...options,
    root,
    configFile: file,
    sourceFiles: [...(file === undefined ? [] : [file]), ...files],
    mode,
    isTestRun: testRun,
    prompts: await withNumbers(prompts, snapshotDir),
    writesPrompts: written?.own.prompts !== undefined,
    roles: connection.roles,
    snapshotDir,
    dts,
    fetch: fetchIn(options.fetch.build),
    buildFetch: options.fetch.build,
    fetchInDev: fetchIn(options.fetch.dev),
    dev: liveSwitch !== "off" && dev && inMilliseconds(dev),
    live: inMilliseconds(live),
    connection,
  });
}

function inMilliseconds<T extends CheckedOptions["live"]>({ interval, ...others }: T) {
  return { ...others, intervalMs: interval * 1000 };
}

/** Without a config: the nearest folder upwards with what a pull has written, such as above Eleventy's folder for Vite. */
async function pulledFolder(cwd: string): Promise<string> {
  for (const folder of searchedFolders(cwd)) {
    const { entries } = await listSnapshot(join(folder, OPTIONS.fallback.snapshotDir));
    // Types in a src are those of the folder above.
    const hasTypes = basename(folder) !== "src" && presentTypes(folder) !== undefined;
    if (entries.length > 0 || hasTypes) return folder;
  }
  return cwd;
}

/** Where types already lie: a `src` that comes later, for example with emitted modules, doesn't move them. */
function defaultTypesPlace(root: string): string {
  return presentTypes(root) ?? (existsSync(join(root, "src")) ? "src/scope-types" : "scope-types");
}

function presentTypes(root: string): string | undefined {
  const places = ["src/scope-types", "scope-types"];
  return places.find((place) => existsSync(sharedTypesFile(join(root, place))));
}

/** With the numbers of the pinned versions that are committed: a version ID says little to a reader. */
async function withNumbers(
  prompts: ResolvedOptions["prompts"],
  snapshotDir: string,
): Promise<ResolvedOptions["prompts"]> {
  const numbered = [...prompts].map(async ([key, entry]) => {
    const committed = entry.pin.kind === "version" ? await loadIfSound(snapshotDir, entry) : undefined;
    return [key, committed ? Object.freeze({ ...entry, pin: committed.ref.pin }) : entry] as const;
  });
  return new Map(await Promise.all(numbered));
}

/** `prompts` with what each entry takes from the config. Reports a live prompt in mustache syntax. */
function readPromptKeys(
  options: CheckedOptions,
  problems: Problems,
): ReadonlyMap<string, ResolvedPromptEntry> {
  const resolved = [...options.prompts].map(([key, entry]): [string, ResolvedPromptEntry] => {
    const { prompt = key, label = options.label, version, budget = options.budget } = entry;
    const { syntax = options.syntax, clientBundle = options.clientBundle } = entry;
    const pin: Pin =
      version === undefined ? { kind: "label", label } : { kind: "version", versionId: version };
    if (entry.live && syntax === "mustache")
      reportProblem(
        problems,
        `The prompt "${key}" is live and in mustache syntax, and those can't be used together.`,
        'Leave out live, or write the prompt in the syntax "scope".',
      );
    const { live, variables, provides, metadata = options.metadata } = entry;
    const of = {
      key,
      name: prompt,
      pin,
      syntax,
      live,
      variables,
      provides,
      clientBundle,
      metadata,
    };
    return [key, { ...of, budget }];
  });
  return new Map(resolved);
}
