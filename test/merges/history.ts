import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";
import scope from "../../src/bundlers/esbuild.ts";
import { parseSnapshot, type SnapshotEntry } from "../../src/project/snapshot/format.ts";
import { cli, type TestProject } from "../commands/cli-helpers.ts";
import { commitAll, git } from "../commands/git-repository.ts";
import { writeTree } from "../support/app.ts";
import { node, ROOT, run } from "../support/run.ts";
import { Random } from "./random.ts";

/** Imported by a file of its own each, which comes and goes. */
const FEATURES = ["ask", "bill", "cart", "deal", "edit", "find", "grow/now", "help", "Idea"];
/** Keys of the config. */
const CONFIGURED = ["first", "letter", "second"];
const ALL = [...FEATURES, ...CONFIGURED];

const CONFIG = `export default {
  prompts: {
    // The greeting.
    first: {},

    // Mail.
    letter: { syntax: "mustache" },

    // The answer.
    second: {},
  },
};
`;

export const FILES = {
  "scope.config.ts": CONFIG,
  "package.json": '{ "type": "module" }',
  ".gitignore": "node_modules\n.scope\n",
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      noEmit: true,
      module: "preserve",
      moduleResolution: "bundler",
      target: "es2022",
      types: [],
      skipLibCheck: false,
    },
    include: ["src"],
  }),
  "src/main.ts": "export {};\n",
  "src/features/.keep": "",
};

export const PROMPTS = Object.fromEntries(
  ALL.map((name) => [
    `${name}/1.md`,
    name === "letter" ? "Dear {{who}},\n{{! signed }}" : `${name} for {{who}}.`,
  ]),
);

/** What came of a history, for a test's last line. */
export interface Outcome {
  readonly merges: number;
  /** Merges that git could not do, of branches that changed the same prompt. */
  readonly conflicts: number;
}

/**
 * Lets two or three branches add, change, pin, unpin and delete prompts and imports at random, and joins them by merges
 * and rebases of git. Expects that only what two branches changed conflicts, and that afterwards types, compiler,
 * `check` and a build are right.
 */
export async function liveThrough(project: TestProject, seed: number): Promise<Outcome> {
  const history = new History(project, new Random(seed));
  try {
    return await history.run();
  } catch (error) {
    throw new Error(`history ${seed}:\n${history.log.join("\n")}\n${(error as Error).message}`, {
      cause: error,
    });
  }
}

class History {
  readonly log: string[] = [];
  readonly #project: TestProject;
  readonly #random: Random;
  #count = 0;

  constructor(project: TestProject, random: Random) {
    this.#project = project;
    this.#random = random;
  }

