import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linkPackage } from "../../support/run.ts";
import { startDevApp } from "./dev-app.ts";

/** A server over a platform whose prompt is served, and what its app then commits. */
async function serve(dev: object = {}, files: Readonly<Record<string, string>> = {}) {
  const app = await startDevApp({ files });
  await linkPackage(app.root);
  return {
    ...app,
    server: app.serve(dev, { syntax: "mustache" }),
    async committed(): Promise<string> {
      const texts = ["scope", "src/scope-types"].map(async (folder) => {
        const names = await readdir(join(app.root, folder)).catch(() => []);
        return Promise.all(names.sort().map((name) => readFile(join(app.root, folder, name), "utf8")));
      });
      return JSON.stringify((await Promise.all(texts)).flat());
    },
  };
}

it("types and snapshot follow the contract in one step, with one line; a new text alone writes nothing", async () => {
  await using app = await serve();
  await app.server.gives("Hello Ada v1");
  await app.server.said(/greeting@production: version 1 \(new\); wrote snapshot and types/);
  const first = await app.committed();
  expect(first).toContain("declare module");

  await app.platform.save("greeting", "Hello {{name}} v2");
  await app.server.gives("Hello Ada v2");
  await app.server.said(/greeting@production: version 1 → 2 \(text only\)/);
  expect(await app.committed()).toBe(first);

  await app.platform.save("greeting", "Hello {{name}} of {{place}} v3");
  await app.server.said(
    /greeting@production: version 2 → 3 \(new variable "place"\); wrote snapshot and types/,
  );
  const third = await app.committed();
  expect(third).not.toBe(first);
  expect(third).toContain("place: string");

  await app.platform.save("greeting", "Hello {{name}} v4");
  await app.server.said(/greeting@production: version 3 → 4 \(variable "place" is gone\); wrote/);
  await app.server.gives("Hello Ada v4");
});

// Issue 52: under `docusaurus start` a changed contract was silent.
it("a changed contract is said where only warnings are", async () => {
  const config =
    'import scope from "unplugin-scope/vite";\nexport default { logLevel: "warn", plugins: [scope()] };\n';
  await using app = await serve(
    {},
    {
      "vite.config.js": config,
      "scope.config.json": '{ "syntax": "mustache", "dev": { "interval": 0.2 } }',
    },
  );
  await app.server.gives("Hello Ada v1");
  await app.platform.save("greeting", "Hello {{name}} v2");
  await app.server.gives("Hello Ada v2");
  await app.platform.save("greeting", "Hello {{name}} of {{place}} v3");
  await app.server.said(/greeting@production: version 2 → 3 \(new variable "place"\)/);
  expect(app.server.output).not.toContain("text only");
});

it("says once that a version differs from the committed one, and doesn't repeat it when the server stops", async () => {
  await using app = await serve();
  await app.server.gives("Hello Ada v1");
  await app.server.said(/wrote snapshot/);
  await app.server.stop();
  const again = app.serve({}, { syntax: "mustache" });
  await again.gives("Hello Ada v1");
  await app.platform.save("greeting", "Hello {{name}} v2");
  await again.said(/greeting@production: version 1 → 2 \(text only\)/);
  await again.gives("Hello Ada v2");
  await again.stop();
  expect(again.count(/version 1 → 2/)).toBe(1);
});

it("the same text again writes nothing; another contract is written", async () => {
  const name = "greeting@production.json";
  await using app = await serve();
  await app.server.gives("Hello Ada v1");
  await app.server.said(/wrote snapshot and types/);
  const first = await app.committed();

  await app.platform.settings("greeting", { versions: { 2: { metadata: {} } } });
  await app.platform.save("greeting", "Hello {{name}} v1");
  await app.server.said(/greeting@production: version 1 → 2 \(same text\)\n/);
  expect(await app.committed()).toBe(first);

  await app.platform.save("greeting", "Hello {{name}} of {{place}}");
  await app.server.said(
    /greeting@production: version 2 → 3 \(new variable "place"\); wrote snapshot and types/,
  );
  const committed = await app.committed();
  expect(committed).toContain("place: string");
  expect(committed).toContain("of {{place}}");
  expect(JSON.parse(await readFile(join(app.root, "scope", name), "utf8")).versionNumber).toBe(3);
});
