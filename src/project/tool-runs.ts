import { isAbsolute, join, relative, resolve } from "node:path";
import { debug } from "../debug.ts";
import { toPosix } from "../errors/printable.ts";
import { withFileLock } from "../files/critical-section.ts";
import { namesIn, readIfSound, readTextIfThere } from "../files/read-file.ts";
import { writeFileIfChanged } from "../files/write-file.ts";
import { GENERATED_FOLDER, isLinked, makeGeneratedFolder } from "./module-names.ts";

const RUNS = "runs";

/** What the runs of one tool with the plugin have built. */
export interface ToolRun {
  /** As its entry is called, `vite`; or `vitest`, `register`, `emit`. */
  readonly tool: string;
  /** Where it ran, from the config's folder. */
  readonly folder: string;
  /** The digest of what it rested on: see `currentRuns`. */
  readonly basis: string;
  /** The prompts that files import, as spelled, by the file's path from the config's folder. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** Bundlers ask for many imports in a short time. */
const DELAY_MS = 500;

/**
 * What one run has built so far, for the record of its tool: `.scope/runs/<tool>.json`, with `~` and its folder if it ran in
 * one. `doctor`, `init` and the search for imports read it,
 * so a folder that can't be written isn't a failure.
 */
export class RunRecord {
  readonly #root: string;
  readonly #tool: string;
  readonly #folder: string;
  readonly #delayMs: number;
  readonly #files = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();

  /**
   * @param root folder of the config
   * @param delayMs after an import, before the record is written; 0 for a process that may end at any time
   * @param folder that it runs in, absolute
   */
  constructor(root: string, tool: string, delayMs = DELAY_MS, folder = root) {
    this.#root = root;
    this.#tool = tool;
    this.#folder = toPosix(relative(root, folder));
    this.#delayMs = delayMs;
  }

  /** A file imports a prompt, and gets it. */
  add(importer: string | undefined, specifier: string): void {
    // A query names a block of a component.
    const file = importer?.replace(/\?.*$/s, "");
    if (file === undefined || !isAbsolute(file)) return;
    this.#files.set(file, (this.#files.get(file) ?? new Set()).add(specifier));
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.write(), this.#delayMs);
    // A process is as long as its record is written; a bundler writes it when a build ends.
    if (this.#delayMs > 0) this.#timer.unref();
  }

  /** Writes what was added since, together with what earlier runs of the tool have built. */
  write(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#written = this.#written.then(() => this.#merge());
    }
    return this.#written;
  }

  async #merge(): Promise<void> {
    const [tool, folder] = [this.#tool, this.#folder];
    try {
      const name = [tool, ...folder.split("/")].filter(Boolean).join("~");
      const file = join(await makeGeneratedFolder(this.#root, RUNS), `${name}.json`);
      const { basisOf } = await import("./plugin-configs.ts");
      const basis = basisOf(this.#root, tool, folder);
      const textAfter = (before: string | undefined) => {
        const files: Record<string, readonly string[]> = {};
        for (const [path, specifiers] of Object.entries(decodeRun(before)?.files ?? {})) {
          const text = readIfSound(resolve(this.#root, path), String) ?? "";
          const left = specifiers.filter((specifier) => text.includes(specifier));
          if (left.length > 0) files[path] = left;
        }
        for (const [absolute, specifiers] of this.#files) {
          const path = toPosix(relative(this.#root, absolute));
          // A process writes its first imports before it has made the others.
          files[path] = [...new Set([...(files[path] ?? []), ...specifiers])].sort();
        }
        const run: ToolRun = { tool, folder, basis, files: Object.fromEntries(Object.entries(files).sort()) };
        return `${JSON.stringify(run, null, 2)}\n`;
      };
      const before = readTextIfThere(file);
      // A watcher of the whole project would see the lock too, and start the next run.
      if (before === textAfter(before)) return;
      await withFileLock(file, async () => writeFileIfChanged(file, textAfter(readTextIfThere(file))));
    } catch (error) {
      debug(() => `the run of ${tool} can't be recorded: ${(error as Error).message}`);
    }
  }
}

/** The tools that have run with the plugin, by name. A record that can't be read doesn't count. */
export async function readRuns(root: string): Promise<readonly ToolRun[]> {
  if (isLinked(root)) return [];
  const folder = join(root, GENERATED_FOLDER, RUNS);
  const runs = (await namesIn(folder))
    .sort()
    .map((name) => decodeRun(readIfSound(join(folder, name), String)));
  return runs.filter((run) => run !== undefined);
}

/**
 * Has a run taken a file, or something with its prompts that isn't a source: what a compiler or bundler made of it for Node,
 * or Eleventy's copy for Vite? A declaration is only read by compilers.
 *
 * @param path from the config's folder
 * @param sources what each file imports, by the paths of all that import prompts
 */
export function hasTaken(
  { files }: Pick<ToolRun, "files">,
  path: string,
  sources: ReadonlyMap<string, readonly string[]>,
): boolean {
  if (Object.hasOwn(files, path) || /\.d\.[cm]?ts$/.test(path)) return true;
  return Object.entries(files).some(
    ([file, built]) => !sources.has(file) && sources.get(path)?.every((one) => built.includes(one)),
  );
}

function decodeRun(text: string | undefined): ToolRun | undefined {
  try {
    const run: unknown = JSON.parse(text ?? "");
    const { tool, folder = "", basis = "", files } = Object(run);
    const isRun = [tool, folder, basis].every((one) => typeof one === "string") && typeof files === "object";
    return isRun ? { tool, folder, basis, files: Object(files) } : undefined;
  } catch {
    return undefined;
  }
}
