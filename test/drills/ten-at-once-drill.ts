import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isLeftover } from "../../src/files/staged-files.ts";
import { cli, type TestProject, testProject } from "../commands/cli-helpers.ts";
import { buildApp } from "../support/app.ts";
import { readTree } from "../support/file-tree.ts";
import { linkPackage, ROOT, scopeGen } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const ROUNDS = { short: 1, long: 10 };
const TIMEOUT = 900_000;
const NAMES = Array.from({ length: 10 }, (_, at) => `prompt-${at}`);

export function drillTenAtOnce(size: DrillSize): void {
  const rounds = ROUNDS[size];
  describe("many writers at once leave the bytes of one", () => {
    it("ten pulls", { timeout: TIMEOUT }, async () => {
      const project = await sharedProject();
      for (let round = 1; round <= rounds; round++) {
        await save(project, round);
        const pulls = NAMES.map(() => scopeGen(["pull"], { cwd: project.root, env: project.env }));
        for (const { code, stderr } of await Promise.all(pulls)) expect([code, stderr]).toEqual([0, ""]);
        expect(await committed(project.root)).toEqual(await ofOnePull(project));
      }
      recordDrill("ten at once", `ten pulls at once, ${rounds} times: the bytes of one pull`);
    });

    it("a pull next to two development servers and a build", { timeout: TIMEOUT }, async () => {
      const project = await sharedProject();
      const { root, env } = project;
      await linkPackage(root);
      await save(project, 1);
      const servers = [1, 2].map(() => {
        const server = new ServerProcess([join(ROOT, "test/drills/dev-server.js"), root], root, env);
        onTestFinished(() => server.stop());
        return server;
      });
      for (const server of servers) await server.said(/loaded/);
      for (let round = 2; round <= rounds + 1; round++) {
        await save(project, round);
        const [pull, build] = await Promise.all([
          scopeGen(["pull"], { cwd: root, env }),
          buildApp("vite", root, { ...env, TEST_PLUGIN_OPTIONS: '{ "onContractChange": "warn" }' }),
        ]);
        expect([pull.code, pull.stderr]).toEqual([0, ""]);
        expect([build.code, build.stderr]).toEqual([0, expect.not.stringContaining("error")]);
        const one = await ofOnePull(project);
        // A server may be about to commit what it has seen before.
        await waitFor("the bytes of one pull", async () => {
          const tree = await committed(root);
          return tree.size === one.size && [...one].every(([path, text]) => tree.get(path) === text);
        });
      }
      recordDrill(
        "ten at once",
        `a pull next to two development servers and a build, ${rounds} times: the bytes of one pull`,
      );
    });
  });
}

async function sharedProject(): Promise<TestProject> {
  const imports = NAMES.map((name, at) => `import p${at} from "scope:${name}";\n`).join("");
  const app = `${imports}export default [${NAMES.map((_, at) => `p${at}`)}];\n`;
  return testProject(
    {
      "scope.config.json": JSON.stringify({ dev: { interval: 0.2 } }),
      "src/main.ts": app,
      "src/prompts.ts": app,
    },
    {},
  );
}

/** A version of each prompt with a contract of its own. */
async function save({ prompt }: TestProject, round: number): Promise<void> {
  for (const name of NAMES) await prompt(`${name}/${round}.md`, `${name} {{v${round}}}`);
}

/** Snapshot and types. */
async function committed(root: string): Promise<ReadonlyMap<string, string>> {
  const files = [...(await readTree(join(root, "scope"))), ...(await readTree(join(root, "src")))];
  return new Map(files.filter(([path]) => !isLeftover(path)));
}

/** What one pull leaves in a copy of the project. */
async function ofOnePull({ env, root }: TestProject): Promise<ReadonlyMap<string, string>> {
  const alone = await sharedProject();
  const { code } = await cli(["pull"], { cwd: alone.root, env });
  expect([code, alone.root === root]).toEqual([0, false]);
  return committed(alone.root);
}
