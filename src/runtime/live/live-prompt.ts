import type { Label } from "../../prompt.ts";
import type { LiveBuild, LiveVersion } from "../live-types.ts";
import type { LiveContract } from "./adopt-version.ts";
import { turnTime } from "./coarse-clock.ts";
import type { LiveData } from "./decode-answer.ts";
import type { RenderHelpers } from "./render-content.ts";
import type { Tokens } from "./tokens.ts";

/** What an emitted module says of its prompt. */
export interface LivePromptModule {
  readonly name: string;
  readonly label: Label;
  /** The compiled version. */
  readonly version: LiveVersion;
  /** What its `render` uses of the helper module. */
  readonly helpers: RenderHelpers;
  readonly build: LiveBuild;
  /** Moves every export of the module at once. */
  readonly show: (version: LiveVersion, promptId: string) => void;
}

/** What the prompts of one build share: an application on a platform. */
export interface Site {
  tokens?: Tokens;
  /** What {@link tokens} were asked with. */
  tokensFor?: string;
  /** No looks until then: the login fails, or there is nothing to log in with. */
  pausedUntilMs: number;
  /** Faults of all prompts that were told since a look last brought an answer. */
  readonly toldFaults: Set<string>;
}

/** What a look brought. */
export interface Answer {
  /** Answers to later requests have greater numbers. */
  readonly number: number;
  readonly data: LiveData;
  /** Its `fingerprint`. */
  readonly text: string;
  readonly etag: string | null;
  /** Where {@link etag} means something: address, environment and organisation. */
  readonly site: string;
}

/** A version that was compiled, and what is served in its stead. */
export interface CompiledVersion {
  readonly version: LiveVersion;
  readonly helpers: RenderHelpers;
  /** Its `fingerprint`. */
  readonly text: string;
  /** Read off when it is first needed. */
  contract?: LiveContract;
  /** One of each module that has it: the same may be in two bundles, or be evaluated again. */
  readonly shows: LivePromptModule["show"][];
  served: LiveVersion;
  servedText: string;
  /** What the platform calls the prompt, once it has served a version. */
  promptId?: string;
  /** Of what the label pointed at last. Another than {@link servedText}: it does not keep the contract. */
  judgedText: string;
  /** Wall clock, for people. */
  confirmedAt?: Date;
}

/** A live prompt of this process: what is looked at. */
export interface LivePrompt extends Pick<LivePromptModule, "name" | "label" | "build"> {
  readonly site: Site;
  /** More than one where bundles of several builds run in one process. */
  readonly compiled: CompiledVersion[];
  /** A render or a read found that it is time for a look. */
  readonly onDue: (prompt: LivePrompt) => void;
  /** On the monotonic clock, when the last look began. */
  lookedAtMs: number;
  /** From then to the next one. */
  waitMs: number;
  /** {@link waitMs} in intervals. */
  waitIntervals: number;
  answer?: Answer;
  /** Faults that were told since a look last brought an answer. */
  readonly toldFaults: Set<string>;
  /** It is not known what the label points at now. */
  isStale: boolean;
}

/** Called by every render and read of a live module: starts a look when it is time for one. Throws nothing. */
export function due(prompt: LivePrompt): void {
  const elapsedMs = turnTime() - prompt.lookedAtMs;
  // A clock that was set back (a machine that was moved or restored) must not put looks off for long.
  if (!(elapsedMs < prompt.waitMs && elapsedMs >= 0)) prompt.onDue(prompt);
}
