import { describe, expect } from "vitest";
import { expectChecked, installed, PAGE_PROMPT, ROUTE_PROMPT, type Tool, type Work } from "./installed.ts";
import { openPage } from "./page.ts";
import { expectHealthy, initStarter } from "./starter.ts";

/** One application of `fixtures/frameworks`, and how its framework's users run it. By default that is Vite. */
export interface Framework extends Tool {
  /** Programs of the application's packages, with arguments. Every one has to end well. Default "vite build". */
  readonly build?: readonly string[];
  /** Command that serves what was built; "PORT" becomes a free port. Default Vite's preview. */
  readonly start?: string;
  /** Command of the dev server; "PORT" becomes a free port. Default Vite's. */
  readonly dev?: string;
  /** Programs that check the types, the last of which sees the calls. Default "tsc --noEmit". */
  readonly typecheck?: readonly string[];
  /** A file with {@link CALL}, which the type check must refuse when it is misspelt. */
  readonly call: string;
  /** A path whose answer shows {@link PAGE_PROMPT}, rendered for Ada. Default "/". */
  readonly page?: string;
  /** The page is made in the browser; its server's answer does not show the prompt. Default false. */
  readonly inBrowser?: boolean;
  /** The page in the browser has a button "Count is 0"; what it counted is still there after an edit. Default false. */
  readonly count?: boolean;
  /** A path whose answer shows {@link ROUTE_PROMPT}, rendered for rivers; undefined where there are no routes. */
  readonly route?: string;
  /** The file of which the plugin is a part. Default that of Vite. Null: no `init`, no `doctor`. */
  readonly pluginFile?: string | null;
  /** `init` leaves that file to you, and prints what to add. Default false. */
  readonly isPrinted?: boolean;
  /** What only some have, by the words of the column "also". It begins with the first versions pulled, the second ones saved. */
  readonly also?: Readonly<Record<string, Work>>;
}

const CALL = "greeting({ name:";
const vite = (command: string) => `npx --no-install vite ${command} --port PORT --host 127.0.0.1`;

/** What an application must do with the packed package. Each test begins where the one before it ended. */
export function testFramework(framework: Framework): void {
  const { build = ["vite build"], start = vite("preview"), dev = vite("dev"), also = {} } = framework;
  const { typecheck = ["tsc --noEmit"], call, page: path = "/", inBrowser, count, route } = framework;
  const { pluginFile = "vite.config.ts", isPrinted } = framework;
  describe(framework.title, () => {
    const supports = installed(framework);
    if (pluginFile !== null)
      supports("init", "makes this set-up from the starter's files", (app) =>
        initStarter(app, isPrinted ? [pluginFile] : []),
      );

    supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
      await app.succeedBin("scope-gen pull");
      for (const line of typecheck.slice(0, -1)) await app.succeedBin(line);
      await expectChecked(app, typecheck.slice(-1), call, CALL);
    });

    supports("build", "succeeds", async (app) => {
      for (const line of build) await app.succeedBin(line);
    });

    supports("manifest", "names every prompt in any output", async (app) => {
      expect(await app.manifestNames()).toEqual(route ? [PAGE_PROMPT, ROUTE_PROMPT] : [PAGE_PROMPT]);
    });

    supports("server", "serves page and route", async (app) => {
      const server = await app.serve(start);
      const page = await openPage(server, path, inBrowser);
      await page.shows("Hello Ada, welcome to Looms.").finally(page.close);
      if (route) await server.shows(route, "Explain rivers in one sentence.");
      await app.stopServers();
    });

    supports("dev", "an edit on the platform reaches page and route", async (app, platform) => {
      const server = await app.serve(dev);
      const page = await openPage(server, path, inBrowser);
      try {
        await page.shows("Hello Ada, welcome to Looms.");
        if (route) await server.shows(route, "Explain rivers in one sentence.");
        if (count) await page.press("Count is 0");
        if (count) await page.shows("Count is 1");
        await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
        await platform.save(ROUTE_PROMPT, "What are {{topic}} for?");
        await page.shows("Good morning Ada, this is Looms.");
        if (count) await page.shows("Count is 1");
      } finally {
        await page.close();
      }
      if (route) await server.shows(route, "What are rivers for?");
      await app.stopServers();
    });

    for (const [check, work] of Object.entries(also)) supports(check, "works", work);

    if (pluginFile !== null) supports("doctor", "finds nothing wrong", expectHealthy);
  });
}
