import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { type Change, changesText } from "../../contract/contract.ts";
import { debug } from "../../debug.ts";
import { ResourceError } from "../../errors/classes.ts";
import { type PromptRef, type PromptVersionData, refKey, refText } from "../../prompt.ts";
import { compileRequest, diagnosticText, sourcesOf } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findMetadataReaders } from "../discovery/find-uses.ts";
import { compareCompiled } from "./compare-requests.ts";
import { type Decision, decideVersion } from "./decide-version.ts";
import type { ResolvedVersion, VersionProvider } from "./version-resolver.ts";

export interface VersionChooserOptions {
  readonly options: ResolvedOptions;
  readonly versions: VersionProvider;
  readonly development: boolean;
  readonly warn: (text: string) => void;
}

/** The version of a prompt that a run uses. */
export interface ChosenVersion {
  /** What is served: {@link own}, or in a development server a preview that keeps its contract. */
  readonly compiled: CompiledPrompt;
  /** What the pin means, and so what the snapshot and the types are about. */
  readonly own: CompiledPrompt;
  /** What there is to preview, in words: `draft 5`. */
  readonly preview: string | undefined;
  /** In a development server: why the preview, or what is current on the platform, isn't served. */
  readonly problem: unknown;
  readonly version: PromptVersionData;
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
   * Compiles the resolved version, and the committed version if that is different; the contract decides between them,
   * and then between that one and its preview.
   *
   * @throws ResourceError for a template that doesn't compile, `build_contract_changed`
   */
  async choose(request: ResolvedImport, resolved: ResolvedVersion): Promise<ChosenVersion> {
    const chosen = await this.#chooseOwn(request, resolved);
    const own = chosen.compiled;
    const { versions, options, warn, development } = this.#given;
    const sources = development ? sourcesOf(own.source) : [];
    const found = await Promise.all(sources.map(({ ref }) => versions.resolve(ref)));
    const problem = found.find((one) => one.problem !== undefined)?.problem;
    const draft = found.find((one) => one.preview !== undefined);
    if (draft?.preview === undefined) return { ...chosen, own, preview: undefined, problem };
    const { status, versionNumber } = draft.preview;
    const of = draft === found[0] ? "" : ` of ${draft.ref.name}`;
    const preview = `${status === "draft" ? "draft" : "version"} ${versionNumber}${of}`;
    const present = new Map(sources.map(({ ref, version }) => [refKey(ref), version]));
    try {
      const compiled = await compileRequest(request, options, async (ref) => {
        const { preview, version } = await versions.resolve(ref);
        return preview ?? present.get(refKey(ref)) ?? version;
      });
      const { grade, changes } = compareCompiled(own, compiled);
      if (grade === "breaking") throw previewRefused(own, preview, changes);
      for (const diagnostic of compiled.diagnostics) warn(diagnosticText(diagnostic));
      return { ...chosen, compiled, own, preview, problem };
    } catch (problem) {
      return { ...chosen, own, preview, problem };
    }
  }

  async #chooseOwn(
    request: ResolvedImport,
    resolved: ResolvedVersion,
  ): Promise<Pick<ChosenVersion, "compiled" | "version">> {
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
    if (isAsCommitted || resolved.snapshot === undefined) return { compiled, version: resolved.version };

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
      ? { compiled, version: resolved.version }
      : { compiled: committed, version: resolved.snapshot.version };
  }
}

function previewRefused(
  { source: { ref, version } }: CompiledPrompt,
  preview: string,
  changes: readonly Change[],
): ResourceError {
  const breaking = changesText(changes.filter(({ breaks }) => breaks));
  return new ResourceError(
    `Can't preview ${preview}, which changes the contract (${breaking}); still serving version ${version.versionNumber}.`,
    {
      code: "preview_contract_changed",
      where: { prompt: refText(ref) },
      hint: "Edit it on the platform, or see which calls its promotion would break: scope-gen check --label latest",
    },
  );
}
