import { setTimeout as sleep } from "node:timers/promises";
import { diffPrompts, type PromptDiff } from "../commands/compare/diff-prompts.ts";
import { mayAsk } from "../commands/fetch-versions.ts";
import { listPrompts } from "../commands/list-prompts.ts";
import { unknownName } from "../commands/select-imports.ts";
import { oneLine } from "../errors/one-line.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { compileRequest } from "../project/compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { type Label, type PromptRef, refKey } from "../prompt.ts";
import type {
  CallSites,
  Difference,
  Health,
  IncludedPrompt,
  Overview,
  PromptDetails,
  RenderedText,
  Requests,
  VersionDetails,
} from "./api.ts";
import { Looks } from "./compare/looks.ts";
import { Renders } from "./render/renders.ts";
import { callSitesOf, fileOf } from "./views/call-sites.ts";
import { differenceOf } from "./views/difference.ts";
import { checksOf, type DoctorInput, rulesOf } from "./views/health.ts";
import { committedOverview, comparedOverview, errorText, type Listing } from "./views/overview.ts";
import { RequestLog } from "./views/request-log.ts";
import { samplesOf, saveSample } from "./views/samples.ts";
import { includedIn, renderedText, templateOf } from "./views/templates.ts";
import { sideOf, versionsAtHand, versionsOf } from "./views/versions.ts";

export interface InspectorInput {
  readonly project: Project;
  /** What a dev server says of the prompts that it serves. */
  readonly session?: (() => InspectedSession | undefined) | undefined;
  readonly doctor: DoctorInput;
}

export interface InspectedSession {
  readonly problems: { readonly texts: readonly string[] };
  /** By `refKey`. */
  readonly previews: ReadonlyMap<string, string>;
}

/** How long a person waits for the type checker. The next look has its result. */
const PATIENCE_MS = 2000;

/** Answers the page with the work of the commands: returns plain data. Writes only samples. */
export class Inspector {
  readonly project: Project;
  readonly #input: InspectorInput;
  readonly #looks: Looks;
  readonly #renders = new Renders();
  readonly #log = new RequestLog();
  /** The import of each prompt, by the specifier of its row. A partial is compiled as the prompt that includes it. */
  #requests: ReadonlyMap<string, ResolvedImport> = new Map();
  #examined: Promise<Health> | undefined;

  constructor(input: InspectorInput) {
    this.#input = input;
    this.#looks = new Looks(input.project);
    this.project = this.#looks.project;
  }

  /** What is committed, at once. */
  committed(): Promise<Overview> {
    return this.#complete(committedOverview(this.project));
  }

  /** Pages that ask at the same time share one look. */
  async overview(): Promise<Overview> {
    try {
      const look = await this.#looks.now();
      const verdict = await Promise.race([look.verdict, sleep(PATIENCE_MS, undefined, { ref: false })]);
      return await this.#complete(comparedOverview(this.project, look, verdict));
    } catch (error) {
      if (!isScopeError(error)) throw error;
      return this.#complete(committedOverview(this.project, errorText(error, this.project)));
    }
  }

  /** @param isLocal leave the platform out: what is committed is available at once */
  async prompt(specifier: string, isLocal: boolean): Promise<PromptDetails> {
    const request = await this.#request(specifier);
    const { versions, problem } = await versionsAtHand(this.project, request, !isLocal);
    return {
      versions,
      ...(await samplesOf(this.project, request)),
      problem: problem === undefined ? undefined : errorText(problem, this.project),
    };
  }

