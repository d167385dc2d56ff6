import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { replaceFile } from "../../support/app.ts";
import { waitFor } from "../../support/wait-for.ts";
import { RENDER, startDevApp } from "./dev-app.ts";

it("a new spelling of a loaded prompt's specifier is declared", async () => {
  await using app = await startDevApp();
  const server = app.serve();
  await server.gives("Hello Ada v1");
  await server.said(/wrote snapshot and types/);
  const twice = `${RENDER}export { default } from "scope:greeting?live";\n`;
  await replaceFile(join(app.root, "src", "render.js"), twice);
  await server.gives("Hello Ada v1");
  await waitFor("the types", async () => (await app.types())?.includes('"scope:greeting?live"'), {
    describe: () => server.output,
  });
});

/** Has a server write the snapshot and the types; gives the types. */
async function firstTypes({ serve, types }: Awaited<ReturnType<typeof startDevApp>>): Promise<string> {
  const first = serve();
  await first.gives("Hello Ada v1");
  await first.said(/wrote snapshot and types/);
  await first.stop();
  return (await types()) ?? "";
}

it("missing types are written next to an existing snapshot; otherwise the command is printed, once", async () => {
  await using app = await startDevApp();
  const written = await firstTypes(app);
  await rm(join(app.root, "src", "scope-types"), { recursive: true });

  const quiet = app.serve(false);
  await quiet.gives("Hello Ada v1");
  await quiet.said(/types of scope: imports are missing or out of date .*Run: npx scope-gen types/);
  await quiet.stop();
  expect(await app.types()).toBeUndefined();
  expect(quiet.count(/scope-gen types/)).toBe(1);

  const second = app.serve();
  await second.gives("Hello Ada v1");
  await second.said(/wrote them/);
  await second.stop();
  expect(await app.types()).toBe(written);
});

it("merge conflict markers in the types are reported, and removed", async () => {
  await using app = await startDevApp();
  const sound = await firstTypes(app);
  const file = join(app.root, "src", "scope-types", "greeting.d.ts");
  await replaceFile(file, `${sound}<<<<<<< HEAD\n=======\n>>>>>>> other\n`);

  const quiet = app.serve(false);
  await quiet.gives("Hello Ada v1");
  await quiet.said(/greeting\.d\.ts contains the marks of a merge conflict\. Run: npx scope-gen types/);
  await quiet.stop();

  await rm(join(app.root, ".scope", "types"), { recursive: true });
  const second = app.serve();
  await second.gives("Hello Ada v1");
  await second.said(/greeting\.d\.ts contains the marks of a merge conflict: wrote them/);
  await second.stop();
  expect(await app.types()).toBe(sound);
});
