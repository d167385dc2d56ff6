import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { invalid, show } from "../../../client/connection/check-connection-value.ts";
import {
  type ConnectionOptions,
  resolveConnection,
  withoutUndefined,
} from "../../../client/connection/connection.ts";
import { CONNECTION_OPTION_NAMES } from "../../../client/connection/connection-schema.ts";
import { type Env, isTestRun, processEnv, readEnv } from "../../../environment.ts";
import { ConfigurationError } from "../../../errors/classes.ts";
import { didYouMean } from "../../../errors/nearest-name.ts";
import type { Pin } from "../../../prompt.ts";
import { pathPattern } from "../../discovery/list-sources.ts";
import { loadIfSound } from "../../snapshot/store.ts";
import type { FetchByPhase, LiveOptions, Options, PromptOptions } from "../options.ts";
import { refuseCommittedUrls } from "../refuse-committed-urls.ts";
import type { FetchPolicy, ResolvedLive, ResolvedOptions, ResolvedPromptEntry } from "../types.ts";
import { NUMBER_OPTIONS, validateOptions } from "../validate-options.ts";
import { searchConfig } from "./load-config.ts";
import { loadEnvFiles } from "./load-env-files.ts";
import { digestSources } from "./places.ts";

const FETCH_POLICIES = ["auto", "always", "never"] as const;
const DEFAULT_INCLUDE: readonly string[] = ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"];

export interface LoadOptionsInput {
  /** Folder where the search for a config begins: the bundler's root, otherwise the working directory. */
  readonly cwd: string;
  /** Chooses `.env.<mode>`. Default `development`. */
  readonly mode?: string | undefined;
  /** Use this config file instead of searching; relative to `cwd`. */
  readonly configFile?: string | undefined;
  /** What the plugin was given; overrides the config file, option by option. */
  readonly options?: Options | undefined;
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
  const given = validateOptions(input.options ?? {}, undefined);
  const search = { cwd, configFile: input.configFile, useCompileCache: !testRun };
  const { config, places } = await searchConfig(search);
  const written = config === undefined ? {} : validateOptions(config.value, config.file);
  const root = config?.root ?? cwd;
  const loadedEnv = await loadEnvFiles(root, mode, ownEnv);
  const { env, files } = loadedEnv;

