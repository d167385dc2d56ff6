// The job of docs/recipes/ci.md, line by line as the page shows it, with a server that keeps the notes of a merge request.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { parse } from "yaml";
import type { DevPlatform } from "../support/dev-platform.ts";
import { listenInTest } from "../support/listen.ts";
import { ROOT, run } from "../support/run.ts";
import { readPage } from "./blocks.ts";
import { PROMPT, useReviewedProject } from "./reviewed-project.ts";
import { linkProgram } from "./workflow.ts";

const PAGE = "docs/recipes/ci.md";
const NOTES = "/api/v4/projects/12/merge_requests/7/notes";
// Each line starts several programs.
vi.setConfig({ testTimeout: 180_000 });

const project = useReviewedProject();
let platform: DevPlatform;
let root: string;
beforeEach(async () => {
  ({ platform, root } = project());
  await linkProgram(root);
});

/** Answers as GitLab's API does about the notes of one merge request. */
async function startGitLab(notes: { id: number; body: string }[]) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    const id = Number(pathname.slice(NOTES.length + 1));
    const isAllowed = request.headers["private-token"] === "token" && pathname.startsWith(NOTES);
    const body = new URLSearchParams(await textOf(request)).get("body") ?? "";
    if (!isAllowed) response.statusCode = 401;
    else if (request.method === "POST") notes.push({ id: notes.length + 1, body });
    else if (request.method === "PUT") Object.assign(notes.find((note) => note.id === id) ?? {}, { body });
    response.end(JSON.stringify(notes));
  });
  return `${await listenInTest(server)}/api/v4`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

async function runJob(env: Readonly<Record<string, string | undefined>>) {
  const { blocks } = readPage(PAGE, await readFile(join(ROOT, PAGE), "utf8"));
  const [job] = Object.values<Job>(parse(blocks.find(({ text }) => /^prompts:/m.test(text))?.text ?? ""));
  const lines = job?.script.filter((line) => line !== "npm ci") ?? [];
  const project = {
    CI: "true",
    CI_PROJECT_ID: "12",
    CI_MERGE_REQUEST_IID: "7",
    CI_PROJECT_DIR: root,
    CI_PROJECT_URL: "https://gitlab.com/acme/shop",
    CI_COMMIT_SHA: "c0ffee",
  };
  const ran = await run("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", lines.join("\n")], {
    cwd: root,
    env: { ...project, ...job?.variables, ...env },
  });
  const report = await readFile(join(root, job?.artifacts.reports.codequality ?? ""), "utf8");
  return { ...ran, report };
}

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { readonly reports: { readonly codequality: string } };
}

it("writes a report and a note, and fails if a call breaks", async () => {
  const notes = [{ id: 1, body: "Why <!-- scope-gen --> here?" }];
  const gitlab = await startGitLab(notes);
  const env = { ...platform.env, GITLAB_TOKEN: "token", CI_API_V4_URL: gitlab };
  await platform.save(PROMPT, "Hello {{name}} on {{plan}}.");
  const first = await runJob(env);
  expect(first.code, first.stderr).toBe(3);
  expect(JSON.parse(first.report)).toMatchObject([
    { check_name: "broken-call", location: { path: "src/main.ts", lines: { begin: 3 } } },
    { check_name: "prompt-breaking", location: { path: `scope/${PROMPT}@production.json` } },
  ]);
  expect(notes.slice(1).map(({ body }) => body)).toEqual([
    expect.stringMatching(
      /\*\*breaking\*\*.*\(<https:\/\/gitlab\.com\/acme\/shop\/-\/blob\/c0ffee\/src\/main\.ts#L3>\)/s,
    ),
  ]);

  await platform.save(PROMPT, "Hi {{name}}.");
  expect((await runJob(env)).code).toBe(0);
  expect(notes).toHaveLength(2);
  expect(notes[0]?.body).toBe("Why <!-- scope-gen --> here?");
  expect(notes[1]?.body).toContain("1 → 3 | text");
});

it("writes only a report without a token, and says nothing if `check` can't decide", async () => {
  const { SCOPE_API_URL, SCOPE_AUTH_API_URL } = platform.env;
  const fork = await runJob({ SCOPE_API_URL, SCOPE_AUTH_API_URL });
  expect([fork.code, JSON.parse(fork.report)]).toEqual([0, []]);
  const notes: { id: number; body: string }[] = [];
  const gitlab = await startGitLab(notes);
  const env = { ...platform.env, SCOPE_API_SECRET: "another" };
  const undecided = await runJob({ ...env, GITLAB_TOKEN: "token", CI_API_V4_URL: gitlab });
  expect([undecided.code, undecided.report, notes]).toEqual([1, "", []]);
});

it("keeps the exit code and warns if the note can't be posted", async () => {
  const notes: { id: number; body: string }[] = [];
  const gitlab = await startGitLab(notes);
  await platform.save(PROMPT, "Hello {{name}} on {{plan}}.");
  const ran = await runJob({ ...platform.env, GITLAB_TOKEN: "expired", CI_API_V4_URL: gitlab });
  expect([ran.code, notes]).toEqual([3, []]);
  expect(ran.stderr).toContain("The note could not be posted.");
});
