import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scopeGen } from "../../support/run.ts";
import { startDevApp } from "./dev-app.ts";

const RENDER_BOTH =
  'import greeting from "scope:greeting";\nimport other from "scope:other";\nexport const render = () => greeting({ name: "Ada" }) + other();\n';

it("without credentials, or with never, a pull by hand shows at once in every server that shares the snapshot", async () => {
  await using app = await startDevApp({
    prompts: { greeting: "Hello {{name}} v1", other: " and v1" },
    files: { "src/render.js": RENDER_BOTH },
  });
  const { platform, root } = app;
  const pull = async () => {
    const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
    expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  };
  const without = app.serve({ interval: 0.1 }, {}, {});
  const never = app.serve({ interval: 0.1 }, {}, { ...platform.env, SCOPE_FETCH: "never" });
  const servers = [without, never];
  const allGive = (text: string) => Promise.all(servers.map((server) => server.gives(text)));
  // Nothing is committed yet, and the folder is not there: the import says what to run.
  await allGive("pull\n\n  See unplugin-scope/docs/errors.md#snapshot_missing");
  await pull();
  await allGive("Hello Ada v1 and v1");
  expect(without.count(/No Scope credentials: prompts come/)).toBe(1);
  expect(never.count(/No Scope credentials/)).toBe(0);

  const { polls } = platform.gateway;
  for (const version of [2, 3]) {
    await platform.save("greeting", `Hello {{name}} v${version}`);
    await platform.save("other", ` and v${version}`);
    await pull();
    await allGive(`Hello Ada v${version} and v${version}`);
  }
  // Two prompts by three pulls: the servers asked nothing.
  expect(polls).toHaveLength(6);

  const [file] = (await readdir(join(root, "scope"))).filter((name) => name.startsWith("greeting"));
  // As a merge of Git does it: the file is replaced.
  await writeFile(join(root, "damaged"), "{ damaged");
  await rename(join(root, "damaged"), join(root, "scope", file as string));
  for (const server of servers)
    await server.said(/snapshot_damaged[\s\S]*: npx scope-gen pull[\s\S]*last good version is still served/);
  await allGive("Hello Ada v3 and v3");
  await pull();
  for (const server of servers) await server.said(/All prompts work again/);
  await platform.save("greeting", "Hello {{name}} v4");
  await pull();
  await allGive("Hello Ada v4 and v3");
});
