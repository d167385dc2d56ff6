import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Application } from "./application.ts";
import { expectChecked, installed, PAGE_PROMPT, type Tool } from "./installed.ts";

interface Emitted extends Tool {
  /** Where the fixture imports a prompt. */
  readonly source: string;
  readonly folder: string;
  readonly build: string;
  /** What it writes: a file that Node runs, or a folder with the one bundle of a device. */
  readonly output: { readonly run: string } | { readonly bundle: string };
}

const WITHOUT_A_PLUGIN = { fixture: "without-a-plugin", folder: "src/prompts" };

// biome-ignore format: one row a line
const TOOLS: readonly Emitted[] = [
  {
    ...WITHOUT_A_PLUGIN,
    title: "esbuild's command line",
    package: "esbuild",
    source: "src/by-paths.ts",
    build: "esbuild src/by-paths.ts --bundle --platform=node --outfile=out/esbuild.js",
    output: { run: "out/esbuild.js" },
  },
  {
    ...WITHOUT_A_PLUGIN,
    title: "Parcel",
    package: "parcel",
    source: "src/by-files.ts",
    build: "parcel build src/by-files.ts --no-cache --dist-dir out/parcel",
    output: { run: "out/parcel/by-files.js" },
  },
  { ...WITHOUT_A_PLUGIN, title: "ncc", package: "@vercel/ncc", source: "src/by-files.ts", build: "ncc build src/by-files.ts --no-cache --out out/ncc", output: { run: "out/ncc/index.js" } },
  {
    fixture: "expo",
    title: "Expo",
    package: "expo",
    source: "App.tsx",
    folder: "prompts",
    build: "expo export --platform android --no-bytecode",
    output: { bundle: "dist/_expo/static/js/android" },
    bringsNode: true,
  },
];

// Tools without a plugin: `emit`, and what finds its files. Each of them gives what the others do.
describe.each(TOOLS)("$title", ({ source, folder, build, output, ...tool }) => {
  const emit = (app: Application) => app.succeedBin(`scope-gen emit --out-dir ${folder}`);
  const bundle = async (app: Application, place: string) => {
    const [name = ""] = await readdir(join(app.root, place));
    return app.read(`${place}/${name}`);
  };
  const env = { CI: "1", EXPO_NO_TELEMETRY: "1" };
  const supports = installed({ ...tool, env }, async (app) => {
    await app.succeedBin("scope-gen pull");
    await emit(app);
  });

  supports("types", "right calls pass, a misspelt variable is refused", (app) =>
    expectChecked(app, ["tsc --noEmit"], source, "{ name:"),
  );

  supports("build", "bundles what emit wrote", async (app) => {
    await app.succeedBin(build);
    if ("bundle" in output) expect(await bundle(app, output.bundle)).toContain("welcome to ");
  });

  if ("run" in output)
    supports("server", "the output prints what it rendered", async (app) => {
      const { stdout } = await app.succeed("node", [output.run]);
      expect(stdout).toBe("Hello Ada, welcome to Looms. Explain rivers in one sentence.\n");
    });

  supports("emit after an edit", "writes what the next build bundles", async (app, platform) => {
    await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
    await emit(app);
    await app.succeedBin(build);
    if ("bundle" in output) expect(await bundle(app, output.bundle)).toContain("Good morning ");
    else expect((await app.succeed("node", [output.run])).stdout).toContain("Good morning Ada");
  });
});