  async run(): Promise<Outcome> {
    const { root } = this.#project;
    for (let at = this.#random.below(4); at >= 0; at--) await this.#add(FEATURES[at * 2] as string);
    await this.#cli("pull");
    await commitAll(root, "the beginning");
    const branches = ["left", "right", "third"].slice(0, 2 + this.#random.below(2));
    for (const branch of branches) {
      await git(root, "checkout", "--quiet", "-b", branch, "main");
      this.log.push(`on ${branch}:`);
      for (let events = 1 + this.#random.below(3); events > 0; events--) {
        await this.#event();
        await commitAll(root, `a change on ${branch}`);
      }
    }
    let conflicts = 0;
    for (const branch of branches) if (!(await this.#join(branch))) conflicts += 1;
    return { merges: branches.length, conflicts };
  }

  async #event(): Promise<void> {
    const present = await this.#features();
    const absent = FEATURES.filter((name) => !present.includes(name));
    const events: (readonly [string, () => Promise<void>])[] = [];
    const either = [...present, "first", "second", "letter"];
    const changed = this.#random.of(either);
    events.push([`change ${changed}`, () => this.#change(changed)]);
    if (absent.length > 0) {
      const name = this.#random.of(absent);
      events.push(
        [`add ${name}`, () => this.#addAndPull(name)],
        [`add ${name}`, () => this.#addAndPull(name)],
      );
    }
    if (present.length > 0) {
      const name = this.#random.of(present);
      events.push([`delete ${name}`, () => this.#delete(name)]);
      events.push([`pin or unpin ${name}`, () => this.#pinImport(name)]);
      events.push([`import ${name} again`, () => this.#importAgain(name)]);
    }
    const key = this.#random.of(["first", "second"]);
    events.push([`pin or unpin ${key} in the config`, () => this.#pinKey(key)]);
    const [what, work] = this.#random.of(events);
    this.log.push(`  ${what}`);
    await work();
  }

  /** Prompts that files of their own import. */
  async #features(): Promise<readonly string[]> {
    const files = await readdir(join(this.#project.root, "src/features"));
    return FEATURES.filter((name) => files.includes(featureFile(name)));
  }

  async #add(name: string): Promise<void> {
    await this.#writeFeature(name, `scope:${name}`, ["who"]);
  }

  async #addAndPull(name: string): Promise<void> {
    await this.#add(name);
    await this.#cli("pull", name);
    await this.#writeFeatures();
  }

  /** A new version on the platform, taken by a pull; half of them have another contract. */
  async #change(name: string): Promise<void> {
    const number = 2 + this.#count++;
    const variable = this.#random.below(2) === 0 ? "who" : `v${number}`;
    const text =
      name === "letter"
        ? `Dear {{who}}, {{${variable}}}\n{{! signed }}`
        : `${name} ${number} {{${variable}}}`;
    const folder = join(this.#project.prompts, name);
    const next = (await readdir(folder)).length + 1;
    await writeTree(folder, { [`${next}.md`]: text });
    await this.#cli("pull", name);
    await this.#writeFeatures();
  }

  async #delete(name: string): Promise<void> {
    const { root } = this.#project;
    await rm(join(root, "src/features", featureFile(name)));
    await rm(join(root, "src/again", featureFile(name)), { force: true });
    if (this.#random.below(2) === 0)
      for (const { file, entry } of await this.#snapshot())
        if (entry.ref.name === name) await rm(join(root, "scope", file));
    await this.#cli("types");
  }

  async #pinImport(name: string): Promise<void> {
    const file = join(this.#project.root, "src/features", featureFile(name));
    const isPinned = (await readFile(file, "utf8")).includes("?version=");
    const entry = (await this.#snapshot()).find((one) => one.entry.ref.name === name)?.entry;
    const query = isPinned || entry === undefined ? "" : `?version=${entry.version.id}`;
    await this.#writeFeature(name, `scope:${name}${query}`, ["who"]);
    await this.#cli("pull", `scope:${name}${query}`);
    await this.#writeFeatures();
  }

  async #importAgain(name: string): Promise<void> {
    const text = `import { metadata } from "scope:${name}?label=latest";\n\nexport const all = metadata;\n`;
    await writeTree(this.#project.root, { [`src/again/${featureFile(name)}`]: text });
    await this.#cli("pull", `scope:${name}?label=latest`);
  }

  async #pinKey(key: string): Promise<void> {
    const config = await readFile(join(this.#project.root, "scope.config.ts"), "utf8");
    const isPinned = new RegExp(`${key}: \\{[^}]*version`).test(config);
    if (!isPinned) {
      await this.#cli("pin", key, "--yes");
      return;
    }
    await this.#cli("unpin", key, "--yes");
    await this.#cli("pull", key);
  }

  /** Joins a branch with main. Says whether git did it alone. */
  async #join(branch: string): Promise<boolean> {
    const { root } = this.#project;
    const base = (await git(root, "merge-base", "main", branch)).trim();
    const [ours, theirs] = await Promise.all(["main", branch].map((one) => this.#changed(base, one)));
    const both = new Set([...(theirs ?? [])].filter((name) => ours?.has(name)));
    const mayMeet = new Set([...both, ...(await this.#mistaken(base, ["main", branch], both))]);
    const rebases = this.#random.below(3) === 0;
    this.log.push(`${rebases ? "rebase" : "merge"} ${branch}; both changed: ${[...both].join(", ")}`);
    await git(root, "checkout", "--quiet", rebases ? branch : "main");
    let ran = await this.#git(
      ...(rebases ? ["rebase", "--quiet", "main"] : ["merge", "--quiet", "--no-edit", branch]),
    );
    if (rebases && ran.code !== 0) {
      await this.#expectOnly(mayMeet);
      await git(root, "rebase", "--abort");
      await git(root, "checkout", "--quiet", "main");
      ran = await this.#git("merge", "--quiet", "--no-edit", branch);
    }
    const isAlone = ran.code === 0;
    if (!isAlone) await this.#resolve(branch, both, mayMeet);
    // What both changed has to be looked at by a person, whether or not git sees it.
    if (both.size > 0) {
      await this.#cli("pull");
      await this.#writeFeatures();
    }
    await this.#expectRight();
    await commitAll(root, `${branch} is in`);
    const head = (await git(root, "rev-parse", "HEAD")).trim();
    await git(root, "checkout", "--quiet", "-B", "main", head);
    return isAlone;
  }

  /** The prompts that a branch changed: by snapshot files, imports and keys of the config, and what includes them. */
  async #changed(base: string, branch: string): Promise<ReadonlySet<string>> {
    const { root } = this.#project;
    const names = new Set<string>();
    for (const path of (await git(root, "diff", "--name-only", base, branch)).split("\n"))
      for (const name of promptsOf(path)) names.add(name);
    const config = await git(root, "diff", "-U0", base, branch, "--", "scope.config.ts");
    for (const key of CONFIGURED) if (new RegExp(`^[+-]\\s+${key}:`, "m").test(config)) names.add(key);
    return names;
  }

  /**
   * The prompts that git may mistake for one that both changed: where a branch removes that one and adds another, git sees
   * the file of the one renamed to that of the other, since they look alike.
   */
  async #mistaken(base: string, branches: readonly string[], both: ReadonlySet<string>): Promise<string[]> {
    const names: string[] = [];
    for (const branch of branches) {
      const diff = (filter: string) =>
        git(
          this.#project.root,
          "diff",
          "--no-renames",
          "--name-only",
          `--diff-filter=${filter}`,
          base,
          branch,
        );
      const removed = (await diff("D")).split("\n").flatMap(promptsOf);
      if (removed.some((name) => both.has(name)))
        names.push(...(await diff("A")).split("\n").flatMap(promptsOf));
    }
    return names;
  }

  /** Expects that git left undecided only files of these prompts. */
  async #expectOnly(both: ReadonlySet<string>): Promise<readonly string[]> {
    const files = (await git(this.#project.root, "diff", "--name-only", "--diff-filter=U"))
      .split("\n")
      .filter(Boolean);
    const others = files.filter(
      (file) => file !== "scope.config.ts" && !promptsOf(file).some((name) => both.has(name)),
    );
    expect(others, "files in conflict").toEqual([]);
    return files;
  }

  /** Takes the branch's side of every prompt that both changed, after the commands have named what is undecided. */
  async #resolve(branch: string, both: ReadonlySet<string>, mayMeet: ReadonlySet<string>): Promise<void> {
    const { root } = this.#project;
    for (const file of await this.#expectOnly(mayMeet)) {
      const marked = (await readFile(join(root, file), "utf8").catch(() => "")).includes("<<<<<<<");
      const isUsed = await this.#isUsed(file);
      if (marked && isUsed && /\.(?:json|d\.ts)$/.test(file)) await this.#expectNamed(file);
    }
    const all = (await git(root, "ls-tree", "-r", "--name-only", branch)).split("\n");
    const present = (await git(root, "ls-files")).split("\n");
    const files = new Set(
      [...all, ...present].filter((file) => promptsOf(file).some((name) => both.has(name))),
    );
    for (const file of await this.#expectOnly(mayMeet)) files.add(file);
    const own = (await git(root, "ls-tree", "-r", "--name-only", "HEAD")).split("\n");
    for (const file of files) {
      const isOfBoth = file === "scope.config.ts" || promptsOf(file).some((name) => both.has(name));
      if (all.includes(file)) await git(root, "checkout", branch, "--", file);
      else if (!isOfBoth && own.includes(file)) await git(root, "checkout", "HEAD", "--", file);
      else await git(root, "rm", "--quiet", "--force", "--ignore-unmatch", "--", file);
    }
  }

  /** A snapshot file may be of a prompt that nothing imports any more. */
  async #isUsed(file: string): Promise<boolean> {
    const features = await this.#features();
    return promptsOf(file).some((name) => features.includes(name) || CONFIGURED.includes(name));
  }

  async #expectNamed(file: string): Promise<void> {
    const { root, env } = this.#project;
    const ran = await cli(["check", "--fetch", "never"], { cwd: root, env });
    const said = ran.stdout + ran.stderr;
    expect(ran.code, said).not.toBe(0);
    expect(said).toMatch(/marks of a merge conflict/);
    this.log.push(`  ${file} is in conflict`);
  }

  async #expectRight(): Promise<void> {
    const { root } = this.#project;
    await this.#cli("types");
    const tsc = await node([join(ROOT, "node_modules/typescript-7/bin/tsc"), "--pretty", "false"], {
      cwd: root,
    });
    expect(tsc.stdout + tsc.stderr).toBe("");
    const check = await this.#cli("check", "--fetch", "never");
    expect(check).not.toMatch(/out of date|missing|conflict/);
    await this.#expectBuild();
  }

  /** Builds every feature, and expects each to hold what is committed. */
  async #expectBuild(): Promise<void> {
    const { root } = this.#project;
    const features = await this.#features();
    const entry = features.map((name) => `export * from "./src/features/${featureFile(name)}";`).join("\n");
    const { outputFiles, warnings } = await build({
      absWorkingDir: root,
      stdin: { contents: `${entry}\nexport {};`, resolveDir: root },
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      logLevel: "silent",
      plugins: [scope()],
    });
    expect(warnings.map(({ text }) => text)).toEqual([]);
    const built = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
    for (const name of features) {
      const { entry } = await this.#ofFeature(name);
      expect(built[exportOf(name)]).toBe(String(entry.version.content).replace(/\{\{\w+\}\}/g, "X"));
    }
  }

  /** Brings the calls in line with what is committed, as a person does whose compiler says so. */
  async #writeFeatures(): Promise<void> {
    for (const name of await this.#features()) {
      const { specifier, entry } = await this.#ofFeature(name);
      await this.#writeFeature(name, specifier, entry.version.declaredVariables ?? ["who"]);
    }
  }

  /** What the file of a feature imports, and what is committed for that. */
  async #ofFeature(name: string): Promise<{ readonly specifier: string; readonly entry: SnapshotEntry }> {
    const text = await readFile(join(this.#project.root, "src/features", featureFile(name)), "utf8");
    const [, specifier = "", version] = /"(scope:[^"?]*(?:\?version=([^"]*))?)"/.exec(text) ?? [];
    const found = (await this.#snapshot()).find(
      ({ entry: { ref } }) =>
        ref.name === name &&
        (version === undefined
          ? ref.pin.kind === "label" && ref.pin.label === "production"
          : ref.pin.kind === "version" && ref.pin.versionId === version),
    );
    if (found === undefined) throw new Error(`${specifier} is not committed`);
    return { specifier, entry: found.entry };
  }

  async #writeFeature(name: string, specifier: string, variables: readonly string[]): Promise<void> {
    const values = variables.map((one) => `${one}: "X"`).join(", ");
    const text = `import render from "${specifier}";\n\nexport const ${exportOf(name)} = render({ ${values} });\n`;
    await writeTree(this.#project.root, { [`src/features/${featureFile(name)}`]: text });
  }

  async #snapshot(): Promise<readonly { readonly file: string; readonly entry: SnapshotEntry }[]> {
    const folder = join(this.#project.root, "scope");
    const files = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    return Promise.all(
      files.map(async (file) => ({
        file,
        entry: parseSnapshot(await readFile(join(folder, file), "utf8"), file),
      })),
    );
  }

  async #cli(...argv: readonly string[]): Promise<string> {
    const { root, env } = this.#project;
    // The types need nothing of the platform.
    const ran = await cli(argv, { cwd: root, env: argv[0] === "types" ? {} : env });
    if (ran.code !== 0)
      throw new Error(`scope-gen ${argv.join(" ")}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`);
    return ran.stdout + ran.stderr;
  }

  #git(...args: readonly string[]) {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    return run("git", [...identity, ...args], { cwd: this.#project.root, env });
  }
}

function featureFile(name: string): string {
  return `${exportOf(name)}.ts`;
}

function exportOf(name: string): string {
  return name.replace("/", "_");
}

/** The prompts that a file of the project belongs to. */
function promptsOf(path: string): readonly string[] {
  const [, snapshot] = /^scope\/(.*)@[^@]*\.json$/.exec(path) ?? [];
  const [, types] = /^src\/scope-types\/([^@].*)\.d\.ts$/.exec(path) ?? [];
  const [, source] = /^src\/(?:features|again)\/(.*)\.ts$/.exec(path) ?? [];
  const safe = snapshot ?? types;
  const name =
    safe === undefined
      ? FEATURES.find((one) => exportOf(one) === source)
      : decodeURIComponent(safe.replaceAll("~", "%"));
  return name === undefined ? [] : [name];
}
