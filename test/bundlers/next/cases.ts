import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Platform, startPlatform } from "../../../src/platform/index.ts";
import { outputsOf, temporaryFolder, writeTree } from "../../support/app.ts";
import { readTree } from "../../support/file-tree.ts";
import { scopeGen, succeed } from "../../support/run.ts";
import {
  BUNDLER_FLAGS,
  copyNextApp,
  type NextBundler,
  nextBuild,
  type RunningNext,
  removeNextApp,
  runNext,
} from "./next-app.ts";

const SECRET = "a-secret-that-must-stay";

const LIVE_ROUTE = `
import greeting, { current } from "scope:greeting?live";
import { refreshLive } from "unplugin-scope/runtime";

export const dynamic = "force-dynamic";

export async function GET(request) {
  if (new URL(request.url).searchParams.has("refresh")) await refreshLive();
  return new Response(\`\${greeting({ name: "Live" })} \${current().versionNumber}\`);
}
`;

/** What each output holds, as the manifest says it. */
const HELD: Readonly<Record<NextBundler, readonly string[]>> = {
  turbopack: [".next: greeting platform, greeting platform, only-edge platform, support/hint platform"],
  webpack: [
    ".next (client): support/hint platform",
    ".next/server (edge-server): greeting platform, only-edge platform",
    ".next/server/chunks (server): greeting platform, greeting platform, support/hint platform",
  ],
};

async function heldBy(root: string): Promise<readonly string[]> {
  const held = (await outputsOf(root)).map(({ output, compiler, prompts }) => {
    const names = prompts.map(({ name, source }) => `${name} ${source}`).join(", ");
    return `${output}${compiler === undefined ? "" : ` (${compiler})`}: ${names}`;
  });
  return held.sort();
}

/** What `next build` must do, with a bundler. */
export function buildCases(bundler: NextBundler): void {
  describe(`next build, ${bundler}`, { timeout: 300_000 }, () => {
    let dir: string;
    let platform: Platform;
    let root: string;
    beforeAll(async () => {
      dir = await temporaryFolder();
      await writeTree(dir, {
        "greeting/1.md": "Hello {{name}}, one.",
        "greeting/2.md": "Hello {{name}}, two.",
        "greeting/prompt.json": '{ "production": 1 }',
        "support/hint/1.md": "A hint for the page.",
        "only-edge/1.md": "At the edge.",
      });
      const credentials = { orgId: "local", apiKey: "local", apiSecret: SECRET };
      platform = await startPlatform({ dir, credentials });
      root = await copyNextApp();
      await writeTree(root, { "app/live/route.js": LIVE_ROUTE });
      await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
      await writeTree(dir, { "greeting/1.md": "Hello {{name}}, edited." });
    }, 180_000);
    afterAll(async () => {
      await platform.close();
      await removeNextApp(root);
    });

    it("fetches each prompt once for server, client and edge together, and the output runs", async () => {
      const before = platform.requests.length;
      const built = await succeed(nextBuild(root, bundler, platform.env));
      const asked = platform.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
      expect(asked.filter((request) => request.startsWith("GET")).sort()).toEqual([
        "GET /api/v1/prompts/greeting/latest",
        "GET /api/v1/prompts/greeting/production",
        "GET /api/v1/prompts/only-edge/production",
        "GET /api/v1/prompts/support%2Fhint/production",
      ]);

      const printed = built.stdout + built.stderr;
      expect(printed).toContain("greeting@production: version 1, edited (text only)");
      expect(printed.match(/ends up in a browser bundle[^\n]*/g)).toEqual([
        expect.stringMatching(/: support\/hint@production\. /),
      ]);
      expect(await heldBy(root)).toEqual(HELD[bundler]);

      const requests = platform.requests.length;
      await using running = await runNext(root, ["start"], platform.env);
      const page = await running.text("/");
      for (const text of ["Hello Ada, edited.", "version 1", "Hello Ada, two.", "A hint for the page."])
        expect(page).toContain(text);
      expect(await running.text("/edge")).toBe("Hello Edge, edited. At the edge.");
      expect(await running.text("/api/text")).toBe("Hello Api, edited.");
      expect(platform.requests.length).toBe(requests);

      expect(await running.text("/live")).toBe("Hello Live, edited. 1");
      onTestFinished(() => writeTree(dir, { "greeting/prompt.json": '{ "production": 1 }' }));
      await writeTree(dir, { "greeting/prompt.json": '{ "production": 2 }' });
      expect(await running.text("/live?refresh")).toBe("Hello Live, two. 2");
      expect(await running.text("/api/text")).toBe("Hello Api, edited.");
    });

    it("puts what the page needs into the page's files and nothing else, and the secret into none", async () => {
      const files = await readTree(join(root, ".next"));
      const page = [...files].flatMap(([path, text]) => (path.startsWith("static") ? text : []));
      expect(page.some((text) => text.includes("A hint for the page."))).toBe(true);
      expect(page.filter((text) => /Hello |At the edge/.test(text))).toEqual([]);
      expect([...files].flatMap(([path, text]) => (text.includes(SECRET) ? path : []))).toEqual([]);
    });

    it("asks the platform again in the next build, whatever the bundler has cached", async () => {
      onTestFinished(() => writeTree(dir, { "only-edge/1.md": "At the edge." }));
      await writeTree(dir, { "only-edge/1.md": "At the new edge." });
      await succeed(nextBuild(root, bundler, platform.env));
      expect(await heldBy(root)).toEqual(HELD[bundler]);
      await using running = await runNext(root, ["start"], {});
      expect(await running.text("/edge")).toBe("Hello Edge, edited. At the new edge.");
    });

    it("never, platform stopped: builds the snapshot", async () => {
      await succeed(nextBuild(root, bundler, { SCOPE_FETCH: "never" }));
      await using running = await runNext(root, ["start"], {});
      expect(await running.text("/api/text")).toBe("Hello Api, one.");
    });

    it("a missing prompt fails the build with one readable error", async () => {
      await rm(join(root, "pages"), { recursive: true });
      await writeTree(root, {
        "app/edge/route.js": 'import x from "scope:gretting";\nexport const GET = () => new Response(x());\n',
      });
      const built = await nextBuild(root, bundler, platform.env);
      expect(built.code).toBe(1);
      expect(built.stderr).toMatch(/prompt_not_found [\s\S]*Did you mean "greeting"\?/);
      expect(built.stderr).toContain("app/edge/route.js");
      expect(built.stderr).not.toMatch(/^\s+at .*(?:unplugin-scope|dist\/)/m);
    });
  });
}

