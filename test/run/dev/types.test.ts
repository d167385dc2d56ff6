import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp, replaceFile } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { RenderingServer } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

const RENDER =
  'import greeting from "scope:greeting";\nexport const render = () => greeting({ name: "Ada" });\n';

async function start(live: object = {}) {
  const platform = await DevPlatform.start();
  await platform.save("greeting", "Hello {{name}} v1");
  const root = await makeApp({ "package.json": '{ "type": "module" }', "src/render.js": RENDER });
  const serve = (more: object = {}) => {
    const server = new RenderingServer(root, platform.env, { live: { interval: 0.2, ...live, ...more } });
    const gives = (text: string) => server.gives(text);
    return { server, gives, [Symbol.asyncDispose]: () => server.stop() };
  };
  const types = () =>
    readFile(join(root, "src", "scope-types", "greeting.d.ts"), "utf8").catch(() => undefined);
  return { platform, root, serve, types, [Symbol.asyncDispose]: () => platform.close() };
}

it("a new spelling of a loaded prompt's specifier is declared", async () => {
  await using app = await start();
  await using served = app.serve();
  const { server, gives } = served;
  await gives("Hello Ada v1");
  await server.said(/wrote snapshot and types/);
  const twice = `${RENDER}export { default } from "scope:greeting?live";\n`;
  await replaceFile(join(app.root, "src", "render.js"), twice);
  await gives("Hello Ada v1");
  await waitFor("the types", async () => (await app.types())?.includes('"scope:greeting?live"'), {
    describe: () => server.output,
  });
});

/** Has a server write the snapshot and the types; gives the types. */
async function firstTypes({ serve, types }: Awaited<ReturnType<typeof start>>): Promise<string> {
  await using first = serve();
  await first.gives("Hello Ada v1");
  await first.server.said(/wrote snapshot and types/);
  await first.server.stop();
  return (await types()) ?? "";
}

it("missing types are written next to an existing snapshot; otherwise the command is printed, once", async () => {
  await using app = await start();
  const written = await firstTypes(app);
  await rm(join(app.root, "src", "scope-types"), { recursive: true });

  const quiet = app.serve({ write: false });
  await quiet.gives("Hello Ada v1");
  await quiet.server.said(/types of scope: imports are missing or out of date .*Run: npx scope-gen types/);
  await quiet.server.stop();
  expect(await app.types()).toBeUndefined();
  expect(quiet.server.count(/scope-gen types/)).toBe(1);

  const second = app.serve();
  await second.gives("Hello Ada v1");
  await second.server.said(/wrote them/);
  await second.server.stop();
  expect(await app.types()).toBe(written);
});

it("merge conflict markers in the types are reported, and removed", async () => {
  await using app = await start();
  const sound = await firstTypes(app);
  const file = join(app.root, "src", "scope-types", "greeting.d.ts");
  await replaceFile(file, `${sound}<<<<<<< HEAD\n=======\n>>>>>>> other\n`);

  const quiet = app.serve({ write: false });
  await quiet.gives("Hello Ada v1");
  await quiet.server.said(
    /greeting\.d\.ts contains the marks of a merge conflict\. Run: npx scope-gen types/,
  );
  await quiet.server.stop();

  await rm(join(app.root, ".scope", "types"), { recursive: true });
  const second = app.serve();
  await second.gives("Hello Ada v1");
  await second.server.said(/greeting\.d\.ts contains the marks of a merge conflict: wrote them/);
  await second.server.stop();
  expect(await app.types()).toBe(sound);
});
