import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Env, readEnv } from "../../environment.ts";
import { printable, toPosix } from "../../errors/printable.ts";
import { type CheckReport, isError, typesProblem } from "../../project/reports/report.ts";
import { type PromptRef, refKey, refText } from "../../prompt.ts";
import { overBudgetText, versionsText, whatText } from "./text.ts";

/** One thing to say about one place of the repository, for the tools that show a check next to the code. */
interface Remark {
  /** The kind of problem, such as `broken-call`. */
  readonly rule: string;
  readonly level: "error" | "warning";
  /** Undefined: it's about the types as a whole. */
  readonly prompt: PromptRef | undefined;
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  /** Undefined: it's about the whole file. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Text from elsewhere, which isn't safe to print. */
  readonly message: string;
  /** The same in a later check, even if its lines have moved; unlike that of any other remark. */
  readonly fingerprint: string;
}

/** Everything that a report says, place by place: for each prompt its calls, then itself; then the types. */
export function remarksOn(report: CheckReport, repository: Repository): readonly Remark[] {
  const remarks: Remark[] = [];
  const seen = new Map<string, number>();
  const add = (remark: Omit<Remark, "path" | "fingerprint">, file: string) => {
    const { rule, prompt, message } = remark;
    const path = pathIn(repository, file);
    const key = JSON.stringify([rule, prompt === undefined ? null : refKey(prompt), path, message]);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const fingerprint = createHash("sha256").update(`${key}${before}`).digest("hex").slice(0, 32);
    remarks.push({ ...remark, path, fingerprint });
  };
  for (const prompt of report.prompts) {
    const { ref, file, calls, isUnreadable, overBudget = [] } = prompt;
    const grade = isUnreadable ? "unreadable" : prompt.grade;
    const inFile = (rule: string, isWrong: boolean, message: string) =>
      add({ rule, level: isWrong ? "error" : "warning", prompt: ref, message }, file);
    for (const { line, column, message, ...call } of calls)
      add({ rule: "broken-call", level: "error", prompt: ref, line, column, message }, call.file);
    if (grade !== "none")
      inFile(
        `prompt-${grade}`,
        isUnreadable || isError(prompt),
        `version ${versionsText(prompt)}: ${whatText(prompt)}`,
      );
    for (const one of overBudget) inFile("over-budget", true, overBudgetText(prompt, one));
  }
  const types = typesProblem(report.types, report.prompts);
  if (types !== undefined) {
    const message = `${types.what} (${pathIn(repository, report.typesFile)}). Run: ${types.command}`;
    add({ rule: "types-outdated", level: "warning", prompt: undefined, message }, report.typesFile);
  }
  return remarks;
}

/** Workflow commands of GitHub, which show remarks next to the code. */
export function githubCommands(remarks: readonly Remark[]): string {
  const data = (text: string) =>
    printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (name: string, value: string | number) =>
    `${name}=${data(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`;
  return remarks
    .map(({ level, prompt, path, line, column = 1, message }) => {
      const properties = [
        property("file", path),
        ...(line === undefined ? [] : [property("line", line), property("col", column)]),
        property("title", prompt === undefined ? "scope-gen" : refText(prompt)),
      ];
      return `::${level} ${properties.join(",")}::${data(message)}\n`;
    })
    .join("");
}

/** Remarks as GitLab's Code Quality report. */
export function gitlabReport(remarks: readonly Remark[]): unknown {
  return remarks.map(({ prompt, message, ...remark }) => ({
    description: prompt === undefined ? message : `${refText(prompt)}: ${message}`,
    check_name: remark.rule,
    fingerprint: remark.fingerprint,
    severity: remark.level === "error" ? "critical" : "minor",
    location: { path: remark.path, lines: { begin: remark.line ?? 1 } },
  }));
}

/** The checkout that a check runs in. */
export interface Repository {
  /** Absolute. */
  readonly root: string;
  /** Where the files of the commit are shown, without a slash at the end; undefined outside of a pipeline. */
  readonly filesUrl: string | undefined;
}

/** The repository by what GitHub or GitLab says about it, otherwise the one around a folder. */
export function findRepository(env: Env, cwd: string): Repository {
  const read = (name: keyof Env & string) => readEnv(env, name);
  const root = read("GITHUB_WORKSPACE") ?? read("CI_PROJECT_DIR") ?? rootAround(cwd) ?? cwd;
  const [repository, sha] = [read("GITHUB_REPOSITORY"), read("GITHUB_SHA")];
  const server = read("GITHUB_SERVER_URL") ?? "https://github.com";
  if (repository && sha) return { root, filesUrl: `${server}/${repository}/blob/${sha}` };
  const [project, commit] = [read("CI_PROJECT_URL"), read("CI_COMMIT_SHA")];
  return { root, filesUrl: project && commit && `${project}/-/blob/${commit}` };
}

function rootAround(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A file's path as reports name it: relative to the root, with forward slashes. */
function pathIn({ root }: Repository, file: string): string {
  return toPosix(relative(root, file));
}

/** A line's address on the web; undefined if it has none. */
export function lineUrl(repository: Repository, file: string, line: number): string | undefined {
  const path = pathIn(repository, file);
  if (repository.filesUrl === undefined || path.startsWith("..")) return undefined;
  return `${repository.filesUrl}/${path.split("/").map(encodeURIComponent).join("/")}#L${line}`;
}
