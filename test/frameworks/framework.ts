import { describe, expect } from "vitest";
import { expectChecked, installed, PAGE_PROMPT, ROUTE_PROMPT, type Tool, type Work } from "./installed.ts";
import { openPage } from "./page.ts";
import { expectBuilt, initStarter } from "./starter.ts";

/** One application of `fixtures/frameworks`, and how its framework's users run it. */
export interface Framework extends Tool {
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
  readonly also?: Readonly<Record<string, Work>>;
}

/** What an application must do with the packed package. Each test begins where the one before it ended. */
export function testFramework(framework: Framework): void {
  describe(framework.title, () => {
    const supports = installed(framework);
    if (framework.pluginFile !== undefined)
      supports("init", "makes this set-up from the starter's files", (app) =>
        initStarter(app, framework.created ?? [], framework.isPrinted ? [framework.pluginFile ?? ""] : []),
      );

    supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
      await app.succeedBin("scope-gen pull");
      for (const line of framework.typecheck.slice(0, -1)) await app.succeedBin(line);
      const { file, text } = framework.call;
      await expectChecked(app, framework.typecheck.slice(-1), file, text);
    });

    supports("build", "succeeds", async (app) => {
      for (const line of framework.build) await app.succeedBin(line);
    });

    supports("manifest", "names every prompt in any output", async (app) => {
      const route = framework.route === undefined ? [] : [ROUTE_PROMPT];
      expect(await app.manifestNames()).toEqual([PAGE_PROMPT, ...route].sort());
    });

    supports("server", "serves page and route", async (app) => {
      const server = await app.serve(framework.start);
      const page = await openPage(server, framework.page, framework.inBrowser);
      await page.shows("Hello Ada, welcome to Looms.").finally(page.close);
      if (framework.route) await server.shows(framework.route, "Explain rivers in one sentence.");
      await app.stopServers();
    });

    supports("dev", "an edit on the platform reaches page and route", async (app, platform) => {
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

    for (const [check, work] of Object.entries(framework.also ?? {})) supports(check, "works", work);

    if (framework.pluginFile !== undefined) supports("doctor", "knows what has been built", expectBuilt);
  });
}
