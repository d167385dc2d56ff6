import { basename, resolve } from "node:path";
import { checkProject } from "../commands/check/check-project.ts";
import { diffJson, diffPrompts } from "../commands/diff/diff-prompts.ts";
import { listJson, listProjectPrompts, type PromptList } from "../commands/list/list-prompts.ts";
import type { refJson } from "../commands/report/json-parts.ts";
import { checkJson } from "../commands/report/report.ts";
import { type CompiledPrompt, partsOf } from "../compiler/compiled-prompt.ts";
import { changesText } from "../contract/contract.ts";
import { formatError } from "../errors/format-error.ts";
import { oneLine } from "../errors/printable.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { compileRequest } from "../project/compile-request.ts";
import type { LoadOptionsInput } from "../project/config/load-options.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import { listSources } from "../project/discovery/list-sources.ts";
import type { Project } from "../project/project.ts";
import { loadRender, type Render } from "../project/render-prompt.ts";
import {
  type ComparedPrompt,
  comparePrompts,
  type ProjectComparison,
} from "../project/versions/compare-prompts.ts";
import { mayAsk, resolvePrompts } from "../project/versions/resolve.ts";
import { unknownName } from "../project/versions/select-imports.ts";
import { type Label, type PromptRef, refKey } from "../prompt.ts";
import type { PollingClient } from "../run/dev/polling-client.ts";
import { callSites, startTypeChecker } from "./call-sites.ts";
import { PlatformView, Round } from "./platform-view.ts";
import { labelOf, sideOf, versionsAtHand } from "./versions.ts";
import { wordDiff } from "./word-diff.ts";

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

/** How the committed prompts were compared with the platform. */
interface Look {
  /**
   * `pending`: the platform is being asked. `unreached`: it doesn't respond or refuses the credentials, and
   * {@link problem} says so in one line. `failed`: something here keeps prompts from being compared.
   */
  readonly platform: "compared" | "skipped" | "failed" | "pending" | "unreached";
  readonly problem?: string | undefined;
  /** ISO 8601: when everything was compared last, if the platform isn't reached now. */
  readonly comparedAt?: string | undefined;
}

/** What the page gets from the method of that name. */
export type Overview = Awaited<ReturnType<Inspector["overview"]>>;
export type PromptDetails = Awaited<ReturnType<Inspector["prompt"]>>;
export type VersionDetails = Awaited<ReturnType<Inspector["version"]>>;
export type Difference = Awaited<ReturnType<Inspector["difference"]>>;
export type Calls = Awaited<ReturnType<Inspector["calls"]>>;
export type Health = Awaited<ReturnType<Inspector["health"]>>;
export type Rendered = Awaited<ReturnType<Inspector["render"]>>;
/** A prompt and its pin as `--json` prints them. */
export type JsonRef = ReturnType<typeof refJson>;

/** The versions that pages show at the same time, at most. */
const MAX_SHOWN = 100;

/** Answers the page with the documents of the commands, and with what no command prints. Writes nothing. */
export class Inspector {
  readonly #input: InspectorInput;
  readonly platform: PlatformView;
  readonly #project: Project;
  readonly #typeChecker = startTypeChecker();
  /** The versions that the page shows, and their functions, so that a rendering while somebody types is a single call. */
  readonly #shown = new Map<string, CompiledPrompt>();
  readonly #loaded = new WeakMap<CompiledPrompt, Promise<Render>>();
  /** ISO 8601: when everything was compared last. */
  #comparedAt: string | undefined;
  /** The import of each prompt, by its specifier. */
  readonly #requests = new Map<string, ResolvedImport>();
  /** Pages that ask for the same at the same time share the work. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(input: InspectorInput) {
    this.#input = input;
    this.platform = new PlatformView(input.project, () => input.session?.()?.client);
    this.#project = this.platform.project;
  }

  /** What is committed, at once. */
  committed() {
    return this.#listed({ platform: "pending" });
  }

