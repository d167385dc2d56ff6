import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { buildApp, makeApp } from "../support/app.ts";
import { readTree } from "../support/file-tree.ts";
import { linkPackage, node, type Ran, ROOT, scopeGen } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { faultyEnvironment, PROMPTS } from "./faults.ts";
import { type DrillSize, recordDrill } from "./report.ts";

/** What a command does: `work`: its work; `snapshot`: exit 0 with what is committed, said; `error`: exit 1. */
type Outcome = "work" | "snapshot" | "error";

interface Fault {
  readonly name: string;
  readonly auto: Outcome;
  /** Of a build with `always`, `pull`, `check` and the client. */
  readonly others: "work" | "error";
  /** In the message. */
  readonly says: RegExp;
  /** In which each ends, the start of its process included. */
  readonly seconds: { readonly auto: number; readonly others: number };
}

const DEADLINE = { auto: 40, others: 40 };
const OUTAGE = { auto: "snapshot", others: "error", seconds: DEADLINE } as const;
// biome-ignore format: one row a line
const FAULTS: readonly Fault[] = [
  { name: "down", ...OUTAGE, says: /ECONNREFUSED/ },
  { name: "half the prompts failing", ...OUTAGE, says: /500/ },
  { name: "flapping", auto: "work", others: "work", says: /^/, seconds: DEADLINE },
  { name: "5 a second", auto: "work", others: "work", says: /^/, seconds: DEADLINE },
  { name: "DNS", ...OUTAGE, says: /ENOTFOUND|EAI_AGAIN/ },
  { name: "TLS", ...OUTAGE, says: /CERT/ },
  { name: "proxy", ...OUTAGE, says: /ECONNREFUSED/ },
  // Login and prompt come within their time-out, and a build does not wait so long.
  { name: "29 s answers", auto: "snapshot", others: "work", says: /sent no response for 15 seconds/, seconds: { auto: 45, others: 110 } },
];

export function drillOutage(size: DrillSize): void {
  const faults = size === "short" ? FAULTS.slice(0, 1) : FAULTS;
  describe("each way does what the contract's table says, in limited time", () => {
    it.each(faults)("$name", { timeout: 300_000 }, async (fault) => {
      const root = await outdatedProject();
      const before = await committed(root);
      // Each command meets a platform of its own, whose limits it does not share.
      const faulty = () => faultyEnvironment(fault.name);
      const slowest = { auto: 0, others: 0 };
      const timed = async (kind: keyof typeof slowest, work: Promise<Ran>): Promise<Ran> => {
        const started = performance.now();
        const ran = await work;
        slowest[kind] = Math.max(slowest[kind], (performance.now() - started) / 1000);
        return ran;
      };
      const build = async (policy: string, folder: string) =>
        buildApp("vite", folder, {
          ...(await faulty()),
          SCOPE_FETCH: policy,
          TEST_PLUGIN_OPTIONS: '{ "clientBundle": "allow" }',
        });

      const server = new ServerProcess([join(ROOT, "test/drills/dev-server.js"), root], root, await faulty());
      onTestFinished(() => server.stop());
      await server.said(/loaded/);
      await server.stop();
      expect(await committed(root)).toEqual(before);

      const [never, auto, always, check, client] = await Promise.all([
        build("never", await copy(root)),
        timed("auto", build("auto", root)),
        timed("others", build("always", await copy(root))),
        timed("others", scopeGen(["check"], { cwd: root, env: await faulty() })),
        timed("others", node([join(root, "client.js"), "prompt-1"], { cwd: root, env: await faulty() })),
      ]);
      const pull = await timed("others", scopeGen(["pull"], { cwd: root, env: await faulty() }));
      expect([never.code, never.stderr]).toEqual([0, ""]);
      outcome(auto, fault.auto, fault.says);
      for (const one of [always, pull])
        outcome(one, fault.others, fault.others === "error" ? fault.says : /^/);
      expect([check.code, client.code]).toEqual(fault.others === "error" ? [1, 1] : [2, 0]);
      if (fault.others === "error") {
        expect(client.stdout).toContain("an outage: true");
        expect(await committed(root)).toEqual(before);
      } else expect(client.stdout).toBe("version 2\n");
      expect(slowest.auto).toBeLessThan(fault.seconds.auto);
      expect(slowest.others).toBeLessThan(fault.seconds.others);
      recordDrill(
        "outage",
        `${fault.name}: an \`auto\` build took ${Math.round(slowest.auto)} s, no command over ${Math.round(Math.max(slowest.auto, slowest.others))} s`,
      );
    });
  });
}

function outcome({ code, stdout, stderr }: Ran, expected: Outcome, says: RegExp): void {
  const text = stdout + stderr;
  expect([code, text]).toEqual([expected === "error" ? 1 : 0, expect.stringMatching(says)]);
  if (expected === "snapshot") expect(text).toMatch(/prompt-\d+/);
  expect(stderr).not.toMatch(/^\s+at .*unplugin-scope/m);
}

/** A project whose snapshot is of a version before the platform's. */
async function outdatedProject(): Promise<string> {
  const imports = PROMPTS.map((name, at) => `import p${at} from "scope:${name}";\n`).join("");
  const app = `${imports}export default [${PROMPTS.map((_, at) => `p${at}`)}];\n`;
  const root = await makeApp({ "scope.config.json": "{}", "src/main.ts": app, "src/prompts.ts": app });
  await linkPackage(root);
  await symlink(join(import.meta.dirname, "client.js"), join(root, "client.js"));
  const { code, stderr } = await scopeGen(["pull"], { cwd: root, env: await faultyEnvironment("none") });
  expect([code, stderr]).toEqual([0, ""]);
  return root;
}

/** Of a build that runs next to another one. */
async function copy(root: string): Promise<string> {
  const other = await makeApp({});
  await cp(root, other, { recursive: true, verbatimSymlinks: true });
  return other;
}

async function committed(root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await readTree(join(root, "scope"))), ...(await readTree(join(root, "src")))]);
}
