import type { TokenSource } from "../../client/api/token-source.ts";
import type { Label, MetadataRule, PromptVersionData } from "../../prompt.ts";
import type { LiveBuild, LiveStatus, LiveVersion, VersionName } from "../live-registry.ts";
import type { RenderHelpers } from "./adopt-version.ts";

export interface LivePromptModule {
  readonly name: string;
  readonly label: Label;
  /** The compiled version. */
  readonly version: LiveVersion;
  /** What its `render` uses of the helper module. */
  readonly helpers: RenderHelpers;
  /** Variables that every call sends, whether or not a version uses them. */
  readonly provides?: readonly string[] | undefined;
  readonly build: LiveBuild;
  /** What an editor may choose of the metadata. Default: anything. */
  readonly metadataRule?: MetadataRule | undefined;
  /** Updates every export of the module at once. */
  readonly show: (version: LiveVersion, promptId: string) => void;
}

/** The part of a version that determines its contract. */
export type LiveText = Pick<LiveVersion, "content" | "metadata">;

export interface Site {
  tokens?: TokenSource;
  /** What {@link tokens} were requested with. */
  tokensFor?: string;
  /** The function or object that provides them. */
  tokensOf?: object | undefined;
  /** No polls until then: the login fails, or there's nothing to log in with. */
  pausedUntilMs: number;
  /** Problems of all prompts that were reported since a poll last succeeded. */
  readonly reportedProblems: Set<string>;
}

/** The part of a version that a live prompt serves. */
export interface LiveData
  extends Pick<PromptVersionData, "promptId" | "versionNumber" | "content" | "metadata"> {
  readonly versionId: string;
}

/** What the label points at, as of one poll. */
export interface PollResult {
  /** Counts up in the order in which the requests were sent. */
  readonly number: number;
  readonly data: LiveData;
  /** Its `fingerprint`. */
  readonly text: string;
  readonly etag: string | undefined;
  /** Where {@link etag} is valid: address, environment and organisation. */
  readonly site: string;
}

export type CompiledVersion = ReturnType<typeof compiledVersion>;

function compiledVersion(
  { version, helpers, provides = [], metadataRule, build, show }: LivePromptModule,
  text: string,
) {
  return {
    version,
    helpers,
    provides,
    /** Its `fingerprint`. */
    text,
    metadataRule,
    roles: build.roles,
    /** One for each module that has it: the same one may be in two bundles, or be evaluated again. */
    shows: [show],
    served: version,
    servedText: text,
    /** What the platform calls the prompt, once it has served a version. */
    promptId: undefined as string | undefined,
    /** Of what the label last pointed at. If it isn't the one that is served, it changes the contract. */
    labelledText: text,
    /** Wall clock, for people. */
    confirmedAt: undefined as Date | undefined,
  };
}

/** A live prompt of this process: what is polled. */
export type LivePrompt = ReturnType<typeof livePrompt>;

/** @param onDue a render or a read found that it's time for a poll */
export function livePrompt({ name, label, build }: LivePromptModule, site: Site, onDue: () => void) {
  return {
    name,
    label,
    build,
    site,
    /** More than one if bundles of several builds run in one process. */
    compiled: [] as CompiledVersion[],
    onDue,
    /** On the monotonic clock, when the last poll began. */
    polledAtMs: -Infinity,
    /** From then to the next one, also in intervals. */
    waitMs: 0,
    waitIntervals: 0,
    resolved: undefined as PollResult | undefined,
    /** Problems that were reported since a poll last succeeded. */
    reportedProblems: new Set<string>(),
    /** We don't know what the label points at now. */
    isStale: false,
  };
}

/** Makes a module show what its prompt serves. Says whether its version is new: another module may have brought it. */
export function addModule({ compiled }: LivePrompt, module: LivePromptModule): boolean {
  const text = fingerprint(module.version);
  const same = compiled.find((other) => other.text === text);
  if (!same) {
    compiled.push(compiledVersion(module, text));
    return true;
  }
  same.shows.push(module.show);
  if (same.promptId) module.show(same.served, same.promptId);
  return false;
}

/** Called by every render and read of a live module: starts a poll when it's time for one. Never throws. */
export function due(prompt: LivePrompt): void {
  const elapsedMs = coarseNow() - prompt.polledAtMs;
  // A clock that was set back (a machine that was moved or restored) must not delay polls for long.
  if (!(elapsedMs < prompt.waitMs && elapsedMs >= 0)) prompt.onDue();
}

/** Everything about a version that can be served, as one text. */
export function fingerprint({ versionId, versionNumber, content, metadata }: LiveText & VersionName): string {
  return JSON.stringify([versionId, versionNumber, content, metadata]);
}

export function statusOf({ name, label, compiled, isStale }: LivePrompt): LiveStatus[] {
  return compiled.map(({ version, served, servedText, labelledText, confirmedAt }) => {
    const status =
      isStale || labelledText !== servedText ? "stale" : served === version ? "compiled" : "refreshed";
    return { name, label, status, ...nameOf(served), lastConfirmed: confirmedAt };
  });
}

export function nameOf({ versionId, versionNumber }: LiveVersion): VersionName {
  return { versionId, versionNumber };
}

let timeMs = 0;
let isCurrent = false;

/** The monotonic time, read once per turn: every live render asks, and a clock costs as much as a short template. */
export function coarseNow(): number {
  if (!isCurrent) {
    isCurrent = true;
    timeMs = performance.now();
    queueMicrotask(forget);
  }
  return timeMs;
}

function forget(): void {
  isCurrent = false;
}
