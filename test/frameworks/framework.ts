import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { openPage } from "./page.ts";
import { expectBuilt, initStarter } from "./starter.ts";
import { supports } from "./support.ts";

/** One application of `fixtures/frameworks`, and how its framework's users run it. */
export interface Framework {
  /** The fixture's folder. */
  readonly fixture: string;
  /** As the table names it, without version. */
  readonly title: string;
  /** The package whose installed version the table shows. */
  readonly package: string;
  /** Programs of the application's packages, with arguments: "vite build". Every one has to end well. */
  readonly build: readonly string[];
  /** Command that serves what was built; "PORT" becomes a free port. */
  readonly start: string;
  /** Command of the dev server; "PORT" becomes a free port. */
  readonly dev: string;
  /** Programs that check the types, the last of which sees the calls. */
  readonly typecheck: readonly string[];
  /** A call with `name` that the type check must refuse when it is misspelt: a file and the text of the call. */
  readonly call: { readonly file: string; readonly text: string };
  /** A path whose answer shows {@link PAGE_PROMPT}, rendered for Ada. */
  readonly page: string;
  /** The page is made in the browser; its server's answer does not show the prompt. Default false. */
  readonly inBrowser?: boolean;
  /**
   * The page in the browser has a button "Count is 0". "kept": what it counted is still there after an edit; "lost": the
   * edit is there, and the count begins again. Undefined: not looked at.
   */
  readonly count?: "kept" | "lost";
  /** A path whose answer shows {@link ROUTE_PROMPT}, rendered for rivers; undefined where there are no routes. */
  readonly route?: string;
  /** Files that `init` makes and the starter does not have. */
  readonly created?: readonly string[];
  /** The file of which the plugin is a part. Undefined: no `init`, no `doctor`. */
  readonly pluginFile?: string;
  /** `init` leaves that file to you, and prints what to add. Default false. */
  readonly isPrinted?: boolean;
  /** What only some have, by the words of the column "also". It begins with the first versions pulled, the second ones saved. */
  readonly also?: Readonly<Record<string, (app: Application, platform: DevPlatform) => Promise<void>>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The framework needs a newer Node than this package does: the application has one as its package "node". */
  readonly bringsNode?: boolean;
}

/** Every fixture's page renders it: `Hello Ada, welcome to Looms.` */
export const PAGE_PROMPT = "greeting-template";
/** Every fixture's route renders it: `Explain rivers in one sentence.` */
export const ROUTE_PROMPT = "support/topic";

/** What an application must do with the packed package. Each test begins where the one before it ended. */
export function testFramework(framework: Framework): void {
  describe(framework.title, () => {
    let app: Application;
    let platform: DevPlatform;
    let version: string;
    let nodeVersion: string | undefined;
    const row = () => ({ row: `${framework.title} ${version}`, nodeVersion });
    beforeAll(async () => {
      platform = await DevPlatform.start();
      await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
      await platform.save(ROUTE_PROMPT, "Explain {{topic}} in one sentence.");
      app = await Application.install(framework.fixture);
      app.env = { ...platform.env, ...framework.env };
      version = await app.version(framework.package);
      if (framework.bringsNode) nodeVersion = await app.version("node");
    }, 600_000);
    afterAll(async () => {
      await app?.remove();
      await platform?.close();
    }, 60_000);

    if (framework.pluginFile !== undefined)
      supports(row, "init", "makes this set-up from the starter's files", () =>
        initStarter(app, framework.created ?? [], framework.isPrinted ? [framework.pluginFile ?? ""] : []),
      );

    supports(row, "types", "right calls pass, a misspelt variable is refused", async () => {
      await app.succeedBin("scope-gen pull");
      for (const line of framework.typecheck) await app.succeedBin(line);
      const { file, text } = framework.call;
      const restore = await app.replace(file, text, text.replace("name", "nmae"));
      const refused = await app.bin(framework.typecheck.at(-1) ?? "");
      await restore();
      expect(refused.code, refused.stdout + refused.stderr).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("nmae");
    });

    supports(row, "build", "succeeds", async () => {
      for (const line of framework.build) await app.succeedBin(line);
    });

    supports(row, "manifest", "names every prompt in any output", async () => {
      const route = framework.route === undefined ? [] : [ROUTE_PROMPT];
      expect(await app.manifestNames()).toEqual([PAGE_PROMPT, ...route].sort());
    });

    supports(row, "server", "serves page and route", async () => {
      const server = await app.serve(framework.start);
      const page = await openPage(server, framework.page, framework.inBrowser);
      await page.shows("Hello Ada, welcome to Looms.").finally(page.close);
      if (framework.route) await server.shows(framework.route, "Explain rivers in one sentence.");
      await app.stopServers();
    });

    supports(row, "dev", "an edit on the platform reaches page and route", async () => {
      const server = await app.serve(framework.dev);
      const page = await openPage(server, framework.page, framework.inBrowser);
      try {
        await page.shows("Hello Ada, welcome to Looms.");
        if (framework.route) await server.shows(framework.route, "Explain rivers in one sentence.");
        if (framework.count) await page.press("Count is 0");
        if (framework.count) await page.shows("Count is 1");
        await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
        await platform.save(ROUTE_PROMPT, "What are {{topic}} for?");
        await page.shows("Good morning Ada, this is Looms.");
        if (framework.count) await page.shows(framework.count === "kept" ? "Count is 1" : "Count is 0");
      } finally {
        await page.close();
      }
      if (framework.route) await server.shows(framework.route, "What are rivers for?");
      await app.stopServers();
    });

    for (const [check, work] of Object.entries(framework.also ?? {}))
      supports(row, check, "works", () => work(app, platform));

    if (framework.pluginFile !== undefined)
      supports(row, "doctor", "knows what has been built", () => expectBuilt(app));
  });
}
