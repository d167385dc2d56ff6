import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { temporaryFolder } from "../support/app.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import { readPage } from "./blocks.ts";

/** The pages with workflows. */
const PAGES = ["docs/recipes/ci.md", "docs/guide/deploy.md"];

type Env = Readonly<Record<string, string>>;

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Env;
  readonly env?: Env;
  readonly "working-directory"?: string;
}

/** The parts of an `action.yml` that a run needs. */
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** The pull request that a workflow runs for. */
export interface Event {
  /** The repository that it comes from. Default: the one that it's for. */
  readonly from?: string;
  /** The checkout. Default: the project. */
  readonly workspace?: string;
  /** Win over what the page gives the action; for a workflow without it, what somebody chose to start it. */
  readonly inputs?: Env;
}

interface Job {
  readonly env?: Env;
  readonly steps: readonly Step[];
}

/** What the fake `gh` was asked for, and the comments that it holds. */
export interface GhState {
  readonly calls: readonly (readonly string[])[];
  readonly comments: readonly { id: number; user: { type: string }; body: string }[];
  /** Nothing may be written. */
  readonly isForbidden?: boolean;
}

/**
 * Runs the shell steps of a workflow of the page in a project, one after the other, as a runner of GitHub does: `bash -e`,
 * with the environments of job and step. The action of this repository is run from its file. `npm ci` is left out, and `gh`
 * is a fake with a state of its own.
 */
export class Workflow {
  readonly #job: Job;
  readonly #root: string;
  readonly #folder: string;
  readonly #env: Env;
  readonly #event: Event;

  private constructor(job: Job, root: string, folder: string, env: Env, event: Event) {
    this.#job = job;
    this.#root = root;
    this.#folder = folder;
    this.#env = env;
    this.#event = event;
  }

  /**
   * @param file the workflow, as the first line of its block names it
   * @param root the project, with this package linked into it
   * @param env the environment of the platform, which has the secrets
   */
  static async open(file: string, root: string, env: Env, event: Event = {}): Promise<Workflow> {
    const pages = PAGES.map(async (page) => readPage(page, await readFile(join(ROOT, page), "utf8")).blocks);
    const blocks = (await Promise.all(pages)).flat();
    const block = blocks.find(({ text }) => text.startsWith(`# .github/workflows/${file}\n`));
    if (block === undefined) throw new Error(`No page has a workflow ${file}.`);
    const [job] = Object.values<Job>(parse(block.text).jobs);
    if (job === undefined) throw new Error(`The workflow ${file} has no job.`);
    const folder = await temporaryFolder();
    await linkProgram(root);
    await writeProgram(join(folder, "bin", "gh"), join(ROOT, "test", "docs", "fake-gh.js"));
    const workflow = new Workflow(job, root, folder, env, event);
    await workflow.writeGh({ calls: [], comments: [] });
    return workflow;
  }

