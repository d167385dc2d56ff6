// A command's test is a folder in samples/: a project, and sessions that each start with a new copy of it. A session
// says which commands are run, one in a line that starts with "$ ", and below them what they print. Those of a file
// "setup" next to the sessions are run before each.
//
//   ⇒             after the command: an exit code other than 0, or than 1 of an error that is shown; the files that
//                 were written, or removed (-); a short part of its JSON
//   two spaces    standard output
//   !             standard error; an error is one line, without the address of its page
//   ?             what is asked
//   ␃             the end of an output without a line feed, and control characters as their pictures
//
// To add a case, write its "$" lines; `npx vitest run test/commands --update -t <its folder>` records the rest.
// The platform serves the project's folder "prompts". `write` takes the rest of its line (with \n and the like, and
// <version> for this package's), or the lines below that start with "> ". What else a line can do is in `WORDS`, what can
// stand before `scope-gen` in `run`.
// After " | " stands which part of the output is shown: a path into its JSON, or a pattern that its lines match.
import { readdirSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { VERSION } from "../../src/client/index.ts";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp } from "../support/app.ts";
import { cli } from "./cli-helpers.ts";
import { commitAll, git } from "./git-repository.ts";

const SAMPLES = join(import.meta.dirname, "samples");

/** Those that setup/samples.test.ts runs: two files, so that two cores run them. */
const OF_SETUP = ["doctor", "init", "set-up"];

/** Runs the sessions of the commands that set a project up, or of all others. */
export function runSamples(isOfSetup: boolean): void {
  const samples = readdirSync(SAMPLES).filter((name) => OF_SETUP.includes(name) === isOfSetup);
  describe.each(samples)("%s", (sample) => runSessions(sample));
}

