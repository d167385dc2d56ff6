import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { cli, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": "{}",
  "src/a.ts": 'import a from "scope:welcome";\na({ name: "Ada" });\n',
};
const PROMPTS = { "welcome/1.md": "Hello {{name}}!" };

it("serves the inspector until it is stopped, and opens it when asked", async () => {
  const { root, env } = await testProject(APP, PROMPTS);
  const browser = join(root, "browser.sh");
  await writeFile(browser, `#!/bin/sh\necho "$1" > "${root}/opened.txt"\n`);
  await chmod(browser, 0o755);
  const stop = new AbortController();
  let overview: unknown;
  const { code, stdout, stderr } = await cli(["ui", "--port", "0", "--open"], {
    cwd: root,
    env: { ...env, BROWSER: browser },
    signal: stop.signal,
    async onStdout(url) {
      const response = await fetch(`${url.trim()}api/overview`);
      overview = await response.json();
      await waitFor("the browser", () => readFile(join(root, "opened.txt"), "utf8").catch(() => undefined));
      stop.abort();
    },
  });
  expect([code, stderr]).toEqual([
    0,
    "Press Ctrl-C to stop. The inspector changes nothing on the platform.\n",
  ]);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/__scope\/\n$/);
  expect(await readFile(join(root, "opened.txt"), "utf8")).toBe(stdout);
  expect(overview).toMatchObject({
    prompts: [{ name: "welcome", uses: [{ file: "src/a.ts", line: 1 }], served: { change: "compatible" } }],
  });
});

it("a port that is in use, and a missing browser", async () => {
  const { root, env, platform } = await testProject(APP, PROMPTS);
  const taken = await cli(["ui", "--port", String(platform.port)], { cwd: root, env });
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining("port_unavailable") });
  const stop = new AbortController();
  const { code, stdout, stderr } = await cli(["ui", "--port", "0", "--open", "--json"], {
    cwd: root,
    env: { ...env, BROWSER: join(root, "none") },
    signal: stop.signal,
    onStderr: (text) => {
      if (text.includes("Couldn't open the browser")) stop.abort();
    },
  });
  expect([code, JSON.parse(stdout).url]).toEqual([0, expect.stringContaining("/__scope/")]);
  expect(stderr).toContain("warning");
});
