import { basename } from "node:path";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { GRADES } from "../contract/contract.ts";
import { formatError } from "../errors/format-error.ts";
import { oneLine } from "../errors/printable.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { compileRequest } from "../project/compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { loadRender, type Render } from "../project/render-prompt.ts";
import { checkProject } from "../project/reports/check-project.ts";
import { diffJson } from "../project/reports/diff-prompts.ts";
import { listJson, listProjectPrompts, type PromptList } from "../project/reports/list-prompts.ts";
import { checkJson } from "../project/reports/report.ts";
import { type ComparedPrompt, comparePrompts } from "../project/versions/compare-prompts.ts";
import { promotionText } from "../project/versions/pin-notes.ts";
import { mayAsk, resolvePrompts } from "../project/versions/resolve.ts";
import { unknownName } from "../project/versions/select-imports.ts";
import { type Pin, type PromptRef, refKey } from "../prompt.ts";
import type { PollingClient } from "../run/dev/polling-client.ts";
import { type Look, PlatformView } from "./platform-view.ts";
import { startTypeChecker } from "./type-checker.ts";

export interface InspectorInput {
  readonly project: Project;
  /** What a dev server says of the prompts that it serves, and its way to the platform. */
  readonly session?: (() => InspectedSession | undefined) | undefined;
}

interface InspectedSession {
  readonly problems: { readonly texts: readonly string[] };
  /** By `refKey`. */
  readonly previews: ReadonlyMap<string, string>;
  readonly client?: PollingClient | undefined;
}

