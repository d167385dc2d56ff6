import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { startInspector } from "../../src/inspector/handler.ts";
import { openProject } from "../../src/project/project.ts";
import { cli } from "../commands/cli-helpers.ts";
import { makeApp } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { linkPackage, ROOT } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";

/** Text that attacks the page that shows it. */
export const HOSTILE =
  '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"> {{name}} \u202Edesrever\u202C\u200B';

const FILES = {
  "package.json": '{ "type": "module" }',
  "index.html": '<script type="module" src="/src/main.js"></script>',
  "src/main.js":
    'import greeting from "scope:greeting";\nimport triage from "scope:triage";\n\ndocument.title = greeting({ name: "Ada", tone: "formal" });\ntriage({ plan: "free", ticket: "Help" });\n',
  "src/call.ts":
    'import greeting from "scope:greeting";\n\nexport const call = greeting({ name: "Ada", tone: "formal" });\n',
  "tsconfig.json": JSON.stringify({
    compilerOptions: { strict: true, module: "esnext", moduleResolution: "bundler", noEmit: true, types: [] },
    include: ["src/*.ts"],
  }),
  "scope.config.json": JSON.stringify({
    prompts: {
      greeting: { variables: { tone: ["formal", "casual"], times: "number" } },
      digest: { syntax: "mustache" },
      letter: { syntax: "mustache" },
      triage: {},
      evil: {},
    },
    dev: { interval: 0.25, maxRequestsPerSecond: 200 },
    clientBundle: "allow",
  }),
};

/** An application with a platform, and the inspector of one of its two doors. */
export type InspectedApp = Awaited<ReturnType<typeof startInspectedApp>>;

export type Door = "vite" | "scope-gen ui";

/** Starts platform, application and inspector; everything is pulled. */
export async function startInspectedApp(door: Door) {
  const platform = await DevPlatform.start();
  await platform.save("greeting", "Hello {{name}}, in a {{tone}} tone.");
  await platform.save(
    "digest",
    "Hello {{name}},\n{{#items}}\n- {{title}}{{#isNew}} (new){{/isNew}}\n{{/items}}\n{{^items}}\nNothing today.\n{{/items}}",
  );
  await platform.save("letter", "Dear {{name}}, yours.");
  await platform.save("triage", [
    { role: "system", content: "Sort mail of customers on the plan {{plan}}." },
    { role: "user", content: "{{ticket}}" },
  ]);
  await platform.save("evil", HOSTILE);
  await platform.settings("greeting", {
    versions: Object.fromEntries([1, 2, 3, 4, 5].map((number) => [number, { metadata: metadataOf(number) }])),
  });
  const root = await makeApp(FILES);
  await linkPackage(root);
  const run = (...argv: string[]) => cli(argv, { cwd: root, env: platform.env });
  const pulled = await run("pull");
  if (pulled.code !== 0) throw new Error(pulled.stderr);
  const open = door === "vite" ? openVite : openUi;
  const server = await open(root, platform.env);
  return {
    root,
    platform,
    run,
    url: server.url,
    async close() {
      await server.close();
      await platform.close();
    },
  };
}

/** Another model with the fifth version. */
function metadataOf(number: number) {
  return { model: number < 5 ? "gpt-4o-mini" : "gpt-5", temperature: 0.2, tags: ["mail", "<b>bold</b>"] };
}

async function openVite(root: string, env: Env) {
  const server = new ServerProcess([join(ROOT, "test", "inspector", "vite-server.js"), root], root, env);
  const [, url = ""] = await server.said(/Scope:\s+(http\S+)/);
  return { url, close: () => server.stop() };
}

async function openUi(root: string, env: Env, flags: readonly string[] = []) {
  const args = [...flags, join(ROOT, "bin", "scope-gen.js"), "ui", "--port", "0"];
  const server = new ServerProcess(args, root, env);
  const [url = ""] = await server.said(/http:\S+/);
  return {
    url,
    async close() {
      server.signal("SIGINT");
      await server.stop();
    },
  };
}

/** The address of an inspector that is a process of its own, until the test is over. */
export async function startUi(root: string, env: Env, flags?: readonly string[]): Promise<string> {
  const { url, close } = await openUi(root, env, flags);
  onTestFinished(close);
  return url;
}

/** The inspector of a project, in this process until the test is over. */
export async function inspect({ root: cwd, env }: { readonly root: string; readonly env: Env }) {
  const project = await openProject({ cwd, env, isTestRun: false });
  const { url, close } = await startInspector({ project }, 0);
  onTestFinished(close);
  const get = async <T>(route: string): Promise<T> => {
    const response = await fetch(`${url}api/${route}`);
    const answer = await response.json();
    expect([route, response.status, answer]).toEqual([route, 200, answer]);
    return answer;
  };
  return { url, get };
}

type Env = Readonly<Record<string, string>>;

/** Sends the inspector what its page would send. */
export function post(url: string, route: string, body: object | string, signal?: AbortSignal) {
  const headers = { "content-type": "application/json" };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${url}api/${route}`, { method: "POST", headers, body: text, signal: signal ?? null });
}