  overview() {
    return this.#shared("overview", async () => {
      const round = new Round(this.platform);
      try {
        const { platform, prompts } = await comparePrompts(round.project);
        const { dev } = this.#project.options;
        const label = dev !== false && platform === "compared" ? dev.label : undefined;
        const drafts = label ? (await comparePrompts(round.project, { label })).prompts : [];
        const noted = prompts.map((one) => ({ ...one, notes: [...one.notes, ...draftNotes(one, drafts)] }));
        const { outage } = round;
        if (outage === undefined && platform === "compared") this.#comparedAt = new Date().toISOString();
        const unreached = outage && { problem: oneLine(outage.message), comparedAt: this.#comparedAt };
        const look: Look = unreached ? { platform: "unreached", ...unreached } : { platform };
        return this.#listed(look, platform === "compared" ? noted : [], round);
      } catch (error) {
        if (!isScopeError(error)) throw error;
        return this.#listed({ platform: "failed", problem: this.errorText(error) });
      }
    });
  }

  async #listed(look: Look, compared: ProjectComparison["prompts"] = [], round?: Round) {
    const { root } = this.#project.options;
    const { problems, previews } = this.#input.session?.() ?? {};
    let list: PromptList = { prompts: [], unused: [], computed: [] };
    try {
      list = await listProjectPrompts(this.#project);
    } catch (error) {
      if (!isScopeError(error)) throw error;
      look = { platform: "failed", problem: this.errorText(error) };
    }
    const prompts = list.prompts.map(async ({ request, uses }) => {
      const { specifier, ref } = request;
      this.#requests.set(specifier, request);
      const sites = await callSites(this.#project, uses);
      const failure = round?.failures.get(refKey(ref));
      return {
        calls: sites.filter(({ kind }) => kind === "call").length,
        /** What a dev server previews. */
        preview: previews?.get(refKey(ref)),
        /** The platform doesn't respond for it now. `isKnown`: what is compared is an earlier response. */
        isKnown: failure?.isKnown,
        /** An outage is one problem of all prompts. */
        problem: failure && look.platform === "compared" ? oneLine(failure.error.message) : undefined,
      };
    });
    return {
      project: basename(root),
      ...look,
      /** `list --json`. */
      list: listJson(list, new Map(), root),
      /** `diff --json`, also of what is the same; empty while nothing is compared. */
      diff: diffJson(compared),
      /** What no command says of a prompt, as in the list. */
      prompts: await Promise.all(prompts),
      /** The problems of prompts whose last good version the dev server serves; empty without a dev server. */
      devProblems: problems?.texts ?? [],
    };
  }

  /** @param isLocal leave the platform out: what is committed is available at once */
  async prompt(specifier: string, isLocal: boolean) {
    const request = await this.#request(specifier);
    const { versions, problem } = await versionsAtHand(this.#project, request, !isLocal);
    return {
      versions,
      /** Why the platform's versions are missing from the list. */
      problem: problem === undefined ? undefined : this.errorText(problem),
    };
  }

  /** One version, compiled. */
  async version(specifier: string, side: string) {
    const request = await this.#request(specifier);
    const asked = await sideOf(this.#project, request, side);
    const to = asked ?? "platform";
    const { find } = await resolvePrompts(this.#project, [{ request }], { to }, { takesServed: true });
    const compiled = await compileRequest(request, this.#project.options, await find.to(request.ref));
    if (this.#shown.size >= MAX_SHOWN) this.#shown.clear();
    this.#shown.set(JSON.stringify([specifier, side]), compiled);
    const { source, contract, parameter, diagnostics } = compiled;
    return {
      messages: partsOf(compiled).map((nodes, at) => ({ role: contract.roles?.[at], nodes })),
      metadata: source.version.metadata,
      /** What `render` accepts; undefined: nothing. */
      parameter,
      warnings: diagnostics.map(({ message }) => message),
    };
  }

  /** What the version that was asked for last on this side makes of some values. */
  async render(specifier: string, side: string, values: unknown) {
    const key = JSON.stringify([specifier, side]);
    if (!this.#shown.has(key)) await this.version(specifier, side);
    const compiled = this.#shown.get(key) as CompiledPrompt;
    const loading = this.#loaded.get(compiled) ?? loadRender(compiled);
    this.#loaded.set(compiled, loading);
    const render = await loading;
    try {
      return { output: render(values) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** `diff --json` of one prompt; its texts word by word, and its cost in words. */
  async difference(specifier: string, from: string, to: string) {
    const request = await this.#request(specifier);
    const diffs = await diffPrompts(this.#project, {
      specifier: request,
      from: (await sideOf(this.#project, request, from)) ?? request.ref.pin,
      to: await sideOf(this.#project, request, to),
    });
    return { ...diffJson(diffs), ...wordDiff(diffs[0] as ComparedPrompt, request.syntax) };
  }

  /**
   * Where a prompt is imported, and which calls another version would break: the label's, or the one that its pin serves
   * now. The other prompts are as they were compared last.
   *
   * @param isLocal leave the platform and the type checker out
   */
  async calls(specifier: string, labelName: unknown, isLocal: boolean) {
    const request = await this.#request(specifier);
    const label = labelOf(labelName);
    const key = refKey(request.ref);
    const { prompts } = await listProjectPrompts(this.#project);
    const uses = prompts.filter((one) => refKey(one.request.ref) === key).flatMap((one) => one.uses);
    const result = {
      sites: await callSites(this.#project, uses),
      /** With the requested version of this prompt; undefined if the platform wasn't asked. */
      check: undefined as ReturnType<typeof checkJson> | undefined,
      /** Why there is nothing to compare with. */
      problem: undefined as string | undefined,
    };
    if (isLocal || !mayAsk(this.#project)) return result;
    try {
      const report = await this.#shared(`calls ${specifier} ${label}`, () => this.#check(request, label));
      const own = report.prompts.find(({ ref }) => refKey(ref) === key);
      result.sites = await callSites(this.#project, uses, own?.calls);
      result.check = checkJson(report, this.#project.options.root);
    } catch (error) {
      if (!isScopeError(error)) throw error;
      const { cause } = error;
      result.problem = oneLine(isScopeError(cause) ? cause.message : error.message);
    }
    return result;
  }

  async #check(request: ResolvedImport, label: Label | undefined) {
    const project = this.#project;
    const instead = label && ({ kind: "label", label } as const);
    const { sides } = await resolvePrompts(project, [{ request }], { to: instead ?? "platform" });
    const fetchVersion = async (ref: PromptRef) => {
      const own = await sides.to(ref);
      if (own.missing !== undefined) throw own.missing;
      return own.served ?? this.platform.lastKnown(ref);
    };
    const { findBrokenCalls } = this.#typeChecker;
    return checkProject({ ...project, fetchVersion }, { findBrokenCalls });
  }

  /**
   * Opens a source of the project in the running editor, or in that of `LAUNCH_EDITOR`. Is it a source?
   *
   * @param place `src/a.ts:3:14`
   */
  async open(place: string): Promise<boolean> {
    const [, file = "", at = ""] = /^(.+)(:[1-9]\d*:[1-9]\d*)$/.exec(place) ?? [];
    const path = resolve(this.#project.options.root, file);
    const sources = await listSources(this.#project.options);
    if (!sources.some((one) => resolve(one) === path)) return false;
    const { default: launchEditor } = await import("launch-editor");
    // Errors are printed in the terminal of the server.
    launchEditor(path + at);
    return true;
  }

  /** What `doctor` says. */
  health() {
    return this.#shared("health", async () => {
      const { configFile, fetch } = this.#project.options;
      // It evaluates configs as code, and is loaded only when somebody asks for it.
      const { examine } = await import("../commands/setup/examine.ts");
      const flags = fetch === "never" ? { fetch } : {};
      return { checks: await examine({ ...this.#input.doctor, configFile, flags, isTestRun: false }) };
    });
  }

  /** Stops listening, and closes the project's connections. */
  async close(): Promise<void> {
    this.#typeChecker.close();
    await this.platform.close();
  }

  /** An error in text for a person. */
  errorText(error: unknown): string {
    return formatError(error, { cwd: this.#project.options.root });
  }

  #shared<T>(what: string, work: () => Promise<T>): Promise<T> {
    const shared = this.#underWay.get(what) ?? work().finally(() => this.#underWay.delete(what));
    this.#underWay.set(what, shared);
    return shared as Promise<T>;
  }

  /** @throws for a prompt that the project doesn't have */
  async #request(specifier: string): Promise<ResolvedImport> {
    const { specifier: own, key } = resolveSpecifier(specifier, this.#project.options);
    if (!this.#requests.has(own)) await this.committed();
    const keys = [...this.#requests.values()].map((one) => one.key);
    const request = this.#requests.get(own);
    if (request === undefined) throw unknownName(key, keys);
    return request;
  }
}

/** Would what development previews of a prompt break calls? */
function draftNotes({ ref, to: served }: ComparedPrompt, drafts: readonly ComparedPrompt[]): string[] {
  const { grade, to, problem, changes } = drafts.find((one) => refKey(one.ref) === refKey(ref)) ?? {};
  if (grade !== "breaking" || to === undefined || to.id === served?.id) return [];
  const why = problem
    ? oneLine(problem.message)
    : changesText((changes ?? []).filter(({ breaks }) => breaks));
  return [`${to.status === "draft" ? "draft" : "version"} ${to.versionNumber} would break: ${why}`];
}
