import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { createClient } from "../client/create-client.ts";
import { isOutage, type ScopeClient, versionData } from "../client/index.ts";
import { type LoadOptionsInput, loadOptions } from "../config/load-options.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { removeLeftovers } from "../snapshot/abandoned.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import { listSnapshot, loadSnapshot } from "../snapshot/store.ts";
import { type AnswerProvider, Answers, type AnswersOptions } from "./answers.ts";
import { Build } from "./build.ts";
import { Looker } from "./dev-look.ts";
import { paceOf } from "./dev-pace.ts";
import type { DevSession } from "./dev-session.ts";
import { startDev } from "./dev-start.ts";
import { ModuleStore } from "./module-store.ts";
import type { Reporter } from "./run-report.ts";
import { WarmModules } from "./warm-modules.ts";

/** A config with a way to its platform. Opened by the plugin and by every command. */
export interface Project {
  readonly options: ResolvedOptions;
  /** Fetches what the platform serves now, past every cache; undefined when there are no credentials. */
  readonly fetchVersion: ((ref: PromptRef, signal: AbortSignal) => Promise<PromptVersionData>) | undefined;
  /** Asks what the platform serves now, once and with a condition; see {@link Looker}. */
  lookAt(ref: PromptRef): Promise<PromptVersionData>;
  /** Closes the connections; a later fetch opens new ones. */
  close(): Promise<void>;
}

/**
 * Finds and loads the config. No request is made here.
 *
 * @throws ConfigurationError for a config, environment or option that cannot be used
 */
export async function openProject(input: LoadOptionsInput): Promise<Project> {
  const options = await loadOptions(input);
  // A test run writes nothing, and takes nothing away.
  if (!options.isTestRun)
    await removeLeftovers(options.snapshotDir, options.dts === false ? undefined : dirname(options.dts));
  let client: ScopeClient | undefined;
  let looker: Looker | undefined;
  const fetchVersion = async (ref: PromptRef, signal: AbortSignal): Promise<PromptVersionData> => {
    // What the client would warn of, the compiler reports with its place.
    client ??= createClient(options.connection, { warn: () => {} });
    const pin = ref.pin.kind === "label" ? { label: ref.pin.label } : { version: ref.pin.versionId };
    return versionData(await client.getPromptVersion(ref.name, { ...pin, cache: false, signal }));
  };
  return {
    options,
    fetchVersion: options.connection.credentials === undefined ? undefined : fetchVersion,
    async lookAt(ref) {
      const { connection, live } = options;
      const gapMs = live === false ? 0 : 1000 / live.maxRequestsPerSecond;
      looker ??= new Looker(connection, paceOf(connection), gapMs);
      return looker.look(ref);
    },
    async close() {
      const open = [client, looker];
      client = undefined;
      looker = undefined;
      await Promise.all(open.map((one) => one?.close()));
    },
  };
}

/** What the surroundings of a build say about it. */
export interface Surroundings {
  readonly development: boolean;
  /** Development goes on after the first build: keep looking. Default: development does. */
  readonly watches?: boolean;
  /** A dev server runs the modules itself and loads them anew when they change. Default false. */
  readonly reloadsModules?: boolean | undefined;
  readonly reporter: Reporter;
}

/** A run that is under way. */
export interface StartedBuild {
  readonly build: Build;
  /** What keeps a running development server up to date; undefined in builds and test runs. */
  readonly session: DevSession | undefined;
  /** Ends looking at the platform. The project's connections are the project's to close. */
  close(): void;
}

/** Begins one run over a project: a build asks once per prompt, development serves and keeps looking. */
export function startBuild(
  project: Project,
  { development, reporter, watches = development, reloadsModules }: Surroundings,
): StartedBuild {
  const { options } = project;
  const store = new ModuleStore({
    root: options.root,
    mode: options.mode,
    development,
    variant: development ? "" : digestOf(settingsOf(options)),
    outsideRoot: options.isTestRun,
    warn: (text) => reporter.warn(text),
  });
  const reportsAtEnd = !development && !options.isTestRun;
  const begin = (answers: AnswerProvider, onImport?: (specifier: string) => void) =>
    new Build({
      options,
      answers,
      onImport,
      store,
      reporter,
      development,
      reloadsModules,
      reportsAtEnd,
      warm:
        reportsAtEnd && options.fetch === "never"
          ? new WarmModules(join(store.folderInRoot, "index.json"), settingsOf(options))
          : undefined,
    });
  const policy = answersFor(project, reporter);
  if (!development || !watches || options.isTestRun) {
    return { build: begin(policy), session: undefined, close: () => {} };
  }
  return startDev(project, { store, reporter, policy, begin });
}

/** Everything that decides what is made of a prompt: all options but the secrets. */
function settingsOf({ connection, prompts, ...rest }: ResolvedOptions): unknown {
  const { baseUrl, environment, credentials } = connection;
  return { ...rest, prompts: [...prompts], baseUrl, environment, orgId: credentials?.orgId };
}

/** Names the settings in a folder's name: builds that take prompts otherwise may run at once. */
function digestOf(settings: unknown): string {
  return createHash("sha256").update(stableJson(settings)).digest("hex").slice(0, 8);
}

/** The fetch policy of a project's config over its platform and its snapshot. */
export function answersFor(
  { options, fetchVersion }: Project,
  reporter: Reporter,
  overrides: Partial<AnswersOptions> = {},
): Answers {
  return new Answers({
    fetch: options.fetch,
    environment: options.connection.environment,
    concurrency: options.concurrency,
    fetchVersion,
    isOutage,
    loadSnapshot: (ref) => loadSnapshot(options.snapshotDir, ref),
    knownNames: () => knownNames(options),
    warn: (text) => reporter.warn(text),
    info: (text) => reporter.info(text),
    ...overrides,
  });
}

/** Names that are configured or committed here; the platform has no list of its own. */
async function knownNames(options: ResolvedOptions): Promise<readonly string[]> {
  const { entries } = await listSnapshot(options.snapshotDir);
  const names = [...options.prompts.values()].flatMap(({ key, name }) => [key, name]);
  return [...new Set([...names, ...entries.map(({ entry }) => entry.ref.name)])];
}
