import { resolve } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import type { LoadOptionsInput } from "../../project/config/load/load-options.ts";
import type { Project } from "../../project/project.ts";
import type { CliIo } from "./io.ts";
import { Printer } from "./output.ts";

/** The flags every command takes. */
export interface GlobalFlags {
  readonly config?: string;
  readonly cwd?: string;
  readonly mode?: string;
  readonly fetch?: string;
  readonly json?: boolean;
  /** Of the commands that have it: `json` is the same as the flag. */
  readonly format?: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
}

/** What a command works with. */
export interface CommandContext {
  readonly io: CliIo;
  /** Absolute: `--cwd`, otherwise the working directory. */
  readonly cwd: string;
  readonly output: Printer;
  /** What loads the project's options. */
  readonly loading: LoadOptionsInput;
  /**
   * Opens the project, runs the work, and closes the connections whatever happens.
   *
   * @param isAboutPlatform see `LoadOptionsInput`
   */
  withProject<T>(
    work: (project: Project) => Promise<T>,
    options?: { readonly isAboutPlatform?: boolean },
  ): Promise<T>;
}

export function createContext(io: CliIo, flags: GlobalFlags): CommandContext {
  const cwd = resolve(io.cwd, flags.cwd ?? ".");
  const output = new Printer(io, {
    json: flags.json === true || flags.format === "json",
    quiet: flags.quiet === true,
    color: flags.color !== false,
    debug: flags.debug === true,
  });
  const loading = {
    cwd,
    mode: flags.mode,
    configFile: flags.config,
    env: io.env,
    flags: { fetch: flags.fetch },
    // Somebody asked for the command by name, so the platform stays available even if a test runner started it.
    isTestRun: false,
  };
  return {
    io,
    cwd,
    output,
    loading,
    async withProject(work, { isAboutPlatform } = {}) {
      await refuseMissingFolder(cwd);
      const { openProject } = await import("../../project/project.ts");
      const project = await openProject({ ...loading, isAboutPlatform });
      try {
        if (project.options.configFile === undefined) {
          const { refuseWorkspaceRoot } = await import("../configs-below.ts");
          await refuseWorkspaceRoot(project.options.root);
        }
        return await work(project);
      } finally {
        await project.close();
      }
    },
  };
}

async function refuseMissingFolder(cwd: string): Promise<void> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(cwd).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new ConfigurationError(`There's no folder ${cwd}.`, {
    code: "cli_usage",
    hint: "Check --cwd.",
  });
}
