import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp, replaceFile } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { linkPackage, ROOT } from "../../support/run.ts";
import { RenderingServer, ServerProcess } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

const DEV = { interval: 0.2 };
const config = (prompt: string) => JSON.stringify({ prompts: { greeting: { prompt } }, dev: DEV });
const code = (prompt: string) => `const all = ${config(prompt)};\nexport default { ...all };\n`;
const FILES = {
  "package.json": '{ "type": "module" }',
  "src/render.js":
    'import greeting from "scope:greeting";\nexport const render = () => greeting({ name: "Ada" });\n',
};
const VITE_CONFIG = {
  "vite.config.js": 'import scope from "unplugin-scope/vite";\nexport default { plugins: [scope()] };\n',
};

it.each([
  ["in middleware mode", VITE_CONFIG, {}, "json", config],
  ["in middleware mode, with a plugin that is passed in", {}, {}, "json", config],
  ["that listens", VITE_CONFIG, { TEST_LISTENS: "1" }, "ts", code],
])("a server %s restarts with the current config", async (_name, files, env, ending, configOf) => {
  await using platform = await DevPlatform.start();
  await platform.save("old", "Hello {{name}} v1");
  await platform.save("new", "Welcome {{name}} v1");
  const configFile = `scope.config.${ending}`;
  const root = await makeApp({ ...FILES, ...files, [configFile]: configOf("old") });
  await linkPackage(root);
  await using server = new RenderingServer(root, { ...platform.env, ...env }, {}, "ssrLoadModule");
  const gives = (text: string) => server.gives(text);
  await gives("Hello Ada v1");

  // By itself when the config is edited.
  await replaceFile(join(root, configFile), configOf("new"));
  await server.said(/scope\.config\.\w+ changed, restarting server/);
  await gives("Welcome Ada v1");
  await platform.save("new", "Welcome {{name}} v2");
  await gives("Welcome Ada v2");

  // An edit that cannot be used leaves the server that is there; the next one is taken.
  await replaceFile(join(root, configFile), configOf("old").replace("prompts", "promts"));
  await server.said(/server restart failed/);
  await platform.save("new", "Welcome {{name}} v3");
  await gives("Welcome Ada v3");
  await replaceFile(join(root, configFile), configOf("old"));
  await gives("Hello Ada v1");

  expect(await server.ask("restart")).toContain("Hello Ada v1");
  await platform.save("old", "Hello {{name}} v2");
  await gives("Hello Ada v2");
  // The previous servers no longer poll.
  const seen = platform.gateway.polls.length;
  await waitFor("more polls", () => platform.gateway.polls.length >= seen + 6);
  const paths = platform.gateway.polls.slice(seen).map(({ path }) => path);
  expect(paths.filter((path) => path.includes("new"))).toEqual([]);
});

it("two servers of one command that share a plugin share its run until both are closed", async () => {
  await using platform = await DevPlatform.start();
  await platform.save("greeting", "Hello {{name}} v1");
  const root = await makeApp(FILES);
  await using server = new ServerProcess(
    [join(ROOT, "test", "run", "dev", "two-servers.js"), root],
    root,
    platform.env,
  );
  await server.said(/closed one/);
  await platform.save("greeting", "Hello {{name}} v2");
  await server.said(/Hello Ada v2/);
  expect(server.count(/greeting@production: version 1 \(new\)/)).toBe(1);
  expect(server.count(/greeting@production: version 1 → 2/)).toBe(1);
  expect(platform.gateway.logins).toHaveLength(1);
});
