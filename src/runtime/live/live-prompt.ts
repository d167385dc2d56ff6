import type { TokenSource } from "../../client/api/token-source.ts";
import type { Label, PromptVersionData, Roles } from "../../prompt.ts";
import type { LiveBuild, LiveStatus, LiveVersion, VersionName } from "../live-registry.ts";
import type { RenderHelpers } from "./adopt-version.ts";

export interface LivePromptModule {
  readonly name: string;
  readonly label: Label;
  /** The compiled version. */
  readonly version: LiveVersion;
  /** What its `render` uses of the helper module. */
  readonly helpers: RenderHelpers;
  readonly build: LiveBuild;
  /** Of a version with a schema for answers. */
  readonly output?: LiveOutput | undefined;
  /** Updates every export of the module at once. */
  readonly show: (version: LiveVersion, promptId: string) => void;
}

/** The part of a version that determines its contract. */
export type LiveText = Pick<LiveVersion, "content" | "metadata">;

/** What changes the contract of the first version in the second one, in words. */
type CompareVersions = (from: LiveText, to: LiveText) => readonly string[];

export type LiveOutput = (
  compare: CompareVersions,
  ...versions: Parameters<CompareVersions>
) => ReturnType<CompareVersions>;

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

export interface CompiledVersion {
  readonly version: LiveVersion;
  readonly helpers: RenderHelpers;
  /** Its `fingerprint`. */
  readonly text: string;
  readonly output: LiveOutput | undefined;
  readonly roles: Roles;
  /** One for each module that has it: the same one may be in two bundles, or be evaluated again. */
  readonly shows: LivePromptModule["show"][];
  served: LiveVersion;
  servedText: string;
  /** What the platform calls the prompt, once it has served a version. */
  promptId?: string;
  /** Of what the label last pointed at. If it isn't {@link servedText}, it changes the contract. */
  labelledText: string;
  /** Wall clock, for people. */
  confirmedAt?: Date;
}

/** A live prompt of this process: what is polled. */
export interface LivePrompt extends Pick<LivePromptModule, "name" | "label" | "build"> {
  readonly site: Site;
  /** More than one if bundles of several builds run in one process. */
  readonly compiled: CompiledVersion[];
  /** A render or a read found that it's time for a poll. */
  readonly onDue: (prompt: LivePrompt) => void;
  /** On the monotonic clock, when the last poll began. */
  polledAtMs: number;
  /** From then to the next one. */
  waitMs: number;
  /** {@link waitMs} in intervals. */
  waitIntervals: number;
  resolved?: PollResult;
  /** Problems that were reported since a poll last succeeded. */
  readonly reportedProblems: Set<string>;
  /** We don't know what the label points at now. */
  isStale: boolean;
}

/** Makes a module show what its prompt serves. Says whether its version is new: another module may have brought it. */
export function addModule(
  { compiled }: LivePrompt,
  { version, helpers, output, build, show }: LivePromptModule,
): boolean {
  const text = fingerprint(version);
  const same = compiled.find((other) => other.text === text);
  if (same) {
    same.shows.push(show);
    if (same.promptId) show(same.served, same.promptId);
    return false;
  }
  compiled.push({
    version,
    helpers,
    output,
    roles: build.roles,
    text,
    shows: [show],
    served: version,
    servedText: text,
    labelledText: text,
  });
  return true;
}

/** Called by every render and read of a live module: starts a poll when it's time for one. Never throws. */
export function due(prompt: LivePrompt): void {
  const elapsedMs = coarseNow() - prompt.polledAtMs;
  // A clock that was set back (a machine that was moved or restored) must not delay polls for long.
  if (!(elapsedMs < prompt.waitMs && elapsedMs >= 0)) prompt.onDue(prompt);
}

/** Everything about a version that can be served, as one text. */
export function fingerprint({
  versionId,
  versionNumber,
  content,
  metadata,
}: Omit<LiveVersion, "render" | "attributes">): string {
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
