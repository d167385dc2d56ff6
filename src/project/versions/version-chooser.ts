import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { debug } from "../../debug.ts";
import { type PromptRef, type PromptVersionData, refKey, refText } from "../../prompt.ts";
import { compileRequest } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findMetadataReaders } from "../discovery/find-metadata-readers.ts";
import { type Decision, decideVersion } from "./decide-version.ts";
import { diagnosticText } from "./prompt-warnings.ts";
import type { ResolvedVersion, VersionProvider } from "./version-resolver.ts";

export interface VersionChooserOptions {
  readonly options: ResolvedOptions;
  readonly versions: VersionProvider;
  readonly development: boolean;
  readonly warn: (text: string) => void;
}

/** The version of a prompt that a run uses. */
export interface ChosenVersion {
  readonly compiled: CompiledPrompt;
  readonly version: PromptVersionData;
  /** The committed version, if this one is used instead. */
  readonly before: CompiledPrompt | undefined;
}

/** Which version of each prompt a run uses, and what was decided about the others. */
export class VersionChooser {
  readonly #given: VersionChooserOptions;
  readonly #decisions = new Map<string, Decision>();

  constructor(given: VersionChooserOptions) {
    this.#given = given;
  }

  /** What was decided about a prompt; undefined if there was nothing to decide. */
  decision(ref: PromptRef): Decision | undefined {
    return this.#decisions.get(refKey(ref));
  }

  /**
   * Compiles the resolved version, and the committed version if that is different; the contract decides between them.
   *
   * @throws ResourceError for a template that doesn't compile, `build_contract_changed`
   */
  async choose(request: ResolvedImport, resolved: ResolvedVersion): Promise<ChosenVersion> {
    const { versions, development, options, warn } = this.#given;
    let isAsCommitted = true;
    const compile = (pick: (resolved: ResolvedVersion) => PromptVersionData) =>
      compileRequest(request, options, async (ref) => {
        const one = await versions.resolve(ref);
        isAsCommitted &&= one.version === one.snapshot?.version;
        return pick(one);
      });
    const compiled = await compile((resolved) => resolved.version);
    // In development, there's no end of the build to report it at.
    if (development) for (const diagnostic of compiled.diagnostics) warn(diagnosticText(diagnostic));
    // A pinned prompt can include one that follows a label.
    if (isAsCommitted || resolved.snapshot === undefined)
      return { compiled, version: resolved.version, before: undefined };

    const committed = await compile((resolved) => resolved.snapshot?.version ?? resolved.version);
    const decision = await decideVersion(resolved, compiled, committed, {
      policy: options.onContractChange ?? (development ? "warn" : "error"),
      metadata: options.contract.metadata,
      root: options.root,
      findReaders: () => findMetadataReaders(request.ref, options),
    });
    this.#decisions.set(refKey(request.ref), decision);
    const { use, difference } = decision;
    debug(
      () =>
        `${difference ?? `${refText(request.ref)}: what's fetched gets committed`}: the ${use} one is built`,
    );
    return decision.use === "fetched"
      ? { compiled, version: resolved.version, before: committed }
      : { compiled: committed, version: resolved.snapshot.version, before: undefined };
  }
}
