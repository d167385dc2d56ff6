import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startPlatform } from "../../../src/platform/index.ts";
import { makeApp, writeTree } from "../../support/app.ts";
import { freePort } from "../../support/listen.ts";
import { cleanEnv, linkPackage, node, succeed } from "../../support/run.ts";
import { waitFor } from "../../support/wait-for.ts";
import { label, makePrompts } from "./live-app.ts";

const WORKER = `
import { configureLive, liveStatus } from "unplugin-scope/runtime";
import greeting, { versionNumber } from "scope:greeting?live";
import notice from "scope:notice?live";

const errors = [];
export default {
  async fetch(request, { ORG, KEY, SECRET, URL }, context) {
    configureLive({
      interval: 0.05,
      baseUrl: URL,
      authApiUrl: URL,
      credentials: { orgId: ORG, apiKey: KEY, apiSecret: SECRET },
      onError: (error) => errors.push(error.code),
      waitUntil: request.url.endsWith("/without") ? undefined : (poll) => context.waitUntil(poll),
    });
    const text = greeting({ name: "Ada", team: "Looms" });
    return Response.json({ text, versionNumber, notice: notice(), errors, status: liveStatus() });
  },
};
`;

const prompts = await makePrompts();
const platform = await startPlatform({ dir: prompts });
let root: string;
let port: number;
let workerd: ChildProcess;
let output = "";

beforeAll(async () => {
  root = await makeApp({ "scope.config.json": JSON.stringify({ dts: false }), "src/worker.ts": WORKER });
  await linkPackage(root);
  const script = join(import.meta.dirname, "build-worker.js");
  await succeed(node([script, root], { cwd: root, env: platform.env }));
});
afterAll(() => platform.close());

async function start(env: Readonly<Record<string, string>>): Promise<void> {
  port = await freePort();
  await writeTree(root, { "config.capnp": config(env) });
  output = "";
  const args = ["serve", "config.capnp", `--socket-addr=http=127.0.0.1:${port}`];
  workerd = spawn(binary(), args, { cwd: root, env: cleanEnv() });
  for (const stream of [workerd.stdout, workerd.stderr]) stream?.on("data", (chunk) => (output += chunk));
}
afterEach(async () => {
  const ended = new Promise((done) => workerd.on("close", done));
  workerd.kill();
  await ended;
});

/** The program itself: what the package calls by that name is a script, which would outlive it. */
function binary(): string {
  const machine = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch === "x64" ? "64" : process.arch}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve("workerd/package.json"));
  return fromPackage.resolve(`@cloudflare/workerd-${machine}/bin/workerd`);
}

function config(env: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(env).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = "2024-09-01",
      bindings = [${bindings.join(", ")}],
    )),
    (name = "internet", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);`;
}

type Answer = {
  text: string;
  versionNumber: number;
  notice: string;
  errors: string[];
  status: { status: string }[];
};

const ask = async (path = "/"): Promise<Answer> =>
  (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Answer;

/** It takes a moment to listen, and to refresh. */
const askUntil = (isRight: (answer: Answer) => boolean = () => true): Promise<Answer> =>
  waitFor(
    "an answer",
    async () => {
      const answer = await ask().catch(() => undefined);
      return answer !== undefined && isRight(answer) && answer;
    },
    { describe: () => output },
  );

function credentials(): Record<string, string> {
  const { SCOPE_ORG_ID: ORG = "", SCOPE_API_KEY: KEY = "", SCOPE_API_SECRET: SECRET = "" } = platform.env;
  return { ORG, KEY, SECRET, URL: platform.url };
}

describe("in workerd", () => {
  it("serves the compiled version at once, and refreshes it in the background, back and forth", async () => {
    await label(prompts, 2);
    await start(credentials());
    expect(await askUntil()).toMatchObject({
      text: "Hello Ada of Looms.",
      versionNumber: 1,
      notice: "No variables.",
    });
    const isSecond = ({ text, notice }: Answer) => text === "Hi Ada of Looms!" && notice === "None at all.";
    expect(await askUntil(isSecond)).toMatchObject({
      text: "Hi Ada of Looms!",
      versionNumber: 2,
      errors: [],
    });
    await label(prompts, 1);
    const many = await Promise.all(Array.from({ length: 50 }, () => ask()));
    expect(many.flatMap(({ errors }) => errors)).toEqual([]);
    const back = await askUntil(({ versionNumber }) => versionNumber === 1);
    expect(back.text).toBe("Hello Ada of Looms.");
    expect(back.errors).toEqual([]);
  });

  it("goes on after polls that ended with their request, without waitUntil", async () => {
    await label(prompts, 2);
    await start(credentials());
    await waitFor("it listens", () => ask("/without").catch(() => undefined), { describe: () => output });
    for (let i = 0; i < 20; i++) await ask("/without");
    const answer = await askUntil(({ versionNumber }) => versionNumber === 2);
    expect(answer).toMatchObject({ text: "Hi Ada of Looms!" });
  });
});
