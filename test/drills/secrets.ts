// A whole life of a project, failures included, and every text that comes of it searched for what must be in none.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { type Bundler, buildApp, makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { startGateway } from "../support/gateway.ts";
import { linkPackage, node, type Ran, ROOT, scopeGen } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { SecretFinder } from "./find-secrets.ts";
import { type DrillSize, recordDrill } from "./report.ts";

/** Answers logins, or all else, with this status, and what was asked in every place that a client reads. */
type Echo = { readonly status: number; readonly logins: boolean };

/** How much of the life is lived. */
interface Life {
  /** The kinds of answers that send back what was sent; before them everything is answered as it should be. */
  readonly echoes: readonly Echo[];
  readonly commands: readonly (readonly string[])[];
  readonly bundlers: readonly Bundler[];
}

const RENDER = "render greeting --var name=Ada";
const LISTED = [
  "pull --debug",
  "pull --json",
  "check",
  "check --json",
  "diff --to latest",
  "list --json",
  RENDER,
];
const COMMANDS = [...LISTED, "emit --out-dir emitted", "doctor", "doctor --json"].map((one) =>
  one.split(" "),
);

const LIVES: Readonly<Record<"short" | "long", Life>> = {
  short: {
    echoes: [{ status: 401, logins: true }],
    commands: [["pull", "--debug"], ["doctor"]],
    bundlers: ["esbuild"],
  },
  long: {
    echoes: [false, true].flatMap((logins) =>
      [200, 400, 401, 403, 404, 429, 500].map((status) => ({ status, logins })),
    ),
    commands: COMMANDS,
    bundlers: ["vite", "esbuild", "webpack"],
  },
};

export function drillSecrets(size: DrillSize): void {
  it("no output, file or heap holds twelve characters of a secret or a token", {
    timeout: 1_200_000,
  }, async () => {
    const { runs, files, tokens, found, foundInUse } = await searchForSecrets(LIVES[size]);
    expect(found).toEqual([]);
    expect(tokens).toBeGreaterThan(1);
    // Of a process whose client is open: a search that finds nothing proves nothing.
    expect(foundInUse).not.toEqual([]);
    recordDrill(
      "secrets",
      `${runs} runs of commands, builds, servers and clients, ${LIVES[size].echoes.length} kinds of answers that send back what they were sent: no 12 characters of the key, the secret or ${tokens} tokens in ${files} outputs, files, source maps and caches, in the heap of a process whose client is closed, or in that of a bundle without live prompts (plain, JSON, URL, base64, hex)`,
    );
  });
}

async function searchForSecrets({ echoes, commands, bundlers }: Life) {
  const credentials = {
    orgId: "org-1",
    apiKey: `key+${randomBytes(30).toString("base64")}`,
    apiSecret: `s"\\/${randomBytes(90).toString("base64")}`,
  };
  const dir = await temporaryFolder();
  await writeTree(dir, {
    "greeting/1.md": "Hello {{name}}!",
    "chat/1.json": JSON.stringify([{ role: "user", content: "Sort: {{ticket}}" }]),
  });
  await using local = await startPlatform({ dir, credentials });
  const tokens = new Set<string>();
  let echo: Echo | undefined;
  const platform = await startGateway(local.url, ({ method, headers: { authorization }, body }) => {
    if (authorization !== undefined) tokens.add(authorization.replace(/^Bearer /, ""));
    if (echo === undefined || (method === "POST") !== echo.logins) return undefined;
    const said = `${authorization ?? ""} ${body}`.trim();
    return {
      status: echo.status,
      headers: { "x-request-id": said.replace(/[^\x20-\x7e]/g, ""), "retry-after": "0" },
      body: { error: { code: said, message: said }, message: said, id: said, access_token: [said] },
    };
  });
  onTestFinished(platform.close);
  const root = await project();
  const outputs = join(root, "outputs");
  const env = {
    ...local.env,
    SCOPE_API_URL: platform.url,
    SCOPE_AUTH_API_URL: platform.url,
    // Its lines are among the outputs that are searched.
    NODE_DEBUG: "unplugin-scope",
    // What is written there is searched as well.
    TMPDIR: join(root, "tmp"),
    HOME: join(root, "home"),
  };
  const build = {
    ...env,
    TEST_VERBOSE: "true",
    TEST_SOURCE_MAP: "true",
    TEST_CACHE: JSON.stringify({ type: "filesystem", cacheDirectory: join(root, ".cache") }),
  };
  for (const name of ["tmp", "home", "outputs"]) await mkdir(join(root, name));
  const client = join(import.meta.dirname, "secrets-client.js");
  let runs = 0;
  const keep = async (what: string, { code, stdout, stderr }: Ran) => {
    runs += 1;
    const said = `${what} ended with ${code}.\n${stdout}\n${stderr}`;
    await writeFile(join(outputs, `${runs}-${what}.txt`), said);
    // Only where nothing fails is it known that everything was run.
    if (echo === undefined && code !== 0) throw new Error(said);
  };
  for (echo of [undefined, ...echoes]) {
    for (const argv of commands) {
      await keep(argv[0] as string, await scopeGen(argv, { cwd: root, env }));
    }
    for (const bundler of bundlers) await keep(bundler, await buildApp(bundler, root, build, "src/main.js"));
    await keep("client", await node([client, root], { cwd: root, env }));
    await keep("live", await node([join(root, "out", "esbuild", "main.mjs")], { cwd: root, env }));
    await keep("dev", await runDevServer(root, env));
    await keep("serve", await runPlatform(root, dir, credentials));
  }
  echo = undefined;
  const open = await temporaryFolder();
  const plainBuild = await buildApp("esbuild", root, { ...build, TEST_OUT: "plain" }, "src/plain.js");
  await keep("plain build", plainBuild);
  await keep("client", await node(["--expose-gc", client, root, open], { cwd: root, env }));
  // Without live prompts a bundle has no use for credentials, which its process may have all the same.
  const plain = join(root, "out", "plain", "main.mjs");
  await keep("plain", await node([plain, root], { cwd: root, env }));

  const secrets = { "API key": credentials.apiKey, "API secret": credentials.apiSecret };
  const named = Object.fromEntries([...tokens].map((token, i) => [`token ${i}`, token]));
  const finder = new SecretFinder({ ...secrets, ...named });
  const { files, found } = await finder.findIn(root);
  const { found: foundInUse } = await finder.findIn(open);
  return { runs, files, tokens: tokens.size, found, foundInUse };
}

