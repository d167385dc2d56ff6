import type { Project } from "../project/project.ts";
import type { Reporter } from "../project/reporter.ts";
import type { Compilation } from "./compilation.ts";
import type { OutputPlace } from "./manifest/outputs.ts";
import type { BundlePlace } from "./record/build-record.ts";
import type { Memo } from "./record/memo.ts";

/** What a build loads if its memo isn't enough. */
export interface LoadedBuild {
  readonly project: Project;
  readonly compilation: Compilation;
  /** In development. */
  readonly session?: { close(): Promise<void> } | undefined;
}

/**
 * One build of all compilers of a command. It asks a memo of the last build first, and loads the project and the
 * compiler when that has no answer.
 */
export class Build<Loaded extends LoadedBuild = LoadedBuild> {
  /** The module file of each import. */
  readonly pending: Promise<string>[] = [];
  readonly #memo: Memo | undefined;
  readonly #load: () => Promise<Loaded>;
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;

  constructor(load: () => Promise<Loaded>, memo?: Memo) {
    this.#load = load;
    this.#memo = memo;
  }

  /** A build without a memo, whose project is open. */
  static of<Loaded extends LoadedBuild>(loaded: Loaded): Build<Loaded> {
    const build = new Build(async () => loaded);
    build.#loaded = loaded;
    build.#loading = Promise.resolve(loaded);
    return build;
  }

  /** Loads the project and the compiler, once. */
  load(): Promise<Loaded> {
    this.#loading ??= this.#load().then((loaded) => {
      this.#loaded = loaded;
      return loaded;
    });
    return this.#loading;
  }

  /** What was loaded, if it was needed. What couldn't be is reported to the import that needed it. */
  async loaded(): Promise<Loaded | undefined> {
    return this.#loading?.catch(() => undefined);
  }

  /** Folder of the config. */
  get root(): string {
    return this.#parts.options.root;
  }

  get #parts() {
    const compilation = this.#loaded?.compilation;
    // One of the two is there once a build has begun.
    const memo = this.#memo as Memo;
    const { record, report, outputs } = compilation ?? memo;
    const { options } = compilation ?? memo.record;
    const inBrowser = new Set([...(record?.inBrowser ?? []), ...(compilation?.inBrowser ?? [])]);
    return { compilation, record, report, outputs, options, inBrowser };
  }

  /** The module file of an import if it's known without waiting. */
  known(specifier: string, place: BundlePlace): string | undefined {
    return this.#loading === undefined ? this.#memo?.record.known(specifier, place) : undefined;
  }

  /** The module file of an import, if the platform serves what the memo has; undefined if there's work to do. */
  async confirmed(specifier: string, place: BundlePlace): Promise<string | undefined> {
    const { record, source } = this.#memo ?? {};
    return this.#loading === undefined && source ? record?.current(specifier, place, source) : undefined;
  }

  /** Begins to ask the platform about an import that is likely to come. */
  expect(specifier: string): void {
    const { record, source } = this.#memo ?? {};
    if (this.#loaded) this.#loaded.compilation.expect(specifier);
    else for (const ref of (source && record?.refsOf(specifier)) ?? []) source?.expect(ref);
  }

  /**
   * Writes into the manifest that an output contains the prompts of these specifiers, also after the run has ended. One
   * for browsers that says what it contains is held to `clientBundle`.
   *
   * @param specifiers default: all that were imported
   * @returns the text of the manifest next to the output, if the config asks for one
   * @throws ConfigurationError `client_bundle_refused`
   */
  async recordOutput(place: OutputPlace, specifiers?: Iterable<string>): Promise<string | undefined> {
    await this.#loading;
    const { compilation, record, outputs } = this.#parts;
    const all = [...(specifiers ?? [...(compilation?.met.keys() ?? []), ...(record?.met.keys() ?? [])])];
    const requests = (await compilation?.inOutput(place, all)) ?? [];
    const recorded = record?.inOutput(all, place) ?? [];
    const { report, inBrowser, options } = this.#parts;
    if (place.lacks) report.inBrowser(inBrowser);
    if (compilation?.given.reportsAtEnd === false) return undefined;
    const described = [...recorded, ...((await compilation?.modules.describe(requests)) ?? [])];
    await outputs.record(
      place,
      described.flatMap(({ manifest }) => manifest),
    );
    return options.manifest ? outputs.textBeside(place) : undefined;
  }

  /**
   * Ends the run: reports differences, stale prompts and stale types once each, and the mode of a run that didn't fail.
   *
   * @param reporter of the compiler that ends it
   */
  async finish(reporter: Reporter): Promise<void> {
    if (this.#loading !== undefined && (await this.loaded()) === undefined) return;
    const { compilation, record, report, inBrowser } = this.#parts;
    report.sayTo(reporter);
    await compilation?.reportVersions();
    report.inBrowser(inBrowser);
    if (compilation?.given.development) return;
    const described = [...(record?.met.values() ?? []), ...((await compilation?.describe()) ?? [])];
    for (const warning of described.flatMap(({ warnings }) => warnings)) report.warn(warning);
    await compilation?.end(described.length > 0);
  }

  /** Ends everything, and closes the connections. */
  async close(reporter: Reporter): Promise<void> {
    const loaded = await this.loaded();
    await loaded?.session?.close();
    try {
      await this.finish(reporter);
    } finally {
      await Promise.all([loaded?.project.close(), this.#memo?.close()]);
    }
  }
}
