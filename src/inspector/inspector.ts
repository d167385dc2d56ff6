import { basename } from "node:path";
import { checkProject } from "../commands/check/check-project.ts";
import { checkJson, unseenText } from "../commands/check/report.ts";
import { type ComparedPrompt, comparePrompts, type ProjectComparison } from "../commands/compare-prompts.ts";
import { diffJson, diffPrompts } from "../commands/diff/diff-prompts.ts";
import { askFor, fetchVersions, mayAsk } from "../commands/fetch-versions.ts";
import { refJson } from "../commands/json-parts.ts";
import { listJson, listPrompts } from "../commands/list/list-prompts.ts";
import { unknownName } from "../commands/select-imports.ts";
import { formatError, shortPath } from "../errors/format-error.ts";
import { asRun, oneLine } from "../errors/printable.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { asOne } from "../errors/scope-errors.ts";
import { committedVersions, compileRequest } from "../project/compile-request.ts";
import type { LoadOptionsInput } from "../project/config/load-options.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { type Label, type PromptRef, refKey } from "../prompt.ts";
import type { PollingClient } from "../run/dev/polling-client.ts";
import { type CallSites, callsOf, fileOf, siteAt, startTypeChecker } from "./call-sites.ts";
import { PlatformView, type Round } from "./platform-view.ts";
import {
  includedIn,
  keepRenders,
  samplesOf,
  saveSample,
  sideOf,
  templateOf,
  versionsAtHand,
  versionsOf,
} from "./versions.ts";
import { type ComparedTexts, wordsOf } from "./word-diff.ts";

export interface InspectorInput {
  readonly project: Project;
  /** What a dev server says of the prompts that it serves, and its way to the platform. */
  readonly session?: (() => InspectedSession | undefined) | undefined;
  /** How the project was opened. */
  readonly doctor: Pick<LoadOptionsInput, "cwd" | "mode" | "env">;
}

interface InspectedSession {
  readonly problems: { readonly texts: readonly string[] };
  /** By `refKey`. */
  readonly previews: ReadonlyMap<string, string>;
  readonly client?: PollingClient | undefined;
}

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

/** What the page gets from the method of that name. */
export type PromptDetails = Awaited<ReturnType<Inspector["prompt"]>>;
export type VersionDetails = Awaited<ReturnType<Inspector["version"]>>;
/** What came out of a rendering, or why nothing did. */
export type Rendering = NonNullable<Awaited<ReturnType<Inspector["renders"]["render"]>>>;
export type Health = Awaited<ReturnType<Inspector["health"]>>;
export type Requests = Inspector["platform"]["requests"];
/** `diff --samples --json` of one prompt, followed by what it includes; its texts word by word, and its cost in words. */
export type Difference = ReturnType<typeof diffJson> & ComparedTexts;
/** A prompt and its pin as `--json` prints them. */
export type JsonRef = Pick<Overview["list"]["prompts"][number], "name" | "pin">;

/** Answers the page with the documents of the commands, and with what no command prints. Writes only samples. */
export class Inspector {
  readonly project: Project;
  readonly #input: InspectorInput;
  readonly platform: PlatformView;
  readonly renders = keepRenders();
  readonly #typeChecker = startTypeChecker();
  /** ISO 8601: when everything was compared last. */
  #comparedAt: string | undefined;
  /** The import of each prompt, by its specifier. A partial is compiled as the prompt that includes it. */
  #requests: ReadonlyMap<string, ResolvedImport> = new Map();
  /** Pages that ask for the same at the same time share the work. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(input: InspectorInput) {
    this.#input = input;
    this.platform = new PlatformView(input.project, () => input.session?.()?.client);
    this.project = this.platform.project;
  }

  /** What is committed, at once. */
  committed(): Promise<Overview> {
    return this.#listed({ platform: "pending" });
  }