  const options: Options = { ...withoutUndefined(written), ...withoutUndefined(given) };
  const path = (key: "snapshotDir" | "dts", fallback: string) =>
    resolve(given[key] === undefined ? root : cwd, options[key] || fallback);
  const connection = resolveConnection(connectionOf(options), env, {
    file: CONNECTION_OPTION_NAMES.some((name) => name in withoutUndefined(given)) ? undefined : config?.file,
    origins: loadedEnv.origins,
  });
  // Flag, then variable, then options: so that you can freeze a build from outside.
  const forced =
    oneOf(FETCH_POLICIES, "--fetch", input.flags?.fetch) ??
    oneOf(FETCH_POLICIES, "SCOPE_FETCH", readEnv(env, "SCOPE_FETCH"));
  const fetchIn = (phase: keyof FetchByPhase) => {
    const written = typeof options.fetch === "object" ? options.fetch[phase] : options.fetch;
    const option = input.isAboutPlatform && written === "never" ? undefined : written;
    return forced ?? option ?? (testRun ? "never" : (input.defaultFetch ?? "auto"));
  };
  await refuseCommittedUrls(connection, { given, config, written, loadedEnv, ownEnv });
  return Object.freeze({
    root,
    configFile: config?.file,
    sourceFiles: config === undefined ? files : [config.file, ...config.imports, ...files],
    restsOn:
      config?.wasRun || places === undefined
        ? undefined
        : { places: [...places.keys()], digest: digestSources(root, places, loadedEnv) },
    mode,
    isTestRun: testRun,
    prompts: await withNumbers(
      resolvePrompts(options, given.prompts === undefined ? config?.file : undefined),
      path("snapshotDir", "scope"),
    ),
    label: options.label ?? "production",
    include:
      given.include?.map((pattern) => rebasePattern(pattern, cwd, root)) ??
      written.include ??
      DEFAULT_INCLUDE,
    syntax: options.syntax ?? "scope",
    escape: options.escape ?? "none",
    roles: connection.roles,
    snapshotDir: path("snapshotDir", "scope"),
    dts: options.dts === false ? false : path("dts", defaultDts(root)),
    fetch: fetchIn("build"),
    buildFetch: (typeof options.fetch === "object" ? options.fetch.build : options.fetch) ?? "auto",
    fetchInDev: fetchIn("dev"),
    onContractChange: options.onContractChange,
    manifest: options.manifest ?? false,
    contract: Object.freeze({ metadata: options.contract?.metadata ?? "error" }),
    output:
      options.output === false
        ? false
        : Object.freeze({ metadataKey: options.output?.metadataKey ?? "output_schema" }),
    tokens: Object.freeze({ encoding: options.tokens?.encoding }),
    budget: Object.freeze({ ...options.budget }),
    concurrency: options.concurrency ?? NUMBER_OPTIONS.concurrency.default,
    clientBundle: options.clientBundle ?? "warn",
    target: options.target,
    lint: Object.freeze({ ...options.lint }),
    live: resolveLive(options.live, env),
    connection,
  });
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

function defaultDts(root: string): string {
  return existsSync(resolve(root, "src")) ? "src/scope-types" : "scope-types";
}

function resolveLive(live: LiveOptions | false | undefined, env: Env): ResolvedLive | false {
  const variable = oneOf(["on", "off"], "SCOPE_LIVE", readEnv(env, "SCOPE_LIVE"));
  if (live === false || variable === "off") return false;
  const seconds = (name: "interval" | "productionInterval") =>
    (live?.[name] ?? NUMBER_OPTIONS[`live.${name}`].default) * 1000;
  return Object.freeze({
    intervalMs: seconds("interval"),
    productionIntervalMs: seconds("productionInterval"),
    maxRequestsPerSecond: live?.maxRequestsPerSecond ?? NUMBER_OPTIONS["live.maxRequestsPerSecond"].default,
    write: live?.write ?? true,
    label: live?.label,
  });
}

/** The value of a flag or a variable. */
function oneOf<const T extends string>(allowed: readonly T[], name: string, text: string | undefined) {
  const value = allowed.find((one) => one === text);
  if (text === undefined || value !== undefined) return value;
  throw invalid(
    `${name} must be ${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}, but is ${show(text)}.`,
    didYouMean(text, allowed, undefined),
  );
}

function connectionOf(options: Options): ConnectionOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => CONNECTION_OPTION_NAMES.includes(key)));
}

/**
 * `prompts` with every default filled in, by key.
 *
 * @param file where `prompts` was written, for error messages
 * @throws ConfigurationError for a live prompt in mustache syntax
 */
function resolvePrompts(
  options: Options,
  file: string | undefined,
): ReadonlyMap<string, ResolvedPromptEntry> {
  const { prompts = [] } = options;
  const written: readonly (readonly [string, PromptOptions])[] = Array.isArray(prompts)
    ? prompts.map((name: string) => [name, {}] as const)
    : Object.entries(prompts as Readonly<Record<string, PromptOptions>>);
  return new Map(
    written.map(([key, entry]) => {
      const resolved: ResolvedPromptEntry = {
        key,
        name: entry.prompt ?? key,
        pin: pinOf(entry, options),
        syntax: entry.syntax ?? options.syntax ?? "scope",
        live: entry.live ?? false,
        variables: entry.variables ?? {},
        clientBundle: entry.clientBundle ?? options.clientBundle ?? "warn",
        budget: entry.budget === false ? {} : { ...options.budget, ...entry.budget },
      };
      if (resolved.live && resolved.syntax === "mustache") {
        throw new ConfigurationError(
          `The prompt "${key}" is live and in mustache syntax, and those can't be used together.`,
          {
            code: "config_invalid",
            hint: 'Leave out live, or write the prompt in the syntax "scope".',
            where: file === undefined ? undefined : { file },
          },
        );
      }
      return [key, Object.freeze(resolved)] as const;
    }),
  );
}

function pinOf(entry: PromptOptions, options: Options): Pin {
  return entry.version === undefined
    ? { kind: "label", label: entry.label ?? options.label ?? "production" }
    : { kind: "version", versionId: entry.version };
}

/** A glob pattern relative to `from` as one relative to `to`; a leading `!` and absolute patterns are kept. */
function rebasePattern(pattern: string, from: string, to: string): string {
  const [, not = "", body = ""] = /^(!?)(.*)$/s.exec(pattern) ?? [];
  const prefix = pathPattern(to, from);
  if (prefix === "" || body.startsWith("/") || /^[a-z]:/i.test(body)) return pattern;
  return `${not}${prefix}/${body.replace(/^\.\//, "")}`;
}
