import pMap from "p-map";
import { ConfigurationError, concernsEveryPrompt, isOutage } from "../../errors/classes.ts";
import { isScopeError, locate, type ScopeError } from "../../errors/scope-error.ts";
import { type Pin, type PromptRef, type PromptVersionData, refKey, type Sides } from "../../prompt.ts";
import type { FindVersion } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import { type ScopeUse, useAt } from "../discovery/find-uses.ts";
import type { Project } from "../project.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { loadIfSound, loadSnapshot } from "../snapshot/store.ts";
import { PolicySource } from "./source.ts";
import { howToSetCredentials, isMissing } from "./version-errors.ts";

/**
 * Where versions come from: what is committed; what the platform serves now, under each prompt's own pin or under one
 * instead of each label; or a version that is at hand.
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

/** Everything that asks for one prompt and pin. */
export interface ResolvedPrompt {
  readonly ref: PromptRef;
  /** They differ only in syntax, narrowed types and provided variables; at least one. */
  readonly requests: readonly ResolvedImport[];
  /** As spelled in the code, and the specifiers of the config's keys. */
  readonly specifiers: readonly string[];
  readonly uses: readonly ScopeUse[];
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
   * The platform is asked for a prompt when that is needed, and it can be released: there can be too many for memory.
   * Default false.
   */
  readonly isLazy?: boolean;
  readonly progress?: FetchProgress | undefined;
}

/**
 * Resolves imports on one side or two: each by the prompt and pin of what the import says, whatever is asked for instead.
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
  const known = new Set<string>();
  for (const { request, specifier, uses = [] } of imports) {
    const { ref } = request;
    const key = refKey(ref);
    const prompt = found.get(key) ?? { ref, requests: [], specifiers: [], uses: [] };
    found.set(key, prompt);
    if (specifier !== undefined) prompt.specifiers.push(specifier);
    prompt.uses.push(...uses);
    const dialect = key + dialectOf(request);
    if (!known.has(dialect)) prompt.requests.push(request);
    known.add(dialect);
  }
  const unreadable = new Set<ScopeError>();
  const resolveSide = async (side: Side) => {
    const reader = new SideReader(project, side, found, unreadable, options);
    if (!isAtHand(side) && !options.isLazy)
      await pMap(found.values(), ({ ref }) => reader.read(ref), { concurrency });
    reader.throwIfForAll();
    return reader;
  };
  const from = sides.from && (await resolveSide(sides.from));
  const to = sides.to && (await resolveSide(sides.to));
  const read = (reader: SideReader | undefined) => async (ref: PromptRef) => (await reader?.read(ref)) ?? {};
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

/** With lists that can grow. */
type Writable<T> = { [K in keyof T]: T[K] extends readonly (infer One)[] ? One[] : T[K] };

/** How requests for one prompt and pin can differ. */
function dialectOf({ syntax, variables, provides }: ResolvedImport): string {
  return JSON.stringify([syntax, variables, provides]);
}

/** Reads the versions of one side, each once. */
class SideReader {
  readonly #project: Project;
  readonly #side: Side;
  readonly #prompts: ReadonlyMap<string, ResolvedPrompt>;
  readonly #unreadable: Set<ScopeError>;
  readonly #options: ResolveOptions;
  /** Undefined if the platform isn't asked. */
  readonly #source: PolicySource | undefined;
  readonly #read = new Map<string, Promise<SideVersion>>();
  #done = 0;
  /** Refused credentials, for example: every other prompt would fail like this one. */
  #refused: unknown;

  /**
   * @param prompts by `refKey`
   * @param unreadable is given why versions can't be read
   */
  constructor(
    project: Project,
    side: Side,
    prompts: ReadonlyMap<string, ResolvedPrompt>,
    unreadable: Set<ScopeError>,
    options: ResolveOptions,
  ) {
    this.#project = project;
    this.#side = side;
    this.#prompts = prompts;
    this.#unreadable = unreadable;
    this.#options = options;
    this.#source = isAtHand(side)
      ? undefined
      : new PolicySource(project, { info() {}, warn() {} }, { isForCommand: true });
  }

  read(ref: PromptRef): Promise<SideVersion> {
    const key = refKey(ref);
    const read = this.#read.get(key) ?? (this.#source ? this.#ask(this.#source, ref) : this.#load(ref));
    this.#read.set(key, read);
    return read;
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
    if (typeof side === "object" && side.kind === "found") return { version: side.version };
    try {
      const committed = await loadSnapshot(this.#project.options.snapshotDir, ref);
      return { version: committed?.version, committed };
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #ask(source: PolicySource, ref: PromptRef): Promise<SideVersion> {
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
      const use = this.#prompts.get(refKey(ref))?.uses[0];
      return this.#failed(use && isScopeError(error) ? locate(error, useAt(use)) : error);
    } finally {
      this.#done += 1;
      progress?.fetched(this.#done, Math.max(this.#done, this.#prompts.size), ref);
    }
  }

  #pinFor({ pin }: PromptRef): Pin {
    const instead = this.#side as "platform" | Pin;
    if (instead === "platform") return pin;
    const isAlone = this.#prompts.size === 1;
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