  /** Runs it to the first step that fails; gives what all steps printed, and the code of the last. */
  async run(): Promise<Ran> {
    let all: Ran = { code: 0, stdout: "", stderr: "" };
    for (const file of ["output", "summary"]) await writeFile(join(this.#folder, file), "");
    const inJob = await Promise.all(this.#job.steps.map((step) => this.#stepsOf(step)));
    for (const { step, inputs } of inJob.flat()) {
      if (step.run === undefined || step.run === "npm ci") continue;
      const { code, stdout, stderr } = await this.#runStep(step, step.run, inputs);
      all = { code, stdout: all.stdout + stdout, stderr: all.stderr + stderr };
      if (code !== 0) break;
    }
    return all;
  }

  /** The summary of the last run. */
  readSummary(): Promise<string> {
    return readFile(join(this.#folder, "summary"), "utf8");
  }

  /** Itself, or the steps of our action with its inputs. */
  async #stepsOf(step: Step): Promise<readonly { readonly step: Step; readonly inputs: Env }[]> {
    if (!/\/unplugin-scope@/.test(step.uses ?? "")) {
      const inputs = { label: "", ...this.#event.inputs };
      return isMeant(step, inputs) ? [{ step, inputs }] : [];
    }
    const { inputs, runs }: Action = parse(await readFile(join(ROOT, "action.yml"), "utf8"));
    const given = { ...step.with, ...this.#event.inputs };
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(inputs, name));
    if (unknown.length > 0) throw new Error(`The action has no input ${unknown.join(", ")}.`);
    const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default]);
    const values = { ...Object.fromEntries(defaults), ...given };
    return runs.steps.map((one) => ({ step: { ...one, env: { ...step.env, ...one.env } }, inputs: values }));
  }

  async readGh(): Promise<GhState> {
    return JSON.parse(await readFile(join(this.#folder, "gh.json"), "utf8"));
  }

  writeGh(state: GhState): Promise<void> {
    return writeFile(join(this.#folder, "gh.json"), JSON.stringify(state));
  }

  async #runStep(step: Step, script: string, inputs: Env): Promise<Ran> {
    const outputs = await readFile(join(this.#folder, "output"), "utf8");
    const fill = (text: unknown) => this.#fill(String(text), outputs, inputs);
    const { workspace = this.#root } = this.#event;
    const own = Object.entries({ ...this.#job.env, ...step.env }).map(([name, text]) => [name, fill(text)]);
    const env = {
      PATH: `${join(this.#folder, "bin")}:${process.env.PATH}`,
      SCOPE_API_URL: this.#env.SCOPE_API_URL,
      SCOPE_AUTH_API_URL: this.#env.SCOPE_AUTH_API_URL,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: join(this.#folder, "output"),
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_SHA: "c0ffee",
      GITHUB_STEP_SUMMARY: join(this.#folder, "summary"),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: this.#folder,
      GH_STATE: join(this.#folder, "gh.json"),
      ...Object.fromEntries(own),
    };
    await writeFile(join(this.#folder, "step.sh"), fill(script));
    const flags = ["--noprofile", "--norc", "-e", "-o", "pipefail"];
    const cwd = join(workspace, fill(step["working-directory"] ?? "."));
    return run("bash", [...flags, join(this.#folder, "step.sh")], { cwd, env });
  }

  /** Replaces GitHub's expressions with values. Throws for one that has none. */
  #fill(text: string, outputs: string, inputs: Env): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      const [, kind, name = ""] =
        /^(secrets|vars|inputs|steps\.\w+\.outputs)\.([\w-]+)$/.exec(expression) ?? [];
      // A secret that there is none of is empty.
      if (kind === "secrets" || kind === "vars") return this.#env[name] ?? "";
      const values: Readonly<Record<string, string | undefined>> = {
        "github.token": "token",
        "github.event.pull_request.number": "7",
        "github.event.pull_request.head.repo.full_name": this.#event.from ?? REPOSITORY,
      };
      const value =
        kind === undefined
          ? values[expression]
          : kind === "inputs"
            ? inputs[name]
            : new RegExp(`^${name}=(.*)$`, "m").exec(outputs)?.[1];
      if (value === undefined) throw new Error(`Unknown expression "${expression}".`);
      return value;
    });
  }
}

/** The one kind of condition that the pages use. */
function isMeant({ if: condition }: Step, inputs: Env): boolean {
  if (condition === undefined) return true;
  const [, name = "", sign, value] = /^inputs\.(\w+) (==|!=) '(\w+)'$/.exec(condition) ?? [];
  if (sign === undefined) throw new Error(`Nothing is known of the condition "${condition}".`);
  return (inputs[name] === value) === (sign === "==");
}

/** What the pull request is for. */
const REPOSITORY = "acme/shop";

/** Puts `scope-gen` where an install puts it. */
export function linkProgram(root: string): Promise<void> {
  return writeProgram(join(root, "node_modules", ".bin", "scope-gen"), join(ROOT, "bin", "scope-gen.js"));
}

async function writeProgram(path: string, script: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  await chmod(path, 0o755);
}
