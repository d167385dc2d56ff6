import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { debug } from "../../debug.ts";
import { type PromptRef, type PromptVersionData, refKey, refText } from "../../prompt.ts";
import { compileRequest } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { type Decision, decideVersion } from "./decide-version.ts";
import { MetadataReaders } from "./metadata-readers.ts";
import { diagnosticText } from "./prompt-warnings.ts";
import type { ResolvedVersion, VersionProvider } from "./version-resolver.ts";

export interface VersionChooserOptions {
  readonly options: ResolvedOptions;
  readonly versions: VersionProvider;
  readonly development: boolean;
  readonly warn: (text: string) => void;
}

/** Which version of each prompt a run uses, and what was decided about the others. */
export class VersionChooser {
  readonly #given: VersionChooserOptions;
  readonly #readers: MetadataReaders;
  readonly #decisions = new Map<string, Decision>();

  constructor(given: VersionChooserOptions) {
    this.#given = given;
    this.#readers = new MetadataReaders(given.options);
  }

  /** What was decided about a prompt; undefined if there was nothing to decide. */
  decision(ref: PromptRef): Decision | undefined {
    return this.#decisions.get(refKey(ref));
  }

  /** A file that imports a prompt. */
  addImporter(ref: PromptRef, importer: string): void {
    this.#readers.addImporter(ref, importer);
  }

  /**
   * Reads an importer that came after the decision, and that source patterns may not include.
   *
   * @throws ResourceError `build_contract_changed` if it takes metadata that the chosen version breaks
   */
  async checkReader(ref: PromptRef, importer: string): Promise<void> {
    const { refuseFor } = this.decision(ref) ?? {};
    if (refuseFor === undefined) return;
    const readers = await this.#readers.findIn(importer, ref);
    if (readers.length > 0) throw refuseFor(readers);
  }

  /**
   * Compiles the resolved version, and the committed version if that is different; the contract decides between them.
   *
   * @throws ResourceError for a template that doesn't compile, `build_contract_changed`
   */
  async choose(
    request: ResolvedImport,
    resolved: ResolvedVersion,
  ): Promise<{ readonly compiled: CompiledPrompt; readonly version: PromptVersionData }> {
    const { versions, development, options, warn } = this.#given;
    const compile = (pick: (resolved: ResolvedVersion) => PromptVersionData) =>
      compileRequest(request, options, async (ref) => pick(await versions.resolve(ref)));
    const compiled = await compile((resolved) => resolved.version);
    // In development, there's no end of the build to report it at.
    if (development) for (const diagnostic of compiled.diagnostics) warn(diagnosticText(diagnostic));
    if (resolved.source !== "platform" || resolved.snapshot === undefined)
      return { compiled, version: resolved.version };

    const committed = await compile((resolved) => resolved.snapshot?.version ?? resolved.version);
    const decision = await decideVersion(resolved, compiled, committed, {
      policy: options.onContractChange ?? (development ? "warn" : "error"),
      metadata: options.contract.metadata,
      root: options.root,
      findReaders: () => this.#readers.find(request.ref),
    });
    this.#decisions.set(refKey(request.ref), decision);
    const { use, difference } = decision;
    debug(
      () =>
        `${difference ?? `${refText(request.ref)}: what is fetched is committed`}: the ${use} one is built`,
    );
    return decision.use === "fetched"
      ? { compiled, version: resolved.version }
      : { compiled: committed, version: resolved.snapshot.version };
  }
}
