import type { checkJson } from "../commands/check/check-json.ts";
import type { diffJson } from "../commands/diff/diff-json.ts";
import type { Finding } from "../commands/doctor/finding.ts";
import type { findingsJson } from "../commands/lint/findings.ts";
import type { listJson } from "../commands/list/list-json.ts";
import type { Rendered } from "../commands/render/render-thread.ts";
import type { InputType } from "../contract/input-type.ts";
import type { JsonObject } from "../prompt.ts";

/**
 * What the server sends the page: the documents that commands print with `--json`, and what no command prints. Only
 * types: both sides import them.
 */

/** What the list of prompts shows. */
export interface Overview {
  readonly project: string;
  readonly list: ReturnType<typeof listJson>;
  /** What is committed and what the platform serves, also where they're the same; undefined: not compared. */
  readonly diff?: ReturnType<typeof diffJson> | undefined;
  /**
   * `pending`: the platform is being asked. `unreached`: it doesn't respond or refuses the credentials, and
   * {@link problem} says so in one line. `failed`: something here keeps prompts from being compared.
   */
  readonly platform: "compared" | "skipped" | "failed" | "pending" | "unreached";
  readonly problem?: string | undefined;
  /** ISO 8601: when everything was compared last, if the platform isn't reached now. */
  readonly comparedAt?: string | undefined;
  /** What no command says of a prompt, by specifier. */
  readonly prompts: Readonly<Record<string, PromptState>>;
  /** The problems of prompts whose last good version the dev server serves; empty without a dev server. */
  readonly devProblems: readonly string[];
}

export interface PromptState {
  /** How often the code calls it. */
  readonly calls: number;
  /** What a dev server previews. */
  readonly preview?: string | undefined;
  /** The platform doesn't respond for it now. `isKnown`: what is compared is an earlier response. */
  readonly failure?: { readonly message: string | undefined; readonly isKnown: boolean } | undefined;
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
  readonly place: string;
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
  | { readonly kind: "variable" | "partial"; readonly name: string }
  | {
      readonly kind: "section";
      readonly name: string;
      readonly isInverted: boolean;
      readonly segments: readonly Segment[];
    };

export interface VersionDetails {
  readonly messages: readonly { readonly role: string | undefined; readonly segments: readonly Segment[] }[];
  readonly metadata: JsonObject;
  /** What `render` accepts; undefined: nothing. */
  readonly parameter: InputType | undefined;
  readonly warnings: readonly string[];
  /** The prompts that it includes itself, each once. */
  readonly includes: readonly JsonRef[];
  /** Names the compiled function for a rendering. */
  readonly render: string;
}

/** A prompt and its pin as `--json` prints them. */
export type JsonRef = Pick<Overview["list"]["prompts"][number], "name" | "pin">;

/** The result of a render call. */
export type RenderedVersion = Rendered;

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

/** `diff --samples --json` of one prompt, followed by what it includes; its texts word by word, and its cost in words. */
export interface Difference extends ReturnType<typeof diffJson> {
  /** Empty where the versions cost the same. */
  readonly cost: string;
  readonly renderedTokens: string;
  readonly texts: readonly ComparedText[];
  /** The keys whose values changed, with these as indented JSON. */
  readonly metadata: readonly ComparedText[];
  /** Of each sample's renderings. */
  readonly samples: readonly (readonly ComparedText[])[];
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
  /** With the requested version of this prompt; undefined if the platform wasn't asked. */
  readonly check: ReturnType<typeof checkJson> | undefined;
  /** Of the calls in {@link check} that break, in their order. */
  readonly broken: readonly CallSite[];
  /** The files whose calls no compiler checked, in the words of `check`; empty if there are none. */
  readonly unchecked: string;
  /** Why there is nothing to compare with. */
  readonly problem: string | undefined;
}

/** `doctor --json` and `lint --json`. */
export interface Health {
  readonly checks: readonly Finding[];
  readonly findings: ReturnType<typeof findingsJson>;
  /** Why the findings aren't all. */
  readonly problem: string | undefined;
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
