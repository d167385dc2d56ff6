import { join } from "node:path";
import { describe, expect } from "vitest";
import { readTree } from "../support/file-tree.ts";
import type { Application } from "./application.ts";
import { expectChecked, installed, PAGE_PROMPT, ROUTE_PROMPT, type Tool } from "./installed.ts";
import { expectBuilt } from "./starter.ts";

interface Host extends Tool {
  /** Program of the application's packages, with arguments. */
  readonly build: string;
  /** The folder that has the prompt's text after a build. */
  readonly output: string;
  readonly prompts?: readonly string[];
  /** A file and the text of a call that the type check refuses when it's misspelt; undefined if nothing checks types. */
  readonly call?: readonly [file: string, text: string];
  /** Default `tsc --noEmit`. */
  readonly typecheck?: readonly string[];
  /** It takes files of `emit` instead of a plugin. */
  readonly isEmitted?: boolean;
  /** The output is for browsers. */
  readonly isPage?: boolean;
  /** What `init` prints. By default there's no place for a plugin. */
  readonly lines?: string;
}

const VITEPRESS = {
  fixture: "vitepress",
  title: "VitePress",
  package: "vitepress",
  build: "vitepress build docs",
  output: "docs/.vitepress/dist",
  isPage: true,
};

// biome-ignore format: one row a line
const HOSTS: readonly Host[] = [
  {
    fixture: "temporal",
    title: "Temporal",
    package: "@temporalio/worker",
    // Its webpack is in development mode, whatever NODE_ENV says.
    env: { NODE_ENV: "production" },
    build: "node bundle.cjs",
    output: "lib",
    call: ["src/workflows.ts", "{ name, product"],
  },
  { fixture: "wxt", title: "WXT", package: "wxt", build: "wxt build", output: ".output", prompts: [PAGE_PROMPT, ROUTE_PROMPT], call: ["entrypoints/background.ts", "{ name:"], isPage: true },
  VITEPRESS,
  { ...VITEPRESS, instead: ["vitepress@2.0.0-alpha.17"] },
  {
    fixture: "nest-monorepo",
    title: "NestJS (monorepo, Rspack)",
    package: "@nestjs/core",
    build: "nest build --all",
    output: "dist",
    call: ["apps/mail/src/main.ts", "{ name:"],
    typecheck: ["tsc --noEmit -p apps/mail/tsconfig.app.json"],
    lines: 'NODE_OPTIONS="--import unplugin-scope/register" nest start',
  },
  {
    fixture: "docusaurus",
    title: "Docusaurus",
    package: "@docusaurus/core",
    build: "docusaurus build",
    output: "build",
    prompts: [PAGE_PROMPT, ROUTE_PROMPT],
    call: ["src/pages/index.tsx", "{ name:"],
    isPage: true,
    lines: 'plugins: ["./plugins/scope.ts"]',
  },
  {
    fixture: "storybook-webpack",
    title: "Storybook (webpack)",
    package: "storybook",
    build: "storybook build --disable-telemetry",
    output: "storybook-static",
    call: ["src/Greeting.tsx", "{ name:"],
    isPage: true,
    lines: "webpackFinal",
  },
  { fixture: "cdk", title: "AWS CDK (NodejsFunction)", package: "aws-cdk-lib", build: "tsx app.ts", output: "cdk.out", call: ["lib/hello.ts", "{ name:"], isEmitted: true },
];

// Hosts that run a bundler of their own.
describe.each(HOSTS)(
  "$title $instead",
  ({ build, output, prompts, call, isEmitted, isPage, lines, ...host }) => {
    const supports = installed(host);
    const emit = (app: Application) => app.bin("scope-gen emit --out-dir src/prompts");
    const expectRefused = async (app: Application, code: string) => {
      const { stdout, stderr, ...refused } = await (isEmitted ? emit(app) : app.bin(build));
      expect(refused.code, stdout + stderr).not.toBe(0);
      expect(stdout + stderr).toContain(code);
    };

    supports("init", "prints what it knows where there's no place for a plugin", async (app) => {
      const { manual } = JSON.parse((await app.succeedBin("scope-gen init --yes --json")).stdout);
      const codes: string[] = manual.map(({ code }: { code: string }) => code);
      if (lines) expect(codes).toContainEqual(expect.stringContaining(lines));
      else expect(JSON.stringify(manual)).not.toContain("Add the plugin");
    });

    supports("build", "has the prompt; a pull finds what it found, in Markdown too", async (app) => {
      if (isEmitted) await emit(app);
      await app.succeedBin(build);
      const texts = [...(await readTree(join(app.root, output))).values()];
      expect(texts.some((text) => text.includes("welcome to"))).toBe(true);
      expect((await app.succeedBin("scope-gen pull")).stdout).toContain(PAGE_PROMPT);
      await app.succeedBin("scope-gen check");
    });

    if (!isEmitted)
      supports("manifest", "names every prompt", async (app) => {
        expect(await app.manifestNames()).toEqual(prompts ?? [PAGE_PROMPT]);
      });

    if (call)
      supports("types", "right calls pass, a misspelt variable is refused", (app) =>
        expectChecked(app, host.typecheck ?? ["tsc --noEmit"], ...call),
      );

    supports("doctor", "knows what has been built", expectBuilt);

    if (isPage)
      supports("clientBundle", "stops the build", async (app) => {
        const restore = await app.replace("scope.config.json", "{}", '{ "clientBundle": "error" }');
        await expectRefused(app, "client_bundle_refused");
        await restore();
      });

    supports("a changed contract", "stops the build", async (app, platform) => {
      await platform.save(PAGE_PROMPT, "Hello {{name}} on the {{plan}} plan of {{product}}.");
      await expectRefused(app, "build_contract_changed");
    });
  },
);