  async version(specifier: string, side: string): Promise<VersionDetails> {
    const request = await this.#request(specifier);
    const pick = await versionsOf(this.project, request, side);
    const compiled = await compileRequest(request, this.project.options, pick);
    const includes = includedIn(compiled).map((ref) => this.#linked(ref));
    return { ...templateOf(compiled), includes, render: this.#renders.keep(compiled) };
  }

  /** @param key of {@link VersionDetails}; the result is undefined if the page has to ask for the version again */
  async render(key: string, values: unknown, signal: AbortSignal): Promise<RenderedText | undefined> {
    const rendered = await this.#renders.render(key, values, signal);
    return rendered && renderedText(rendered);
  }

  async difference(specifier: string, from: string, to: string): Promise<Difference> {
    const request = await this.#request(specifier);
    const [diff, ...included] = await diffPrompts(this.project, {
      specifier: request,
      from: await sideOf(this.project, request, from),
      to: await sideOf(this.project, request, to),
      load: this.#renders.load,
    });
    return {
      ...differenceOf(diff as PromptDiff, request.syntax),
      included: included.map(({ ref, from, to, grade }) => {
        return { ...this.#linked(ref), from: from?.versionNumber, to: to?.versionNumber, grade };
      }),
    };
  }

  /**
   * Where a prompt is imported, and which calls another version would break: the version that the label points at, or
   * without a label the one that the prompt's own pin serves now.
   *
   * @param isLocal leave the platform and the type checker out
   */
  async callSites(specifier: string, label: Label | undefined, isLocal: boolean): Promise<CallSites> {
    const request = await this.#request(specifier);
    const { prompts } = await listPrompts(this.project);
    const isOurs = (one: ResolvedImport) => refKey(one.ref) === refKey(request.ref);
    const uses = prompts.filter((one) => isOurs(one.request)).flatMap((one) => one.uses);
    const asks = !isLocal && mayAsk(this.project);
    let problem: string | undefined;
    const verdict = asks ? this.#looks.verdict(request, label) : undefined;
    const known = await verdict?.catch((error) => {
      if (!isScopeError(error)) throw error;
      problem = oneLine(error.message);
      return undefined;
    });
    return { ...(await callSitesOf(this.project, request.ref, uses, known)), problem };
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

  /** Pages that ask at the same time share one examination. */
  health(): Promise<Health> {
    this.#examined ??= this.#examine().finally(() => {
      this.#examined = undefined;
    });
    return this.#examined;
  }

  async #examine(): Promise<Health> {
    if (this.#requests.size === 0) await this.committed();
    const [checks, rules] = await Promise.all([
      checksOf(this.project, this.#input.doctor),
      rulesOf(this.project, (ref) => this.#linked(ref)),
    ]);
    return { checks, ...rules };
  }

  /** What was requested so far. */
  requests(): Requests {
    const { requests, lastOutage } = this.#log;
    return { requests, lastOutage };
  }

  /** Stops listening, and closes the project's connections. */
  async close(): Promise<void> {
    this.#log.close();
    this.#renders.close();
    await this.#looks.close();
  }

  async #complete(listing: Promise<Listing>): Promise<Overview> {
    const { overview, requests } = await listing;
    this.#requests = new Map(requests.map((request) => [request.specifier, request]));
    const comparedAt = overview.platform === "unreached" ? this.#looks.comparedAt : undefined;
    const { problems, previews } = this.#input.session?.() ?? {};
    const rows = overview.rows.map((row) => {
      const request = this.#requests.get(row.specifier);
      const preview = request && previews?.get(refKey(request.ref));
      return preview === undefined ? row : { ...row, notes: [...row.notes, preview] };
    });
    return { ...overview, rows, comparedAt, devProblems: problems?.texts ?? [] };
  }

  /** With the specifier of its row. */
  #linked(ref: PromptRef): IncludedPrompt {
    const row = [...this.#requests.values()].find((one) => refKey(one.ref) === refKey(ref));
    return { specifier: row?.specifier, name: ref.name };
  }

  /** @throws for a prompt that the project doesn't have */
  async #request(specifier: string): Promise<ResolvedImport> {
    const { specifier: own, key } = resolveSpecifier(specifier, this.project.options);
    if (!this.#requests.has(own)) await this.committed();
    const keys = [...this.#requests.values()].map((one) => one.key);
    const request = this.#requests.get(own);
    if (request === undefined) throw unknownName(key, keys);
    return request;
  }
}
