// `npm run demo` and what it says to try next, in a terminal, as somebody does who has just cloned the repository.
import { cp, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { SCRIPT, Terminal } from "../commands/terminal.ts";
import { temporaryFolder } from "../support/app.ts";
import { isMissing } from "../support/optional-tool.ts";
import { ROOT, run } from "../support/run.ts";

const it = test.skipIf(isMissing(SCRIPT));
const CTRL_C = "\x03";
/** A busy machine builds the package in a minute. */
const PATIENCE_MS = 150_000;
const TIMEOUT = { timeout: 2 * PATIENCE_MS };

let clone: string;
/** Where the demo makes its copy. */
let temporary: string;

beforeAll(async () => {
  clone = await temporaryFolder();
  temporary = await temporaryFolder();
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  });
  const listed = stdout.split("\0");
  for (const name of await readdir(ROOT)) {
    const isListed = (path: string) => listed.some((file) => file === path || file.startsWith(`${path}/`));
    if (isListed(name)) {
      await cp(join(ROOT, name), join(clone, name), {
        recursive: true,
        filter: (path) => isListed(path.slice(ROOT.length + 1)),
      });
    }
  }
  await symlink(join(ROOT, "node_modules"), join(clone, "node_modules"), "dir");
  await git("init", "--quiet");
  // The link isn't ignored as the folder is.
  await git("add", "--all", "--", ":!node_modules");
  await git(
    "-c",
    "user.name=demo",
    "-c",
    "user.email=demo@localhost",
    "commit",
    "--quiet",
    "--message",
    "Clone",
  );
});

function git(...words: string[]) {
  return run("git", words, { cwd: clone });
}

function demo(): Terminal {
  return new Terminal([], {
    cwd: clone,
    env: { TMPDIR: temporary },
    script: join(clone, "demo", "run.js"),
  });
}

async function changes(): Promise<string> {
  const { stdout } = await git("status", "--porcelain", "--", ":!node_modules");
  return stdout;
}

/** The numbered headings of the story. */
function parts(text: string): string[] {
  return text.match(/^\d\. .*$/gm) ?? [];
}

it("says what's going on before it builds, and survives Ctrl-C there and in the story", TIMEOUT, async () => {
  const first = demo();
  await first.until("this clone is built");
  expect(await first.text()).toMatch(/^What happens to your code/);
  first.type(CTRL_C);
  expect(await first.ended()).not.toBe(0);

  const second = demo();
  await second.until("this clone is built");
  await second.until("npx scope-gen check", PATIENCE_MS);
  second.type(CTRL_C);
  expect(await second.ended()).toBe(130);
  expect(await readdir(temporary)).toEqual([]);
  expect(await changes()).toBe("");
});

it("tells the whole story, repeatedly, and leaves nothing behind", TIMEOUT, async () => {
  for (let round = 0; round < 2; round += 1) {
    const terminal = demo();
    expect(await terminal.ended()).toBe(0);
    const text = await terminal.text();
    expect(text).not.toContain("this clone is built");
    expect(parts(text).length).toBe(4);
    expect(text).toContain("demo/app/src/main.ts:3:22");
    expect(text).toContain("Property 'tone' is missing");
    expect(text).toContain("build_contract_changed  Version 3");
    expect(text).toMatch(/2 → 4 +text/);
    expect(text).toContain("for Ada, who opened Looms");
    expect(text).toContain("while it ran: 0.");
  }
  expect(await readdir(temporary)).toEqual([]);
  expect(await changes()).toBe("");
});

it("suggests next commands that work when you type them", TIMEOUT, async () => {
  const terminal = demo();
  await terminal.ended();
  const [, next = ""] = (await terminal.text()).split("Try it next");
  expect(next.match(/^npx scope-gen \S+/gm)).toEqual(["npx scope-gen list", "npx scope-gen ui"]);
  const cwd = clone;
  const script = join(clone, "bin", "scope-gen.js");
  const list = new Terminal(["list"], { cwd, script });
  await list.until(/greeting-templa(te)? +production +2/);
  expect(await list.ended()).toBe(0);
  const ui = new Terminal(["ui", "--port", "0"], { cwd, script });
  await ui.until(/http:\/\/127\.0\.0\.1:\d+/);
  ui.type(CTRL_C);
  await ui.ended();
  expect(await changes()).toBe("");
});
