import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { startPlatform } from "unplugin-scope/platform";

const ROOT = join(import.meta.dirname, "..", "..");

/** The versions that are pulled: number 1 of each prompt. */
const PULLED = {
  "greeting-template/1.md":
    "Write a short, warm greeting for {{name}}, who opened {{product}} for the first time.\n\nUse two sentences at most.",
  "support_triage/1.json": JSON.stringify([
    { role: "system", content: "You sort support tickets for {{product}}. Answer with one word." },
    { role: "user", content: "{{ticket}}" },
  ]),
  "support_triage/prompt.json": JSON.stringify({
    versions: { 1: { metadata: { model: "small-1", temperature: 0 } } },
  }),
  "refund_reply/1.md":
    "Draft a reply to {{name}}, who asks for a refund of order {{order}}.\n\nDo not agree to the refund.",
  "weekly-digest/1.md": "Sum up this week for {{name}}:\n\n{{events}}",
};

/** What people have edited on the platform since then. */
const EDITED = {
  "greeting-template/2.md":
    "Write a short, friendly greeting for {{name}}, who opened {{product}} on the {{plan}} plan.\n\nUse two sentences at most.",
  "support_triage/2.json": PULLED["support_triage/1.json"],
  "support_triage/prompt.json": JSON.stringify({
    versions: {
      1: { metadata: { model: "small-1", temperature: 0 } },
      2: { metadata: { model: "large-2", temperature: 0.2 } },
    },
  }),
  "refund_reply/2.md":
    "Draft a polite reply to {{name}}, who asks for a refund of order {{order}}.\n\nDo not agree to the refund, and do not refuse it.",
};

const PROJECT = {
  "package.json": JSON.stringify({ name: "shop", private: true, type: "module" }),
  "package-lock.json": "{}",
  "tsconfig.json": JSON.stringify({
    compilerOptions: { strict: true, module: "esnext", moduleResolution: "bundler", noEmit: true, types: [] },
    include: ["src"],
  }),
};

const SOURCES = {
  "index.html":
    '<!doctype html><title>Shop</title><p id="greeting"></p><script type="module" src="/src/main.ts"></script>',
  "scope.config.json": JSON.stringify({ clientBundle: "allow", dev: { interval: 0.25 } }),
  "src/main.ts": `import greeting from "scope:greeting-template";
import { onPromptUpdate } from "unplugin-scope/runtime";

const place = document.querySelector("#greeting")!;
const show = () => {
  place.textContent = greeting({ name: "Ada", product: "Looms" });
};
show();
onPromptUpdate(show);
`,
  "src/mail.ts": `import greeting from "scope:greeting-template";
import digest from "scope:weekly-digest";

export const welcome = (name: string) => greeting({ name, product: "Looms" });
export const weekly = (name: string, events: string) => digest({ name, events });
`,
  "src/support.ts": `import refund from "scope:refund_reply";
import triage, { metadata } from "scope:support_triage";

export const sort = (ticket: string) => ({ model: metadata.model, messages: triage({ product: "Looms", ticket }) });
export const reply = (name: string, order: string) => refund({ name, order });
`,
};

/**
 * A small application with a platform of its own: its prompts are pulled, and then edited on the platform. One edit breaks
 * two calls. `sources` are added to the files that every application needs.
 */
export async function openShop({ pulled = PULLED, edited = EDITED, sources = SOURCES } = {}) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pictures-")));
  const prompts = join(folder, "prompts");
  const root = join(folder, "shop");
  await writeFiles(prompts, pulled);
  await writeFiles(root, { ...PROJECT, ...sources });
  await mkdir(join(root, "node_modules"));
  await symlink(ROOT, join(root, "node_modules", "unplugin-scope"), "dir");
  const platform = await startPlatform({ dir: prompts });
  const env = { ...process.env, ...platform.env, FORCE_COLOR: "1" };

  const scopeGen = join(ROOT, "bin", "scope-gen.js");
  /** Starts `scope-gen` in the application. */
  const start = (...words) => spawn(process.execPath, [scopeGen, ...words], { cwd: root, env });

  async function run(...words) {
    const child = start(...words);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { stdout, stderr };
  }

  const { stderr } = await run("pull", "--quiet");
  if (stderr !== "") throw new Error(stderr);
  await writeFiles(prompts, edited);
  return {
    root,
    env: platform.env,
    scopeGen,
    start,
    run,
    async close() {
      await platform.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeFiles(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Ends a process as Ctrl-C does. */
export async function stop(child) {
  child.kill("SIGINT");
  await once(child, "exit");
}
