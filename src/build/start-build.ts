import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ResolvedOptions } from "../config/types.ts";
import { stableJson } from "../files/stable-json.ts";
import { Build, type BuildOptions } from "./build.ts";
import { CachedModules } from "./modules/cached-modules.ts";
import { ModuleStore } from "./modules/module-store.ts";
import { type Project, versionResolver } from "./project.ts";
import type { Reporter } from "./run-report.ts";

/** What the surroundings of a build say about it. */
export interface Surroundings {
  readonly development: boolean;
  /** A dev server runs the modules itself and loads them anew when they change. Default false. */
  readonly reloadsModules?: boolean | undefined;
  readonly reporter: Reporter;
}

/**
 * Begins one build over a project.
 *
 * @param given what development does in another way: where versions come from, and what is called for a new import.
 * Default: each prompt is resolved once, by the fetch policy
 */
export function startBuild(
  project: Project,
  { development, reporter, reloadsModules }: Surroundings,
  given: Partial<Pick<BuildOptions, "versions" | "onImport">> = {},
): Build {
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
  return new Build({
    options,
    versions: versionResolver(project, reporter),
    store,
    reporter,
    development,
    reloadsModules,
    reportsAtEnd,
    cached:
      reportsAtEnd && options.fetch === "never"
        ? new CachedModules(join(store.folderInRoot, "index.json"), settingsOf(options))
        : undefined,
    ...given,
  });
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
