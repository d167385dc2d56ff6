import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { formatSnapshot, parseSnapshot } from "../../src/project/snapshot/format.ts";
import { makeApp } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { cleanEnv, node, ROOT, scopeGen, succeed } from "../support/run.ts";

const BUILD = join(ROOT, "test", "support", "pausing-build.js");
let root: string;

beforeEach(async () => {
  const platform = await servePrompts({ "hi/1.md": "text 1 {{who}}", "bye/1.md": "Bye {{who}}" });
  root = await makeApp({
    "scope.config.json": "{}",
    "src/main.js":
      'import hi from "scope:hi";\nimport bye from "scope:bye";\nconsole.log(hi({ who: "you" }), bye({ who: "me" }));\n',
  });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
  await platform.close();
});

async function commit(version: number): Promise<void> {
  const path = join(root, "scope", "hi@production.json");
  const entry = parseSnapshot(await readFile(path, "utf8"), path);
  const content = `text ${version} {{who}}`;
  await writeFile(path, formatSnapshot({ ...entry, version: { ...entry.version, content } }));
}

/** A build that waits at a place until {@link finish} is asked of it. */
async function begin(place: string, output: string): Promise<ChildProcess> {
  const env = cleanEnv({ SCOPE_FETCH: "never", OUTPUT: join(root, "out", output) });
  const child = fork(BUILD, [root, place], { env, silent: true });
  await Promise.race([once(child, "message"), once(child, "close")]);
  return child;
}

async function finish(child: ChildProcess, output: string): Promise<string> {
  if (child.exitCode === null) {
    if (child.connected) child.send("go on");
    await once(child, "close");
  }
  const ran = await node([join(root, "out", output)], { cwd: root });
  return ran.stdout.trim();
}

const whole = async (output: string) => finish(await begin("", output), output);

const PLACES = ["write", "read", "end"];
it.each(PLACES.flatMap((one) => PLACES.map((other) => [one, other] as const)))(
  "overlapping builds each use the text that was committed when they started: held at %s and %s",
  async (first, second) => {
    const one = await begin(first, "1.mjs");
    await commit(2);
    const two = await begin(second, "2.mjs");
    expect(await finish(one, "1.mjs")).toBe("text 1 you Bye me");
    expect(await finish(two, "2.mjs")).toBe("text 2 you Bye me");
    expect(await whole("3.mjs")).toBe("text 2 you Bye me");
    await commit(1);
    expect(await whole("4.mjs")).toBe("text 1 you Bye me");
  },
);