async function project(): Promise<string> {
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": JSON.stringify({ maxRetries: 0, dev: { interval: 0.2 }, live: { interval: 0.1 } }),
    "src/main.js": `import greeting from "scope:greeting";
import chat from "scope:chat?live";
import { configureLive, liveStatus } from "unplugin-scope/runtime";
import { inspect } from "node:util";

const shown = (value) => console.log(inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), value?.stack);
configureLive({ onError: shown, onRefresh: shown, onIncompatible: shown });
for (let i = 0; i < 8; i++) {
  console.log(greeting({ name: "Ada" }), chat({ ticket: "one" }));
  await new Promise((done) => setTimeout(done, 60));
}
shown(liveStatus());
`,
    "src/plain.js": `import greeting from "scope:greeting";
import { writeHeapSnapshot } from "node:v8";

console.log(greeting({ name: "Ada" }));
writeHeapSnapshot(process.argv[2] + "/plain.heapsnapshot");
`,
    "src/render.js": 'export { default as render } from "scope:greeting";\n',
  });
  await linkPackage(root);
  return root;
}

/** A dev server that polls the platform some times. */
async function runDevServer(root: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const program = join(ROOT, "test", "run", "dev", "ssr-server.js");
  const server = new ServerProcess([program, root, "ssrLoadModule"], root, {
    ...env,
    TEST_PLUGIN_OPTIONS: "{}",
  });
  try {
    const [, url = ""] = await server.said(/ready (\S+)/);
    const pages: string[] = [];
    for (let i = 0; i < 4; i++) {
      pages.push(await (await fetch(url)).text());
      await new Promise((done) => setTimeout(done, 250));
    }
    return { code: 0, stdout: `${pages.join("\n")}\n${server.output}`, stderr: "" };
  } finally {
    await server.stop();
  }
}

/** `scope-gen serve` with the credentials that it asks for, and a login that it refuses. */
async function runPlatform(
  root: string,
  dir: string,
  credentials: { readonly orgId: string; readonly apiKey: string; readonly apiSecret: string },
): Promise<Ran> {
  const server = new ServerProcess(
    [join(ROOT, "bin", "scope-gen.js"), "serve", dir, "--port", "0"],
    root,
    {},
  );
  try {
    const [, url = ""] = await server.said(/(http:\/\/127\.0\.0\.1:\d+)/);
    const { orgId, apiKey, apiSecret } = credentials;
    const body = JSON.stringify({ org_id: orgId, client_id: apiKey, client_secret: apiSecret });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/v1/auth/applications/login`, { method: "POST", headers, body });
    const text = await answer.text();
    await waitFor("a refusal", () => answer.status >= 400);
    return { code: 0, stdout: `${text}\n${server.output}`, stderr: "" };
  } finally {
    await server.stop();
  }
}