const POLL = { timeout: 60_000, interval: 250 };

/** What `next dev` must do, with a bundler. */
export function devCases(bundler: NextBundler): void {
  describe(`next dev, ${bundler}`, { timeout: 300_000 }, () => {
    let dir: string;
    let platform: Platform;
    let root: string;
    let running: RunningNext | undefined;
    beforeEach(async () => {
      dir = await temporaryFolder();
      await writeTree(dir, {
        "greeting/1.md": "Hello {{name}}, one.",
        "support/hint/1.md": "A hint for the page.",
        "only-edge/1.md": "At the edge.",
      });
      platform = await startPlatform({ dir });
      root = await copyNextApp();
    });
    afterEach(async () => {
      await running?.close();
      running = undefined;
      await platform.close();
      await removeNextApp(root);
    });

    it("shows an edit on the platform in every runtime, and writes a contract's change to disk", async () => {
      await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
      running = await runNext(root, ["dev", BUNDLER_FLAGS[bundler]], platform.env);
      const { text } = running;
      expect(await text("/")).toContain("Hello Ada, one.");
      expect(await text("/edge")).toBe("Hello Edge, one. At the edge.");

      await writeTree(dir, { "greeting/2.md": "Hello {{name}}, two.", "support/hint/2.md": "A new hint." });
      await expect.poll(() => text("/"), POLL).toMatch(/Hello Ada, two\.[\s\S]*version 2[\s\S]*A new hint\./);
      await expect.poll(() => text("/edge"), POLL).toBe("Hello Edge, two. At the edge.");

      await writeTree(dir, { "greeting/3.md": "Hello {{name}} of {{place}}." });
      await expect
        .poll(() => readFile(join(root, "scope-types", "greeting.d.ts"), "utf8"), POLL)
        .toContain("place");
    });

    it("a missing prompt fails its import readably, and works once it exists", async () => {
      await writeTree(root, {
        "pages/api/text.js":
          'import later from "scope:later";\nexport default (_, response) => response.send(later());\n',
      });
      running = await runNext(root, ["dev", BUNDLER_FLAGS[bundler]], platform.env);
      const { text, output } = running;
      expect(await text("/api/text")).not.toBe("It is there.");
      expect(output()).toContain("prompt_not_found");
      expect(output()).toMatch(/imported in pages\/api\/text\.js:1:19\n/);
      await writeTree(dir, { "later/1.md": "It is there." });
      await expect.poll(() => text("/api/text"), POLL).toBe("It is there.");
    });

    it("without credentials a pull shows at once", async () => {
      const pull = () => scopeGen(["pull"], { cwd: root, env: platform.env });
      expect(await pull()).toMatchObject({ code: 0 });
      running = await runNext(root, ["dev", BUNDLER_FLAGS[bundler]], {});
      const { text } = running;
      expect(await text("/")).toContain("Hello Ada, one.");
      await writeTree(dir, { "greeting/2.md": "Hello {{name}}, pulled." });
      expect(await pull()).toMatchObject({ code: 0 });
      await expect.poll(() => text("/"), POLL).toContain("Hello Ada, pulled.");
    });
  });
}
