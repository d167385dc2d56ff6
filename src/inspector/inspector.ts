import { relative } from "node:path";
import { compileRequest } from "../build/compile-request.ts";
import type { Project } from "../build/project.ts";
import type { LoadOptionsInput } from "../config/load/load-options.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { Label } from "../prompt.ts";
import { loadSamples, samplesFile, writeSample } from "../snapshot/samples.ts";
import { diffPrompts } from "../tasks/compare/diff-prompts.ts";
import { listPrompts } from "../tasks/list-prompts.ts";
import { unknownName } from "../tasks/select-imports.ts";
import type {
  CallSites,
  Difference,
  Health,
  Overview,
  PromptDetails,
  RenderedText,
  VersionDetails,
} from "./api.ts";
import { callSitesOf, fileOf } from "./call-sites.ts";
import { differenceOf } from "./difference.ts";
import { doctorOf, RequestLog } from "./health.ts";
import { openInEditor } from "./http/open-editor.ts";
import { committedOverview, type ListedOverview, overviewOf } from "./overview.ts";
import { rateLimitedProject } from "./rate-limited-project.ts";
import { Renders } from "./renders.ts";
import { renderedText, templateOf } from "./templates.ts";
import { sideOf, versionOf, versionsAtHand } from "./versions.ts";

export interface InspectorInput {
  readonly project: Project;
  /** What is wrong with prompts that a dev server serves. */
  readonly devProblems?: (() => readonly string[]) | undefined;
  /** How the project was opened, for what `doctor` says. */
  readonly doctor: Pick<LoadOptionsInput, "cwd" | "mode" | "env">;
}

/** What the page asks, over the tasks of the command line: plain data out. Writes samples and nothing else. */
export class Inspector {
  readonly project: Project;
  readonly #input: InspectorInput;
  readonly #renders = new Renders();
  readonly #log = new RequestLog();
  /** One write after the other: each reads the file that it changes. */
  #writes: Promise<void> = Promise.resolve();
  #overview: Promise<Overview> | undefined;
  #checks: Promise<Health["checks"]> | undefined;

  constructor(input: InspectorInput) {
    this.#input = input;
    this.project = rateLimitedProject(input.project);
  }

  /** What is committed, at once. */
  committed(): Promise<Overview> {
    return this.#withProblems(committedOverview(this.project));
  }

  /** Pages that ask at once share one look. */
  overview(): Promise<Overview> {
    this.#overview ??= this.#withProblems(overviewOf(this.project)).finally(() => {
      this.#overview = undefined;
    });
    return this.#overview;
  }

  async prompt(specifier: string): Promise<PromptDetails> {
    const request = this.#request(specifier);
    const { root, snapshotDir } = this.project.options;
    const { prompts } = await listPrompts(this.project);
    if (!prompts.some((one) => one.request.specifier === request.specifier))
      throw unknownName(
        request.key,
        prompts.map((one) => one.request.key),
      );
    const samples = await loadSamples(snapshotDir, request.ref.name);
    return {
      versions: await versionsAtHand(this.project, request),
      samples: [...samples].map(([name, values]) => ({ name, values })),
      samplesFile: relative(root, samplesFile(snapshotDir, request.ref.name)).replaceAll("\\", "/"),
    };
  }

  async version(specifier: string, side: string): Promise<VersionDetails> {
    const request = this.#request(specifier);
    const { pick } = await versionOf(this.project, request, side);
    const compiled = await compileRequest(request, this.project.options, pick);
    return { side, ...templateOf(compiled), render: this.#renders.keep(compiled) };
  }

  /** @param key of {@link VersionDetails}; undefined comes back where the page has to ask for the version again */
  async render(key: string, values: unknown): Promise<RenderedText | undefined> {
    const rendered = await this.#renders.render(key, values);
    return rendered && renderedText(rendered);
  }

  async difference(specifier: string, from: string, to: string): Promise<Difference> {
    const request = this.#request(specifier);
    const [diff] = await diffPrompts(this.project, {
      specifier: request.specifier,
      from: await sideOf(this.project, request, from),
      to: await sideOf(this.project, request, to),
      samples: true,
      load: this.#renders.load,
    });
    if (diff === undefined) throw new TypeError("A diff of one prompt gave nothing.");
    return differenceOf(diff);
  }

  callSites(specifier: string, label: Label | undefined): Promise<CallSites> {
    return callSitesOf(this.project, this.#request(specifier), label);
  }

  /** Saves a sample of a prompt; without values it is removed. */
  saveSample(specifier: string, sample: string, values: unknown): Promise<void> {
    const { ref } = this.#request(specifier);
    const write = () => writeSample(this.project.options.snapshotDir, ref.name, sample, values);
    const written = this.#writes.then(write);
    this.#writes = written.catch(() => {});
    return written;
  }

  /** Opens a source of the project in the editor; says whether it is one. */
  async open(file: string, line: number, column: number): Promise<boolean> {
    const path = await fileOf(this.project, file);
    if (path === undefined) return false;
    await openInEditor(path, line, column);
    return true;
  }

  /** Pages that ask at once share one examination. */
  async health(): Promise<Health> {
    const { configFile, fetch } = this.project.options;
    const flags = fetch === "never" ? { fetch } : {};
    this.#checks ??= doctorOf({ ...this.#input.doctor, configFile, flags, isTestRun: false }).finally(() => {
      this.#checks = undefined;
    });
    const checks = await this.#checks;
    return { checks, requests: this.#log.requests, lastOutage: this.#log.lastOutage };
  }

  /** Ends listening, and closes the project's connections. */
  async close(): Promise<void> {
    this.#log.close();
    this.#renders.close();
    await this.#writes;
    await this.project.close();
  }

  async #withProblems(listed: Promise<ListedOverview>): Promise<Overview> {
    return { ...(await listed), devProblems: this.#input.devProblems?.() ?? [] };
  }

  #request(specifier: string): ResolvedImport {
    return resolveSpecifier(specifier, this.project.options);
  }
}