function runSessions(sample: string): void {
  const sessions = readdirSync(join(SAMPLES, sample)).filter((name) => name.endsWith(".txt"));
  it.each(sessions)("%s", { timeout: 180_000 }, async (name) => {
    const file = join(SAMPLES, sample, name);
    const session = await startSession(join(SAMPLES, sample, "project"));
    const setup = await readFile(join(SAMPLES, sample, "setup"), "utf8").catch(() => "");
    for (const line of setup.split("\n")) if (line.startsWith("$ ")) await session(line.slice(2), []);
    const lines = (await readFile(file, "utf8"))
      .split("\n")
      .filter((line) => /^[#$>]/.test(line))
      .map((line) => line.replace(/ ⇒ .*/, ""));
    const recorded: string[] = [];
    for (const [at, line] of lines.entries()) {
      if (line.startsWith("#") && at > 0 && !lines[at - 1]?.startsWith("#")) recorded.push("");
      if (!line.startsWith("$ ")) {
        recorded.push(line);
        continue;
      }
      const rest = lines.slice(at + 1);
      const end = rest.findIndex((one) => !one.startsWith(">"));
      const body = rest.slice(0, end < 0 ? undefined : end).map((one) => one.slice(2));
      const { result, said } = await session(line.slice(2), body);
      recorded.push(result === "" ? line : `${line} ⇒ ${result}`, ...said);
    }
    await expect(`${recorded.join("\n")}\n`).toMatchFileSnapshot(file);
  });
}

async function startSession(project: string) {
  const root = await makeApp({});
  await cp(project, root, { recursive: true });
  const at = (path = "") => join(root, path);
  await mkdir(at("prompts"), { recursive: true });
  const platform = await startPlatform({ dir: at("prompts") });
  // This machine's own settings of git.
  for (const name of ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "XDG_CONFIG_HOME"])
    vi.stubEnv(name, "/dev/null");
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await platform.close();
    await rm(root, { recursive: true, force: true });
  });
  const write = async (path: string, text: string) => {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), text);
  };
  let asked = 0;
  const WORDS: Readonly<Record<string, (...words: string[]) => Promise<unknown>>> = {
    /** Replaces every occurrence in a file. */
    replace: async (path = "", from = "", to = "") => {
      const text = await readFile(at(path), "utf8");
      expect(text, path).toContain(unescaped(from));
      await write(path, text.replaceAll(unescaped(from), unescaped(to)));
    },
    show: (path) => readFile(at(path), "utf8"),
    ls: async (path) => (await readdir(at(path), { recursive: true })).sort().join("\n"),
    remove: (path) => rm(at(path), { recursive: true }),
    "read-only": (path) => chmod(at(path), 0o444),
    commit: (message = "") => commitAll(root, message),
    git: (...args) => git(root, ...args.map((arg) => arg.replace("<root>", root))),
    /** A pull that nothing is shown of. */
    pulled: async () =>
      expect(await cli(["pull"], { cwd: root, env: platform.env })).toMatchObject({ code: 0 }),
    /** The platform's requests since the last time. */
    requests: async () => {
      const made = platform.requests.slice(asked).map(({ method, path }) => `${method} ${path}`);
      asked = platform.requests.length;
      return made.length === 0 ? "none" : made.sort().join("\n");
    },
    stop: () => platform.close(),
  };
  const normalize = (text: string) =>
    text
      .replaceAll(root, "<root>")
      .replaceAll(`${dirname(root)}/`, "<parent>/")
      .replaceAll(new URL(platform.url).host, "<platform>")
      .replaceAll(`--port ${platform.port}`, "--port <port>")
      .replaceAll(VERSION, "<version>")
      // Node 22 and newer name the line of a fault in JSON.
      .replace(/ \(line \d+ column \d+\)/g, "")
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
      .replace(/\bgit [0-9a-f]{10}\b/g, "git <commit>")
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<id>")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is shown
      .replace(/[\x00-\x09\x0b-\x1f]/g, (one) => String.fromCharCode(0x2400 + one.charCodeAt(0)));

  /** Before the command's name: environment variables, TTY=1, STDIN=…, ANSWERS=yes,no; "offline" leaves the platform out. */
  async function run(words: readonly string[]) {
    const start = words.indexOf("scope-gen");
    const given = Object.fromEntries(words.slice(0, start).map((word) => word.split(/=(.*)/s)));
    const { TTY, STDIN, ANSWERS, CWD = "", offline, ...env } = given as Record<string, string>;
    const answers = ANSWERS?.split(",");
    const questions: string[] = [];
    const ran = await cli(words.slice(start + 1), {
      cwd: at(CWD),
      env: "offline" in given ? env : { ...platform.env, ...env },
      isTTY: TTY !== undefined,
      ...(STDIN === undefined ? {} : { stdin: unescaped(STDIN) }),
      ...(answers === undefined
        ? {}
        : { confirm: async (question) => questions.push(question) > 0 && answers.shift() === "yes" }),
    });
    return { ...ran, questions };
  }

  return async (line: string, body: readonly string[]) => {
    const [command = "", filter] = line.split(/ \| (?=\S+$|\/.*\/$)/);
    const words = [...command.matchAll(/(?:'[^']*'|\S)+/g)].map(([word]) => word.replace(/'([^']*)'/g, "$1"));
    if (line.startsWith("write ")) {
      const [, path = "", text = ""] = /^write (\S+) ?(.*)$/.exec(line) ?? [];
      const written = unescaped(text).replaceAll("<version>", VERSION);
      await write(path, body.length > 0 ? `${body.join("\n")}\n` : written);
      return { result: "", said: [] };
    }
    if (!words.includes("scope-gen")) {
      const [word = "", ...args] = words;
      if (!Object.hasOwn(WORDS, word)) throw new Error(`${word} is no word of a session: ${line}`);
      const said = await WORDS[word]?.(...args);
      if (typeof said !== "string" || said === "") return { result: "", said: [] };
      return withResult([], shown(normalize(said.replace(/\n?$/, "\n")), filter, "  "));
    }
    const before = await contents(root);
    const { code, stdout, stderr, questions } = await run(words);
    const after = await contents(root);
    const changed: Record<string, string[]> = {};
    for (const path of [...new Set([...before.keys(), ...after.keys()])].sort())
      if (before.get(path) !== after.get(path)) {
        const folder = dirname(path);
        changed[folder] = [...(changed[folder] ?? []), `${after.has(path) ? "" : "-"}${basename(path)}`];
      }
    // A bar of progress is gone at the end.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these clear a line
    const left = stderr.replace(/\r\x1b\[2K[^\r]*(?=\r\x1b\[2K)|\r\x1b\[2K/g, "");
    const lines = left
      .split("\n")
      .filter((one) => one !== "" && !one.includes("See unplugin-scope/docs/errors.md#"));
    const at = lines.findIndex((one) => /^\w+_\w+ {2}/.test(one));
    const error = lines
      .slice(at)
      .map((one) => one.trim())
      .join(" · ");
    const shownLines = at < 0 ? lines : [...lines.slice(0, at), error];
    const isPart = filter !== undefined && !filter.startsWith("/");
    const toldOf = shownLines.map((one) => `${one}\n`).join("");
    const told = isPart ? [] : shown(normalize(toldOf), filter, "! ");
    const isErrorShown = told.some((one) => /^! \w+_\w+ {2}/.test(one));
    const result = [
      ...(code === (isErrorShown ? 1 : 0) ? [] : [`exit ${code}`]),
      ...Object.entries(changed).map(([folder, names]) => `${folder}: ${names.join(" ")}`),
    ];
    const output = shown(normalize(stdout), filter, "  ");
    if (isPart) return withResult(result, output);
    return { result: result.join("; "), said: [...questions.map((one) => `? ${one}`), ...output, ...told] };
  };
}

/** A single line stands after the command. */
function withResult(result: readonly string[], output: readonly string[]) {
  const [first = "", ...more] = output;
  if (more.length > 0) return { result: result.join("; "), said: output };
  return { result: [...result, first.trim()].join("; "), said: [] };
}

/** The lines of an output, or the part that a filter names. */
function shown(text: string, filter: string | undefined, prefix: string): string[] {
  if (text === "") return [];
  const pattern = /^\/(.*)\/$/.exec(filter ?? "")?.[1];
  const json = /^[{[]/.test(text) && pattern === undefined ? JSON.parse(text) : undefined;
  const ended = text.endsWith("\n") ? text.slice(0, -1) : `${text}␃`;
  const said =
    json === undefined
      ? ended
      : inspect(filter === undefined ? json : pick(json, filter.split(".")), {
          depth: 99,
          breakLength: 150,
          compact: 8,
        });
  const lines = said.split("\n").filter((line) => pattern === undefined || new RegExp(pattern).test(line));
  return lines.map((line) => (line === "" ? "" : `${prefix}${line}`));
}

/** The member at a path; `*` stands for all. */
function pick(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  const members = (value ?? {}) as Record<string, unknown>;
  return key === "*" ? Object.values(members).map((one) => pick(one, rest)) : pick(members[key], rest);
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-f]+)\}|x([0-9a-f]{2})|(.))/g, (_, point, byte, one: string) =>
    one === undefined
      ? String.fromCodePoint(Number.parseInt(point ?? byte, 16))
      : ({ n: "\n", r: "\r", t: "\t" }[one] ?? one),
  );
}

/** Texts of the project's files, without the platform's, git's, and what is not committed. */
async function contents(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/^(?:\.git|\.scope|node_modules|prompts)\//.test(path));
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), "utf8")] as const)),
  );
}
