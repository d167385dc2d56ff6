import pMap from "p-map";
import { ConfigurationError, concernsEveryPrompt, isOutage } from "../../errors/classes.ts";
import { isScopeError, locate, type ScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import {
  type Label,
  type Pin,
  type PromptRef,
  type PromptVersionData,
  refKey,
  type Sides,
} from "../../prompt.ts";
import { type FindVersion, resolvePartials } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import { type ScopeUse, useAt } from "../discovery/find-uses.ts";
import type { Project } from "../project.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { loadIfSound, loadSnapshot } from "../snapshot/store.ts";
import { PolicySource } from "./source.ts";
import { howToSetCredentials, isMissing } from "./version-errors.ts";

/**
 * Where versions come from: what is committed; what the platform serves now, under each prompt's own pin or under one
 * instead of each label; or a version that is at hand, with the committed prompts that it includes.
 */
export type Side = "snapshot" | "platform" | Pin | FoundVersion;

/** Can its versions be had without asking the platform? */
export function isAtHand(side: Side): boolean {
  return side === "snapshot" || (side !== "platform" && side.kind === "found");
}

interface FoundVersion {
  readonly kind: "found";
  readonly version: PromptVersionData;
}

/** What a side has for one prompt and pin: a version, or why there's none. Without a reason, nothing is committed. */
export interface SideVersion {
  /** What counts: of a pin what is committed, otherwise what the platform serves. */
  readonly version?: PromptVersionData | undefined;
  /** What the platform serves; undefined for a committed pin that it no longer serves. */
  readonly served?: PromptVersionData;
  /** What is committed; from the platform, only for a pin on a version. */
  readonly committed?: SnapshotEntry | undefined;
  readonly missing?: ScopeError;
  /** Why it can't be read: a form that nobody knows, a damaged file, an error about this prompt alone. */
  readonly unreadable?: ScopeError;
}

/** Was the platform asked for it? It isn't if nothing on that side asks for the prompt. */
export function isOnSide({ version, missing, unreadable }: SideVersion): boolean {
  return (version ?? missing ?? unreadable) !== undefined;
}

/** Everything that asks for one prompt and pin. */
export interface ResolvedPrompt {
  readonly ref: PromptRef;
  /** They differ only in syntax, narrowed types and provided variables; at least one. */
  readonly requests: readonly ResolvedImport[];
  /** As spelled in the code, and the specifiers of the config's keys; none for a prompt that others include. */
  readonly specifiers: readonly string[];
  readonly uses: readonly ScopeUse[];
  /** The prompts that include it, on any side. */
  readonly includedBy: readonly PromptRef[];
  /** The first place in the code that asks for it, directly or through a prompt that includes it. */
  readonly use: ScopeUse | undefined;
}

/** What imports lead to, and what each side has for it. */
export interface ResolvedPrompts {
  /** Each prompt and pin once, in no particular order. */
  readonly prompts: readonly ResolvedPrompt[];
  /** What a side has; nothing for a prompt that the platform wasn't asked for. */
  readonly sides: Sides<(ref: PromptRef) => Promise<SideVersion>>;
  /** The version that counts; throws why there's none. */
  readonly find: Sides<FindVersion>;
  /** Why versions can't be read, on any side. */
  readonly unreadable: ReadonlySet<ScopeError>;
  /** Forgets what the platform's side has of a prompt. */
  release(ref: PromptRef): void;
  /** @throws what concerns every prompt, if something was asked for later */
  throwIfForAll(): void;
}

/** Shows how far a command is. */
export interface FetchProgress {
  fetched(done: number, total: number, ref: PromptRef): void;
}

interface ResolveOptions {
  /**
   * Of a committed pin, what the platform serves counts, and a pin instead of labels stands for that of a prompt that is
   * asked for alone too. Default: what is committed counts, as in a build.
   */
  readonly takesServed?: boolean;
  /**
   * The platform is asked for a text that can't include others when that is needed, and it can be released: there can be
   * too many for memory. Default false.
   */
  readonly isLazy?: boolean;
  readonly progress?: FetchProgress | undefined;
}

/**
 * Resolves imports and the prompts that they include, directly or through others, on one side or two: each by the prompt
 * and pin of what the import says, whatever is asked for instead.
 *
 * @throws once, an outage or what else concerns every prompt
 * @example const { prompts, find } = await resolvePrompts(project, imports, { from: "snapshot", to: "platform" });
 */
export async function resolvePrompts(
  project: Project,
  imports: readonly {
    readonly request: ResolvedImport;
    readonly specifier?: string;
    readonly uses?: readonly ScopeUse[];
  }[],
  sides: { readonly [At in keyof Sides<Side>]?: Side | undefined },
  options: ResolveOptions = {},
): Promise<ResolvedPrompts> {
  const { concurrency } = project.options;
  const found = new Map<string, Writable<ResolvedPrompt>>();
  const promptOf = ({ ref }: ResolvedImport, use: ScopeUse | undefined) => {
    const known = found.get(refKey(ref));
    const prompt = known ?? { ref, use, requests: [], specifiers: [], uses: [], includedBy: [] };
    found.set(refKey(ref), prompt);
    return prompt;
  };
  for (const { request, specifier, uses = [] } of imports) {
    const prompt = promptOf(request, uses[0]);
    if (specifier !== undefined) prompt.specifiers.push(specifier);
    prompt.uses.push(...uses);
  }
  const seen = new Set<string>();
  const isFirst = (key: string) => {
    const isKnown = seen.has(key);
    seen.add(key);
    return !isKnown;
  };
  const own: ReadonlySet<string> = new Set(found.keys());
  const unreadable = new Set<ScopeError>();
  const resolveSide = async (side: Side) => {
    const reader = new SideReader(project, side, own, unreadable, options);
    const walked = new Set<string>();
    const walk = async (request: ResolvedImport, use: ScopeUse | undefined, includedBy?: PromptRef) => {
      const prompt = promptOf(request, use);
      const asked = refKey(request.ref);
      if (includedBy && isFirst(`${asked} in ${refKey(includedBy)}`)) prompt.includedBy.push(includedBy);
      const key = asked + dialectOf(request);
      if (isFirst(key)) prompt.requests.push(request);
      if (walked.has(key)) return;
      walked.add(key);
      // Only a text in mustache syntax can include others.
      if ((side === "snapshot" || options.isLazy) && request.syntax === "scope") return;
      const { version } = await reader.read(request.ref, use);
      if (version === undefined) return;
      await Promise.all(
        includedIn(request, version, project).map((one) => walk(one.request, use, request.ref)),
      );
    };
    await pMap(imports, ({ request, uses = [] }) => walk(request, uses[0]), { concurrency });
    reader.throwIfForAll();
    return reader;
  };
  const from = sides.from && (await resolveSide(sides.from));
  const to = sides.to && (await resolveSide(sides.to));
  const read = (reader: SideReader | undefined) => async (ref: PromptRef) => (await reader?.get(ref)) ?? {};
  const find = (reader: SideReader | undefined) => async (ref: PromptRef) => {
    const { version, missing, unreadable } = await read(reader)(ref);
    const problem = missing ?? unreadable;
    if (problem !== undefined) throw problem;
    return version;
  };
  return {
    prompts: [...found.values()],
    sides: { from: read(from), to: read(to) },
    find: { from: find(from), to: find(to) },
    unreadable,
    release: (ref) => to?.release(ref),
    throwIfForAll: () => to?.throwIfForAll(),
  };
}

/**
 * What is committed; with a label the versions that it points at, which `work` needs: it begins a sentence.
 *
 * @throws also why versions that a label points at can't be read
 */
export async function resolveLabel(
  project: Project,
  imports: Parameters<typeof resolvePrompts>[1],
  label: Label | undefined,
  work: string,
  progress?: FetchProgress,
): Promise<ResolvedPrompts> {
  if (label === undefined) return resolvePrompts(project, imports, { to: "snapshot" });
  needsPlatform(project, work);
  const resolved = await resolvePrompts(project, imports, { to: { kind: "label", label } }, { progress });
  throwAll([...resolved.unreadable], "prompts can't be fetched");
  return resolved;
}

/** With lists that can grow. */
type Writable<T> = { [K in keyof T]: T[K] extends readonly (infer One)[] ? One[] : T[K] };

/** How requests for one prompt and pin can differ. */
function dialectOf({ syntax, variables, provides }: ResolvedImport): string {
  return JSON.stringify([syntax, variables, provides]);
}

/** The prompts that a version includes; none if a tag has no valid name, which is said where it's compiled. */
function includedIn(request: ResolvedImport, version: PromptVersionData, { options }: Project) {
  try {
    return resolvePartials(request, version, options);
  } catch (error) {
    if (isScopeError(error)) return [];
    throw error;
  }
}

/** Reads the versions of one side, each once. */
class SideReader {
  readonly #project: Project;
  readonly #side: Side;
  readonly #own: ReadonlySet<string>;
  readonly #unreadable: Set<ScopeError>;
  readonly #options: ResolveOptions;
  /** Undefined if the platform isn't asked. */
  readonly #source: PolicySource | undefined;
  readonly #read = new Map<string, Promise<SideVersion>>();
  #done = 0;
  /** Refused credentials, for example: every other prompt would fail like this one. */
  #refused: unknown;

  /**
   * @param own the prompts and pins that are asked for directly
   * @param unreadable is given why versions can't be read
   */
  constructor(
    project: Project,
    side: Side,
    own: ReadonlySet<string>,
    unreadable: Set<ScopeError>,
    options: ResolveOptions,
  ) {
    this.#project = project;
    this.#side = side;
    this.#own = own;
    this.#unreadable = unreadable;
    this.#options = options;
    this.#source = isAtHand(side)
      ? undefined
      : new PolicySource(project, { info() {}, warn() {} }, { isForCommand: true });
  }

  /** @param use where its error is */
  read(ref: PromptRef, use?: ScopeUse): Promise<SideVersion> {
    const key = refKey(ref);
    const read = this.#read.get(key) ?? (this.#source ? this.#ask(this.#source, ref, use) : this.#load(ref));
    this.#read.set(key, read);
    return read;
  }

  /** The same, but the platform is only asked while imports are resolved, unless that is lazy. */
  get(ref: PromptRef): Promise<SideVersion> | undefined {
    return this.#source && !this.#options.isLazy ? this.#read.get(refKey(ref)) : this.read(ref);
  }

  release(ref: PromptRef): void {
    this.#read.delete(refKey(ref));
    this.#source?.forget(ref);
  }

  /** Every prompt fails because of the same outage or refusal: it's reported once. */
  throwIfForAll(): void {
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#source?.outage === undefined) return;
    throw [...this.#unreadable].find(isOutage) ?? this.#source.outage;
  }

  #failed(error: unknown): SideVersion {
    if (!isScopeError(error)) throw error;
    this.#unreadable.add(error);
    return { unreadable: error };
  }

  async #load(ref: PromptRef): Promise<SideVersion> {
    const side = this.#side;
    if (typeof side === "object" && side.kind === "found" && this.#own.has(refKey(ref)))
      return { version: side.version };
    try {
      const committed = await loadSnapshot(this.#project.options.snapshotDir, ref);
      return { version: committed?.version, committed };
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #ask(source: PolicySource, ref: PromptRef, use: ScopeUse | undefined): Promise<SideVersion> {
    if (this.#refused !== undefined) return {};
    const { takesServed = false, progress } = this.#options;
    const asked = { ...ref, pin: this.#pinFor(ref) };
    const { snapshotDir } = this.#project.options;
    const committed = asked.pin.kind === "version" ? await loadIfSound(snapshotDir, asked) : undefined;
    try {
      const { version: served } = await source.get(asked);
      return { version: takesServed ? served : (committed?.version ?? served), served, committed };
    } catch (error) {
      if (isMissing(error)) return committed ? { version: committed.version, committed } : { missing: error };
      if (concernsEveryPrompt(error)) {
        this.#refused ??= error;
        return {};
      }
      return this.#failed(use && isScopeError(error) ? locate(error, useAt(use)) : error);
    } finally {
      this.#done += 1;
      progress?.fetched(this.#done, Math.max(this.#done, this.#own.size), ref);
    }
  }

  #pinFor({ name, pin }: PromptRef): Pin {
    const instead = this.#side as "platform" | Pin;
    if (instead === "platform") return pin;
    const isAlone = this.#own.size === 1 && this.#own.has(refKey({ name, pin }));
    const isReplaced =
      (instead.kind === "label" && pin.kind === "label") || (this.#options.takesServed && isAlone);
    return isReplaced ? instead : pin;
  }
}

/** Can this run ask the platform? */
export function mayAsk({ options, fetchVersion }: Project): boolean {
  return options.fetch !== "never" && fetchVersion !== undefined;
}

/** Refuses work that needs the platform when it can't be asked; `work` begins a sentence: `A pull`. */
export function needsPlatform({ options, fetchVersion }: Project, work: string): void {
  if (options.fetch === "never")
    throw new ConfigurationError(
      `${work} needs the platform, but --fetch never or SCOPE_FETCH=never forbids it.`,
      { code: "fetch_never", hint: "Run it without --fetch never and SCOPE_FETCH=never." },
    );
  if (fetchVersion === undefined)
    throw new ConfigurationError(`${work} needs the platform, but no Scope credentials are set.`, {
      code: "build_credentials_needed",
      hint: `${howToSetCredentials(options.root)}. Without an account, start a local platform: scope-gen serve --write-env .env.local`,
    });
}
