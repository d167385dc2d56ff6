import type { Finding } from "../commands/doctor/finding.ts";
import type { Change, Grade } from "../contract/contract.ts";
import type { InputType } from "../contract/input-type.ts";
import type { JsonObject } from "../prompt.ts";
import type { LintFinding } from "../review/lint/lint-prompts.ts";

/** The shapes of the JSON that the server sends the page. Only types: both sides import them. */

/** One prompt in the list. */
export interface Row {
  /** One text for all spellings of the import. Other requests use it to name the prompt. */
  readonly specifier: string;
  readonly name: string;
  readonly key: string;
  readonly pin: string;
  readonly live: boolean;
  /** Nothing imports or configures it: other prompts include it. */
  readonly isPartial: boolean;
  /** Committed version number. */
  readonly committed: number | undefined;
  /** Version number that the platform serves now. */
  readonly current: number | undefined;
  /** As `check` shows it; undefined if the platform wasn't asked, or has never responded for this prompt. */
  readonly grade: Grade | undefined;
  /** The grade is of an earlier response: the platform doesn't respond for it now. */
  readonly isStale: boolean;
  readonly changes: readonly ChangeLine[];
  readonly variables: readonly string[];
  readonly calls: number;
  readonly imports: number;
  /** Remarks about its pin, as in `check`, and what a dev server previews. */
  readonly notes: readonly string[];
  /** Why it can't be used. */
  readonly problem: string | undefined;
  /** Changes whenever one of the two versions changes. */
  readonly digest: string;
}

export type ChangeLine = Pick<Change, "message" | "breaks">;

export interface Overview {
  readonly project: string;
  /**
   * `pending`: what is committed is listed, and the platform is being asked. `unreached`: it doesn't respond or refuses
   * the credentials, and {@link problem} says so in one line. `failed`: something here keeps prompts from being compared.
   */
  readonly platform: "compared" | "skipped" | "failed" | "pending" | "unreached";
  /** ISO 8601: when everything was compared last, if the platform isn't reached now. */
  readonly comparedAt: string | undefined;
  /** Worst grade first, then by name and pin. */
  readonly rows: readonly Row[];
  /** Committed but unused. */
  readonly unused: readonly string[];
  /** The problems of prompts whose last good version the dev server serves; empty without a dev server. */
  readonly devProblems: readonly string[];
  /** What keeps prompts from being listed or compared. */
  readonly problem: string | undefined;
}

/** A version of a prompt that you can look at. */
export interface VersionAtHand {
  /**
   * Names it in other requests: `snapshot`, `own` for what the prompt's pin serves now, `production`, `latest`, or a
   * version ID. The prompts that a version includes come from the same side: two sides can have the same version and
   * still differ.
   */
  readonly side: string;
  readonly number: number;
  /** Where it is: `committed`, `production`, `git 3f2a1bc`. */
  readonly places: readonly string[];
  readonly status: string;
  /** Who promoted it, when, and its tags, in words; empty if the platform doesn't say. */
  readonly promotion: string;
}

export interface PromptDetails {
  readonly versions: readonly VersionAtHand[];
  /** Sample values, by the sample's name. */
  readonly samples: readonly { readonly name: string; readonly values: unknown }[];
  /** The folder of the samples, relative to the project. */
  readonly samplesFile: string;
  /** Why the platform's versions are missing from the list. */
  readonly problem: string | undefined;
}

/** A stretch of a template. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "partial"; readonly name: string }
  | {
      readonly kind: "section";
      readonly name: string;
      readonly isInverted: boolean;
      readonly segments: readonly Segment[];
    };

export interface VersionDetails {
  readonly number: number;
  readonly messages: readonly { readonly role: string | undefined; readonly segments: readonly Segment[] }[];
  readonly metadata: JsonObject;
  /** What `render` accepts; undefined: nothing. */
  readonly parameter: InputType | undefined;
  readonly warnings: readonly string[];
  /** The prompts that it includes itself, each once. */
  readonly includes: readonly IncludedPrompt[];
  /** Names the compiled function for a rendering. */
  readonly render: string;
}

export interface IncludedPrompt {
  /** Of its row; undefined if it isn't in the list. */
  readonly specifier: string | undefined;
  readonly name: string;
}

/** The result of a render call. A message without a role is a text. */
export interface RenderedText {
  readonly messages: readonly { readonly role: string | undefined; readonly text: string }[];
  readonly problem: string | undefined;
}

/** A stretch of two texts that were compared word by word. */
export interface DiffPiece {
  readonly kind: "same" | "gone" | "new";
  /** A template's tag, in whole: `{{name}}`. */
  readonly isTag?: true;
  readonly text: string;
}

export interface ComparedText {
  /** `message 2 (user)`, or a key of metadata; undefined for a text prompt. */
  readonly title: string | undefined;
  readonly pieces: readonly DiffPiece[];
}

export interface Difference {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly grade: Grade;
  readonly changes: readonly ChangeLine[];
  /** What the versions cost, in a line; empty where they cost the same. */
  readonly cost: string;
  /** The same of the renderings of its samples. */
  readonly renderedTokens: string;
  readonly problem: string | undefined;
  readonly texts: readonly ComparedText[];
  /** The keys whose values changed, with these as indented JSON. */
  readonly metadata: readonly ComparedText[];
  /** The prompts that it includes, directly or through others, and that also differ. */
  readonly included: readonly (IncludedPrompt & {
    readonly from: number | undefined;
    readonly to: number | undefined;
    readonly grade: Grade;
  })[];
  readonly samples: readonly {
    readonly sample: string;
    readonly texts: readonly ComparedText[];
    /** Why a version renders nothing, and which one. */
    readonly problems: readonly string[];
  }[];
}

/** A place in the code. */
export interface CallSite {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The whole call, or the line; empty if it can't be read. */
  readonly code: string;
}

export interface CallSites {
  /** The calls, and the imports that are passed on instead of called. */
  readonly uses: readonly (CallSite & { readonly isCall: boolean })[];
  /** The calls that the requested version breaks, with what it includes, each with the compiler's message. */
  readonly broken: readonly (CallSite & { readonly message: string })[];
  /** Components with markup that import the prompt: their calls weren't searched. Relative to the project. */
  readonly unseen: readonly string[];
  /** The grade after the type checker has seen the calls; undefined if the platform wasn't asked. */
  readonly grade: Grade | undefined;
  /** Committed version number. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly changes: readonly ChangeLine[];
  /** Why there is nothing to compare with. */
  readonly problem: string | undefined;
}

export interface Health {
  /** What `scope-gen doctor` says. */
  readonly checks: readonly Finding[];
  /** What `scope-gen lint` finds in what is committed. */
  readonly rules: readonly RuleFinding[];
  /** Why that isn't all. */
  readonly rulesProblem: string | undefined;
}

/** What a rule for prompts found. */
export interface RuleFinding extends Pick<LintFinding, "rule" | "severity" | "message" | "hint"> {
  readonly prompt: IncludedPrompt;
}

/** What this process asked the platform. */
export interface Requests {
  /** Newest first. */
  readonly requests: readonly RequestLine[];
  readonly lastOutage: { readonly at: string; readonly message: string } | undefined;
}

export interface RequestLine {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** Undefined if no whole response came. */
  readonly status: number | undefined;
  readonly elapsedMs: number;
}
