import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { writeTree } from "../support/app.ts";
import { cleanEnv, ROOT, run } from "../support/run.ts";
import { waitFor } from "../support/wait-for.ts";

/** One thing that a page has its reader do or see. */
export type Step =
  | { readonly kind: "run"; readonly text: string }
  /** What a command prints: the last one, or the one that the sentence before names. */
  | { readonly kind: "see"; readonly text: string; readonly command?: string }
  /** The text of a file: for the reader to write, or as it is by now. */
  | { readonly kind: "write" | "has"; readonly text: string; readonly file: string };

/** A file, in the words around code: `` `src/main.ts` ``. */
const FILE = /`([\w./-]*\.[a-z]+)`(?!.*`[\w./-]*\.[a-z]+`)/s;
const COMMAND = /`((?:npm|npx|git) [^`]+)`/;
/** What npm fetches: the test's project has it already. */
const SET_UP = /^npm (?:create|install) /m;

/**
 * Reads what a page has its reader do, in order.
 *
 * @param heading the section to read; without it, the whole page
 */
export async function stepsOf(page: string, heading?: string): Promise<Step[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  const section =
    heading === undefined ? text : text.split(/^(?=## )/m).find((one) => one.startsWith(heading));
  if (section === undefined) throw new Error(`${page} has no section "${heading}".`);
  const steps: Step[] = [];
  let words = "";
  for (const { type, info, content } of new MarkdownIt({ html: true }).parse(
    section.replace(/^---.*?^---/ms, ""),
    {},
  )) {
    if (type === "inline") words = content;
    if (type !== "fence") continue;
    const step = stepOf(info, content, words);
    if (step !== undefined) steps.push(step);
    words = "";
  }
  return steps;
}

function stepOf(language: string, text: string, words: string): Step | undefined {
  const file = FILE.exec(words)?.[1];
  const command = COMMAND.exec(words)?.[1];
  if (language === "sh") return SET_UP.test(text) ? undefined : { kind: "run", text };
  if (language === "ts" && file !== undefined)
    return { kind: /now have/.test(words) ? "has" : "write", text, file };
  if (language === "text" && file !== undefined && command === undefined) return { kind: "has", text, file };
  if (language === "text" || language === "diff")
    return command === undefined ? { kind: "see", text } : { kind: "see", text, command };
  return undefined;
}

/** Lines of the bundler's own, with versions, times and sizes. */
const OTHERS = /^(?:✓ built in|dist\/|✓ \d+ modules| {2}VITE v)/;

/** What a reader has done so far in a project. */
export class Walk {
  /** The local platform and the dev server, while they run. */
  readonly #servers = new Map<"serve" | "vite", Server>();
  #printed = "";

  constructor(readonly root: string) {}

  /** @returns what the page says and isn't so: nothing */
  async take(step: Step): Promise<readonly string[]> {
    if (step.kind === "run") await this.#follow(step.text);
    if (step.kind === "write") await writeTree(this.root, { [step.file]: step.text });
    if (step.kind === "has") return missingLines(step.text, await this.#read(step.file));
    if (step.kind !== "see") return [];
    if (step.command !== undefined) this.#printed = await this.#run(step.command);
    const vite = this.#servers.get("vite");
    const isOfServer = vite !== undefined && /^\[unplugin-scope\]/.test(step.text);
    if (isOfServer)
      await waitFor(step.text, () => missingLines(step.text, vite.printed).length === 0, {
        describe: () => vite.printed,
      });
    return isOfServer ? [] : missingLines(step.text, this.#printed);
  }

  /** The reader of an edit waits for what the dev server says of it. */
  async #follow(commands: string): Promise<void> {
    const vite = this.#servers.get("vite");
    const count = () => vite?.printed.split("[unplugin-scope]").length;
    const before = count();
    this.#printed = await this.#run(commands);
    if (vite !== undefined && /> prompts\//.test(commands))
      await waitFor(`what Vite says of ${commands}`, () => count() !== before, {
        describe: () => vite.printed,
      });
  }

  /** Stops what the reader left running. */
  end(): void {
    for (const { pid } of this.#servers.values()) process.kill(-pid);
  }

  /** Opens the page of the dev server, as far as the modules of one file and what they import. */
  async open(file: string): Promise<void> {
    const [, url] = /(http:\/\/localhost:\d+)\//.exec(this.#servers.get("vite")?.printed ?? "") ?? [];
    const module = await (await fetch(`${url}/${file}`)).text();
    for (const [, path] of module.matchAll(/from "(\/[^"]+)"/g)) await (await fetch(`${url}${path}`)).text();
  }

  async #read(file: string): Promise<string> {
    return withPort(await readFile(join(this.root, file), "utf8"));
  }

  async #run(commands: string): Promise<string> {
    if (/scope-gen serve/.test(commands)) {
      const [before = "", serve = ""] = commands.split(/^(?=.*scope-gen serve)/m);
      if (before !== "") await this.#run(before);
      // The last line, once the file is written.
      // The same port again: its address is in the file.
      const { printed = "" } = this.#servers.get("serve") ?? {};
      const [, port = "0"] = /127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
      return this.#start("serve", serve.replace("serve", `serve --port ${port}`), ".env.local:");
    }
    if (/^npx vite\s*$/.test(commands)) return this.#start("vite", "npx vite --port 0", "__scope/");
    const { stdout } = await run("bash", ["-c", `exec 2>&1\n${commands}`], { cwd: this.root, env: AUTHOR });
    return withPort(stdout);
  }

  /** Starts what runs until it is stopped, on a port of its own, instead of the one before. */
  async #start(name: "serve" | "vite", command: string, last: string): Promise<string> {
    const before = this.#servers.get(name);
    if (before !== undefined) {
      process.kill(-before.pid);
      await waitFor("its end", () => !isRunning(before.pid));
    }
    const child = spawn("bash", ["-c", `exec 2>&1\n${command}`], {
      cwd: this.root,
      env: cleanEnv(),
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const server: Server = { pid: child.pid!, printed: "" };
    this.#servers.set(name, server);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      server.printed += chunk;
    });
    await waitFor(`${last} of ${command}`, () => server.printed.includes(last), {
      describe: () => server.printed,
    });
    return withPort(server.printed);
  }
}

interface Server {
  readonly pid: number;
  printed: string;
}

export const AUTHOR = {
  GIT_AUTHOR_NAME: "reader",
  GIT_AUTHOR_EMAIL: "reader@localhost",
  GIT_COMMITTER_NAME: "reader",
  GIT_COMMITTER_EMAIL: "reader@localhost",
};

function isRunning(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

function withPort(text: string): string {
  return text.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:4700").replace(/localhost:\d+/g, "localhost:5173");
}

/** The lines of a page that aren't in a text, in this order. */
function missingLines(expected: string, text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  let from = 0;
  return expected.split("\n").flatMap((line) => {
    const isOthers = OTHERS.exec(line)?.[0];
    const at = lines.findIndex(
      (one, index) => index >= from && (isOthers ? OTHERS.test(one) : one === line.trimEnd()),
    );
    if (at === -1) return [`not there: ${line}\n${text}`];
    from = at + 1;
    return [];
  });
}
