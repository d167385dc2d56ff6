import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT, ROUTE_PROMPT } from "./framework.ts";
import { supports } from "./support.ts";

interface Emitted {
  readonly fixture: string;
  readonly title: string;
  readonly package: string;
  /** Where the fixture imports a prompt. */
  readonly source: string;
  readonly folder: string;
  readonly build: string;
  /** What it writes: a file that Node runs, or a folder with the one bundle of a device. */
  readonly output: { readonly run: string } | { readonly bundle: string };
  readonly bringsNode?: true;
}

const WITHOUT_A_PLUGIN = { fixture: "without-a-plugin", folder: "src/prompts" };

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
  {
    ...WITHOUT_A_PLUGIN,
    title: "ncc",
    package: "@vercel/ncc",
    source: "src/by-files.ts",
    build: "ncc build src/by-files.ts --no-cache --out out/ncc",
    output: { run: "out/ncc/index.js" },
  },
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
describe.each(TOOLS)("$title", ({ fixture, title, source, folder, build, output, ...tool }) => {
  let app: Application;
  let platform: DevPlatform;
  let version: string;
  let nodeVersion: string | undefined;
  const row = () => ({ row: `${title} ${version}`, nodeVersion });
  const emit = () => app.succeedBin(`scope-gen emit --out-dir ${folder}`);
  const bundle = async (place: { readonly bundle: string }) => {
    const [name = ""] = await readdir(join(app.root, place.bundle));
    return app.read(`${place.bundle}/${name}`);
  };
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    await platform.save(ROUTE_PROMPT, "Explain {{topic}} in one sentence.");
    app = await Application.install(fixture);
    app.env = { ...platform.env, CI: "1", EXPO_NO_TELEMETRY: "1" };
    version = await app.version(tool.package);
    if (tool.bringsNode) nodeVersion = await app.version("node");
    await app.succeedBin("scope-gen pull");
    await emit();
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  supports(row, "types", "right calls pass, a misspelt variable is refused", async () => {
    await app.succeedBin("tsc --noEmit");
    const restore = await app.replace(source, "{ name:", "{ nmae:");
    const refused = await app.bin("tsc --noEmit");
    await restore();
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toContain("'nmae' does not exist");
  });

  supports(row, "build", "bundles what emit wrote", async () => {
    await app.succeedBin(build);
    if ("bundle" in output) expect(await bundle(output)).toContain("welcome to ");
  });

  if ("run" in output)
    supports(row, "server", "the output prints what it rendered", async () => {
      const { stdout } = await app.succeed("node", [output.run]);
      expect(stdout).toBe("Hello Ada, welcome to Looms. Explain rivers in one sentence.\n");
    });

  supports(row, "emit after an edit", "writes what the next build bundles", async () => {
    await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
    await emit();
    await app.succeedBin(build);
    if ("bundle" in output) expect(await bundle(output)).toContain("Good morning ");
    else expect((await app.succeed("node", [output.run])).stdout).toContain("Good morning Ada");
  });
});
