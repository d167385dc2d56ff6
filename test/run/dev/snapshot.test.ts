import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { scopeGen } from "../../support/run.ts";
import { RenderingServer } from "../../support/server-process.ts";

const FILES = {
  "package.json": '{ "type": "module" }',
  "src/render.js":
    'import greeting from "scope:greeting";\nimport other from "scope:other";\nexport const render = () => greeting({ name: "Ada" }) + other();\n',
};

it("without credentials, or with never, a pull by hand shows at once in every server that shares the snapshot", async () => {
  await using platform = await DevPlatform.start();
  await platform.save("greeting", "Hello {{name}} v1");
  await platform.save("other", " and v1");
  const root = await makeApp(FILES);
  const pull = async () => {
    const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
    expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  };
  const options = { live: { interval: 0.1 } };
  await using without = new RenderingServer(root, {}, options);
  await using never = new RenderingServer(root, { ...platform.env, SCOPE_FETCH: "never" }, options);
  const servers = [without, never];
  const allGive = (text: string) => Promise.all(servers.map((server) => server.gives(text)));
  // Nothing is committed yet, and the folder is not there: the import says what to run.
  await allGive("pull\n\n  See unplugin-scope/docs/errors.md#snapshot_missing");
  await pull();
  await allGive("Hello Ada v1 and v1");
  expect(without.count(/No Scope credentials/)).toBe(1);
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