  overview(): Promise<Overview> {
    return this.#shared("overview", async () => {
      const round = this.platform.round();
      try {
        return await this.#compared(await comparePrompts(round.project), round);
      } catch (error) {
        if (!isScopeError(error)) throw error;
        return this.#listed({ platform: "failed", problem: this.errorText(error) });
      }
    });
  }

  async #compared({ platform, prompts }: ProjectComparison, round: Round): Promise<Overview> {
    if (platform === "skipped") return this.#listed({ platform });
    const diff = diffJson(prompts);
    const isNew = prompts.filter(({ specifiers }) => specifiers.length === 0);
    const partials = isNew.flatMap(({ requests }) => requests.slice(0, 1));
    const { outage } = round;
    if (outage === undefined) {
      this.#comparedAt = new Date().toISOString();
      return this.#listed({ platform, diff }, partials, round);
    }
    const unreached = { platform: "unreached", problem: oneLine(outage.message) } as const;
    return this.#listed({ ...unreached, comparedAt: this.#comparedAt, diff }, partials, round);
  }

  /** @param partials what the platform's versions include, whether or not it's committed */
  async #listed(
    state: Pick<Overview, "platform" | "problem" | "comparedAt" | "diff">,
    partials: readonly ResolvedImport[] = [],
    round?: Round,
  ): Promise<Overview> {
    const { root } = this.project.options;
    const { problems, previews } = this.#input.session?.() ?? {};
    const common = { project: basename(root), devProblems: problems?.texts ?? [] };
    const list = await listPrompts(this.project).catch((error: unknown) => {
      if (!isScopeError(error)) throw error;
      return error;
    });
    if (isScopeError(list)) {
      const nothing = { prompts: [], included: [], unused: [], computed: [] };
      const failed = { platform: "failed", problem: this.errorText(list) } as const;
      return { ...common, ...failed, list: nothing, prompts: {} };
    }
    const known = new Set([...list.prompts, ...list.included].map(({ request }) => refKey(request.ref)));
    const nothing = { entry: undefined, variables: undefined, compiled: undefined, problem: undefined };
    const isNew = partials.filter(({ ref }) => !known.has(refKey(ref)));
    const included = [
      ...list.included,
      ...isNew.map((request) => ({ request, ...nothing, uses: [], includedBy: [] })),
    ];
    const all = [...included, ...list.prompts];
    this.#requests = new Map(all.map(({ request }) => [request.specifier, request]));
    const prompts = all.map(async ({ request: { specifier, ref }, uses }) => {
      const calls = (await callsOf(this.project, uses)).filter(({ isCall }) => isCall).length;
      const failed = round?.failures.get(refKey(ref));
      // An outage is one problem of all prompts.
      const message = failed && round?.outage === undefined ? oneLine(failed.error.message) : undefined;
      const failure = failed && { message, isKnown: failed.isKnown };
      return [specifier, { calls, preview: previews?.get(refKey(ref)), failure }] as const;
    });
    return {
      ...common,
      ...state,
      list: listJson({ ...list, included }, new Map(), root),
      prompts: Object.fromEntries(await Promise.all(prompts)),
    };
  }

  /** @param isLocal leave the platform out: what is committed is available at once */
  async prompt(specifier: string, isLocal: boolean) {
    const request = await this.#request(specifier);
    const { versions, problem } = await versionsAtHand(this.project, request, !isLocal);
    return {
      versions,
      ...(await samplesOf(this.project, request)),
      /** Why the platform's versions are missing from the list. */
      problem: problem === undefined ? undefined : this.errorText(problem),
    };
  }

  async version(specifier: string, side: string) {
    const request = await this.#request(specifier);
    const pick = await versionsOf(this.project, request, side);
    const compiled = await compileRequest(request, this.project.options, pick);
    const includes = includedIn(compiled).map(refJson);
    return { ...templateOf(compiled), includes, render: this.renders.keep(compiled) };
  }

  async difference(specifier: string, from: string, to: string): Promise<Difference> {
    const request = await this.#request(specifier);
    const diffs = await diffPrompts(this.project, {
      specifier: request,
      from: await sideOf(this.project, request, from),
      to: await sideOf(this.project, request, to),
      load: this.renders.load,
    });
    return { ...diffJson(diffs), ...wordsOf(diffs[0] as ComparedPrompt, request.syntax) };
  }

  /**
   * Where a prompt is imported, and which calls another version would break: the version that the label points at, or
   * without a label the one that the prompt's own pin serves now. The other prompts are as they were compared last.
   *
   * @param isLocal leave the platform and the type checker out
   */
  async callSites(specifier: string, label: Label | undefined, isLocal: boolean): Promise<CallSites> {
    const request = await this.#request(specifier);
    const { root } = this.project.options;
    const key = refKey(request.ref);
    const { prompts } = await listPrompts(this.project);
    const uses = prompts.filter((one) => refKey(one.request.ref) === key).flatMap((one) => one.uses);
    const sites = { uses: await callsOf(this.project, uses), broken: [], unchecked: "" };
    if (isLocal || !mayAsk(this.project)) return sites;
    try {
      const verdict = await this.#shared(`calls ${specifier} ${label}`, () => this.#check(request, label));
      const { calls = [], unseen = [] } = verdict.prompts.find(({ ref }) => refKey(ref) === key) ?? {};
      return {
        ...sites,
        check: checkJson(verdict, root),
        broken: await Promise.all(calls.map((call) => siteAt(this.project, call, uses))),
        unchecked: unseen.length === 0 ? "" : unseenText(unseen, (file) => shortPath(file, root)),
      };
    } catch (error) {
      if (!isScopeError(error)) throw error;
      const { cause } = error;
      return { ...sites, problem: oneLine(isScopeError(cause) ? cause.message : error.message) };
    }
  }

  async #check(request: ResolvedImport, label: Label | undefined) {
    const { project } = this;
    const asked = await fetchVersions(project, [{ request, uses: [] }], { ask: askFor(label) });
    const fetchVersion = async (ref: PromptRef) => {
      const own = asked.get(refKey(ref));
      if (own?.missing !== undefined) throw own.missing;
      return own?.served ?? this.platform.lastKnown(ref);
    };
    const { findBrokenCalls } = this.#typeChecker;
    return checkProject({ ...project, fetchVersion }, { warn: () => {}, findBrokenCalls });
  }

  /** @param values undefined: remove the sample */
  async saveSample(specifier: string, sample: string, values: unknown): Promise<void> {
    await saveSample(this.project, await this.#request(specifier), sample, values);
  }

  /**
   * Opens a source of the project in the running editor, or in the one that `LAUNCH_EDITOR` names; returns whether it
   * is a source.
   */
  async open(file: string, line: number, column: number): Promise<boolean> {
    const path = await fileOf(this.project, file);
    if (path === undefined) return false;
    const { default: launchEditor } = await import("launch-editor");
    // Errors are printed in the terminal of the server.
    launchEditor(`${path}:${line}:${column}`);
    return true;
  }

  /** What `doctor` says, and what `lint` says about what is committed. */
  health() {
    return this.#shared("health", async () => {
      const { configFile, fetch } = this.project.options;
      // It evaluates configs as code, and both are loaded only when somebody asks for them.
      const { examine } = await import("../commands/doctor/examine.ts");
      const flags = fetch === "never" ? { fetch } : {};
      const checks = examine({ ...this.#input.doctor, configFile, flags, isTestRun: false });
      return { ...(await this.#lint()), checks: await checks };
    });
  }

  async #lint() {
    const { lintVersions } = await import("../commands/lint/lint-project.ts");
    const { findingsJson } = await import("../commands/lint/findings.ts");
    const findings: ReturnType<typeof findingsJson> = [];
    try {
      const linted = await lintVersions(this.project, committedVersions(this.project.options));
      const error = asOne(linted.errors, "prompts can't be read");
      findings.push(...findingsJson(linted.findings.map((one) => ({ ...one, hint: asRun(one.hint) }))));
      /** Why the findings aren't all. */
      return { findings, problem: error === undefined ? undefined : this.errorText(error) };
    } catch (error) {
      if (!isScopeError(error)) throw error;
      return { findings, problem: this.errorText(error) };
    }
  }

  /** Stops listening, and closes the project's connections. */
  async close(): Promise<void> {
    this.renders.close();
    this.#typeChecker.close();
    await this.platform.close();
  }

  /** An error in text for a person. */
  errorText(error: unknown): string {
    return formatError(error, { cwd: this.project.options.root });
  }

  #shared<T>(what: string, work: () => Promise<T>): Promise<T> {
    const shared = this.#underWay.get(what) ?? work().finally(() => this.#underWay.delete(what));
    this.#underWay.set(what, shared);
    return shared as Promise<T>;
  }

  /** @throws for a prompt that the project doesn't have */
  async #request(specifier: string): Promise<ResolvedImport> {
    const { specifier: own, key } = resolveSpecifier(specifier, this.project.options);
    if (!this.#requests.has(own)) {
      const before = this.#requests;
      await this.committed();
      // A page can show a partial that only the platform has.
      this.#requests = new Map([...before, ...this.#requests]);
    }
    const keys = [...this.#requests.values()].map((one) => one.key);
    const request = this.#requests.get(own);
    if (request === undefined) throw unknownName(key, keys);
    return request;
  }
}