/** How the committed prompts were compared with the platform. */
interface State {
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
export type VersionDetails = Awaited<ReturnType<Inspector["version"]>>;
export type Calls = Awaited<ReturnType<Inspector["calls"]>>;
export type Rendered = Awaited<ReturnType<Inspector["render"]>>;
/** A prompt in the page's list. */
export type Row = Overview["prompts"][number];

/** A version that the page can show: what is committed, what the prompt's pin serves, or the newest draft. */
export const SIDES = ["committed", "platform", "draft"] as const;
export type ShownSide = (typeof SIDES)[number];

/** The versions that pages show at the same time, at most. */
const MAX_SHOWN = 100;

/** Answers the page with the documents of `list`, `diff`, `check` and `render`. Writes nothing. */
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
      const look = this.platform.look();
      try {
        const { platform, prompts } = await comparePrompts(look.project);
        const { dev } = this.#project.options;
        const label = dev !== false && platform === "compared" ? dev.label : undefined;
        const drafts = label ? (await comparePrompts(look.project, { label })).prompts : [];
        const { outage } = look;
        if (outage === undefined && platform === "compared") this.#comparedAt = new Date().toISOString();
        const unreached = outage && { problem: oneLine(outage.message), comparedAt: this.#comparedAt };
        const state: State = unreached ? { platform: "unreached", ...unreached } : { platform };
        return this.#listed(state, { compared: platform === "compared" ? prompts : [], drafts, look });
      } catch (error) {
        if (!isScopeError(error)) throw error;
        return this.#listed({ platform: "failed", problem: this.errorText(error) });
      }
    });
  }

  async #listed(
    state: State,
    seen: { compared?: readonly ComparedPrompt[]; drafts?: readonly ComparedPrompt[]; look?: Look } = {},
  ) {
    const { root } = this.#project.options;
    const { problems, previews } = this.#input.session?.() ?? {};
    let list: PromptList = { prompts: [], unused: [], computed: [] };
    try {
      list = await listProjectPrompts(this.#project);
    } catch (error) {
      if (!isScopeError(error)) throw error;
      state = { platform: "failed", problem: this.errorText(error) };
    }
    const { prompts, unused } = listJson(list, new Map(), root);
    const of = ({ request: { ref } }: (typeof list.prompts)[number], all?: readonly ComparedPrompt[]) =>
      all?.find((one) => refKey(one.ref) === refKey(ref));
    const rows = list.prompts.map((listed, at) => {
      const { specifier, ref } = listed.request;
      this.#requests.set(specifier, listed.request);
      const [own, draft] = [of(listed, seen.compared), of(listed, seen.drafts)];
      const failure = seen.look?.failures.get(refKey(ref));
      const isAhead = draft?.to !== undefined && draft.to.id !== own?.to?.id;
      return {
        ...(prompts[at] as (typeof prompts)[number]),
        /** `diff --json` of what the platform serves; undefined if that was never seen. */
        served: own && failure?.isKnown !== false ? diffJson([own]).prompts[0] : undefined,
        /** The same of the newest draft, if there's one. */
        draft: isAhead ? diffJson([draft]).prompts[0] : undefined,
        /** The platform doesn't respond for it now: what is compared is an earlier response. */
        isStale: failure?.isKnown === true,
        notes: [...(own?.notes ?? []), ...[previews?.get(refKey(ref)) ?? []].flat()],
        /** Why it can't be used, or isn't compared. An outage is one problem of all prompts. */
        problem:
          (failure && state.platform === "compared" ? oneLine(failure.error.message) : undefined) ??
          prompts[at]?.problem?.message ??
          (own?.problem && oneLine(own.problem.message)),
      };
    });
    // What isn't compared comes after the breaking ones if it has a problem, else last.
    const rank = ({ served, problem }: (typeof rows)[number]) =>
      served === undefined ? (problem === undefined ? 5.5 : 1.5) : GRADES.indexOf(served.change);
    return {
      project: basename(root),
      ...state,
      /** The worst grade first, then by name and pin. */
      prompts: rows.sort((a, b) => rank(a) - rank(b)),
      unused,
      /** The problems of prompts whose last good version the dev server serves; empty without a dev server. */
      devProblems: problems?.texts ?? [],
    };
  }

  /** One version, compiled. */
  async version(specifier: string, side: ShownSide) {
    const request = await this.#request(specifier);
    const to = side === "committed" ? "snapshot" : this.#pinOf(request.ref, side);
    const { find } = await resolvePrompts(this.#project, [{ request }], { to }, { takesServed: true });
    const compiled = await compileRequest(request, this.#project.options, await find.to(request.ref));
    if (this.#shown.size >= MAX_SHOWN) this.#shown.clear();
    this.#shown.set(JSON.stringify([specifier, side]), compiled);
    const { source, parameter, diagnostics } = compiled;
    return {
      metadata: source.version.metadata,
      promotion: promotionText(source.version),
      /** What `render` accepts; undefined: nothing. */
      parameter,
      warnings: diagnostics.map(({ message }) => message),
    };
  }

  /** What the version that was asked for last on this side makes of some values. */
  async render(specifier: string, side: ShownSide, values: unknown) {
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

  /** `check --json` of one prompt with the version of a side; the other prompts are as they were compared last. */
  async calls(specifier: string, side: ShownSide) {
    const { ref } = await this.#request(specifier);
    if (side === "committed" || !mayAsk(this.#project)) return undefined;
    const report = await this.#shared(`calls ${specifier} ${side}`, () => this.#check(ref, side));
    const at = report.prompts.findIndex((one) => refKey(one.ref) === refKey(ref));
    return checkJson(report, this.#project.options.root).prompts[at];
  }

  #check(asked: PromptRef, side: ShownSide) {
    const { platform } = this;
    const project = this.#project;
    const fetchVersion = async (ref: PromptRef) => {
      const isAsked = refKey(ref) === refKey(asked);
      const version = isAsked && (await project.fetchVersion?.({ ...ref, pin: this.#pinOf(ref, side) }));
      return version || platform.lastKnown(ref);
    };
    return checkProject({ ...project, fetchVersion }, { findBrokenCalls: this.#typeChecker.findBrokenCalls });
  }

  #pinOf({ pin }: PromptRef, side: ShownSide): Pin {
    const { dev } = this.#project.options;
    const label = side === "draft" && dev !== false ? dev.label : undefined;
    return label === undefined ? pin : { kind: "label", label };
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
