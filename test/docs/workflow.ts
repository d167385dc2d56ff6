import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { temporaryFolder } from "../support/app.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import { readPage } from "./blocks.ts";

type Env = Readonly<Record<string, string>>;

interface Step {
  readonly run?: string;
  readonly env?: Env;
}

interface Job {
  readonly env?: Env;
  readonly steps: readonly Step[];
}

/** What the fake `gh` was asked for, and the comments that it holds. */
export interface GhState {
  readonly calls: readonly (readonly string[])[];
  readonly comments: readonly { id: number; user: { type: string }; body: string }[];
}

/**
 * Runs the shell steps of a page's only workflow in a project, one after the other, as a runner of GitHub does: `bash -e`,
 * with the environments of job and step. `npm ci` is left out, and `gh` is a fake with a state of its own.
 */
export class Workflow {
  readonly #job: Job;
  readonly #root: string;
  readonly #folder: string;
  readonly #env: Env;

  private constructor(job: Job, root: string, folder: string, env: Env) {
    this.#job = job;
    this.#root = root;
    this.#folder = folder;
    this.#env = env;
  }

  /**
   * @param page the page that shows the workflow
   * @param root the project, with this package linked into it
   * @param env the environment of the platform, which has the secrets
   */
  static async open(page: string, root: string, env: Env): Promise<Workflow> {
    const { blocks } = readPage(page, await readFile(join(ROOT, page), "utf8"));
    const workflows = blocks.filter(({ language, text }) => language === "yaml" && /^jobs:/m.test(text));
    if (workflows.length !== 1) throw new Error(`${page} has ${workflows.length} workflows.`);
    const [job] = Object.values<Job>(parse(workflows[0]?.text ?? "").jobs);
    if (job === undefined) throw new Error(`The workflow of ${page} has no job.`);
    const folder = await temporaryFolder();
    await writeProgram(join(root, "node_modules", ".bin", "scope-gen"), join(ROOT, "bin", "scope-gen.js"));
    await writeProgram(join(folder, "bin", "gh"), join(ROOT, "test", "docs", "fake-gh.js"));
    const workflow = new Workflow(job, root, folder, env);
    await workflow.writeGh({ calls: [], comments: [] });
    return workflow;
  }

  /** Runs it to the first step that fails; gives what the last step did. */
  async run(): Promise<Ran> {
    let last: Ran = { code: 0, stdout: "", stderr: "" };
    await writeFile(join(this.#folder, "output"), "");
    for (const step of this.#job.steps) {
      if (step.run === undefined || step.run === "npm ci") continue;
      last = await this.#runStep(step, step.run);
      if (last.code !== 0) break;
    }
    return last;
  }

  async readGh(): Promise<GhState> {
    return JSON.parse(await readFile(join(this.#folder, "gh.json"), "utf8"));
  }

  writeGh(state: GhState): Promise<void> {
    return writeFile(join(this.#folder, "gh.json"), JSON.stringify(state));
  }

  async #runStep(step: Step, script: string): Promise<Ran> {
    const outputs = await readFile(join(this.#folder, "output"), "utf8");
    const fill = (text: unknown) => this.#fill(String(text), outputs);
    const own = Object.entries({ ...this.#job.env, ...step.env }).map(([name, text]) => [name, fill(text)]);
    const env = {
      PATH: `${join(this.#folder, "bin")}:${process.env.PATH}`,
      SCOPE_API_URL: this.#env.SCOPE_API_URL,
      SCOPE_AUTH_API_URL: this.#env.SCOPE_AUTH_API_URL,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: join(this.#folder, "output"),
      GITHUB_REPOSITORY: "acme/shop",
      RUNNER_TEMP: this.#folder,
      GH_STATE: join(this.#folder, "gh.json"),
      ...Object.fromEntries(own),
    };
    await writeFile(join(this.#folder, "step.sh"), fill(script));
    return run("bash", ["-e", join(this.#folder, "step.sh")], { cwd: this.#root, env });
  }

  /** Puts values in the place of GitHub's expressions. Throws for one that has none. */
  #fill(text: string, outputs: string): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      const secret = /^secrets\.(\w+)$/.exec(expression)?.[1];
      const output = /^steps\.\w+\.outputs\.(\w+)$/.exec(expression)?.[1];
      const values: Readonly<Record<string, string | undefined>> = {
        "github.token": "token",
        "github.event.pull_request.number": "7",
        ...(secret === undefined ? {} : { [expression]: this.#env[secret] }),
        ...(output === undefined
          ? {}
          : { [expression]: new RegExp(`^${output}=(.*)$`, "m").exec(outputs)?.[1] }),
      };
      const value = values[expression];
      if (value === undefined) throw new Error(`Nothing is known of "${expression}".`);
      return value;
    });
  }
}

async function writeProgram(path: string, script: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  await chmod(path, 0o755);
}
