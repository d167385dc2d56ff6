import { basename } from "node:path";
import { diagnosticText, sourcesOf } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { moduleName } from "../project/module-names.ts";
import { snapshotFile } from "../project/snapshot/snapshot-file.ts";
import type { VersionProvider } from "../project/versions/version-resolver.ts";
import { refText } from "../prompt.ts";
import { manifestPrompt, manifestText } from "./manifest/manifest.ts";
import type { CompiledModule, Modules } from "./modules/modules.ts";
import type { BuildRecord } from "./record/build-record.ts";
import type { CachedModule, DescribedModule } from "./record/record-file.ts";
import { type RunReport, statusWarnings } from "./run-report.ts";

export interface ServedModulesOptions {
  readonly options: ResolvedOptions;
  readonly versions: VersionProvider;
  readonly modules: Modules;
  readonly report: RunReport;
  /** The record of earlier builds from the snapshot; undefined if the platform is asked. */
  readonly record: BuildRecord | undefined;
}

/** The modules of a run, made by an earlier build or by this one, and what a build reports about them. */
export class ServedModules {
  readonly #given: ServedModulesOptions;
  /** Modules taken from an earlier build, by name. */
  readonly #cached = new Map<string, CachedModule>();

  constructor(given: ServedModulesOptions) {
    this.#given = given;
  }

  /** The file of an earlier build's module, if nothing that it was made from has changed. */
  findCached(request: ResolvedImport): string | undefined {
    const { record } = this.#given;
    const name = moduleName(request);
    const cached = this.#cached.get(name) ?? record?.find(name);
    if (cached === undefined) return undefined;
    this.#cached.set(name, cached);
    return record?.fileOf(cached);
  }

  /** What a build reports about the modules of these imports. */
  async describe(met: readonly ResolvedImport[]): Promise<readonly DescribedModule[]> {
    const cached = met.flatMap((request) => this.#cached.get(moduleName(request)) ?? []);
    const made = await this.#given.modules.madeOf(met);
    return [...cached, ...(await Promise.all(made.map((module) => this.#describe(module))))];
  }

  /** The prompts whose text a module contains: its own first, then those that it includes. */
  async promptsIn(request: ResolvedImport): Promise<readonly string[]> {
    const cached = this.#cached.get(moduleName(request));
    if (cached !== undefined) return cached.manifest.map(manifestText);
    const { versions, modules } = this.#given;
    const { compiled } = await modules.make(request);
    const parts = sourcesOf(compiled.source).map(({ ref }) => versions.resolve(ref));
    return (await Promise.all(parts)).map(({ ref }) => refText(ref));
  }

  /** Remembers it for the next build, if that can use it. */
  async #describe(module: CompiledModule): Promise<DescribedModule> {
    const { options, versions, report, record, modules } = this.#given;
    const { request, compiled } = module;
    const file = basename(await modules.file(request));
    const sources = sourcesOf(compiled.source);
    const parts = await Promise.all(
      sources.map(async ({ ref, version }) => ({ ...(await versions.resolve(ref)), version })),
    );
    for (const partial of parts.slice(1)) report.partial(partial, request.ref);
    const described = {
      manifest: parts.map(manifestPrompt),
      warnings: [
        ...compiled.diagnostics.map(diagnosticText),
        ...module.warnings,
        ...parts.flatMap((part) => statusWarnings(part, options.connection.environment)),
      ],
    };
    // A live module needs more files than its own, and their content depends on more than the snapshot.
    if (!request.live) {
      const inputs = await Promise.all(
        sources.map(async ({ ref }) => basename(await snapshotFile(options.snapshotDir, ref))),
      );
      const helpers = await modules.helpersOf(module);
      record?.keep(moduleName(request), { ...described, file, helpers }, inputs);
    }
    return described;
  }
}
