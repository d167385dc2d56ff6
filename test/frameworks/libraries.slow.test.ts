import { join } from "node:path";
import { describe, expect } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { node, run, succeed, tsc } from "../support/run.ts";
import { installed, PAGE_PROMPT, pullWithModel, ROUTE_PROMPT } from "./installed.ts";

/** Uses the library as one that installed it does; this package is not there. */
const CONSUMER = `import { welcome } from "LIBRARY";
import { greet, metadata, render } from "LIBRARY/typed";
const model: string = metadata.model;
console.log(welcome("Ada"), greet({ name: "Bo", product: "Looms" }), render({ name: "Cy", product: "Looms" }), model);
`;

describe.each(["tsup", "tsdown"])("%s", (tool) => {
  let consumer: string;
  const text = () => CONSUMER.replaceAll("LIBRARY", `${tool}-library`);
  const supports = installed({ fixture: tool, title: tool, package: tool }, async (app, platform) => {
    await pullWithModel(app, platform);
    consumer = await makeApp({ "package.json": '{ "type": "module" }', "main.ts": text() });
  });

  supports("build", "with declarations, and no warning that ends it or speaks of a page", async (app) => {
    await app.succeedBin("scope-gen emit --out-dir src/prompts");
    await app.succeedBin("tsc -p .");
    const { stdout, stderr } = await app.succeed("npm", ["run", "build"]);
    expect(stdout + stderr).not.toContain("browser bundle");
  });

  supports("manifest", "names every prompt", async (app) => {
    expect(await app.manifestNames()).toEqual([PAGE_PROMPT, ROUTE_PROMPT]);
  });

  supports("server", "the packed library runs where this package isn't installed", async (app) => {
    const packed = await app.succeed("npm", ["pack", "--ignore-scripts", "--pack-destination", consumer]);
    const file = packed.stdout.trim().split("\n").at(-1) ?? "";
    await succeed(run("npm", ["install", "--no-audit", "--no-fund", `./${file}`], { cwd: consumer }));
    await writeTree(consumer, { "main.js": text().replace(": string", "") });
    expect(await node([join(consumer, "main.js")], { cwd: consumer })).toMatchObject({
      code: 0,
      stdout:
        "Hello Ada, welcome to Looms. Explain rivers in one sentence. Hello Bo, welcome to Looms. Hello Cy, welcome to Looms. gpt-5\n",
    });
  });

  supports("types", "the library's declarations stand alone, and refuse a misspelt variable", async () => {
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--ignoreConfig"];
    await succeed(tsc([...flags, "main.ts"], { cwd: consumer }));
    for (const call of ["render({ name", "greet({ name"]) {
      await writeTree(consumer, { "wrong.ts": text().replace(call, call.replace("name", "nmae")) });
      const wrong = await tsc([...flags, "wrong.ts"], { cwd: consumer });
      expect(wrong.stdout, call).toContain("'nmae' does not exist");
    }
  });
});
