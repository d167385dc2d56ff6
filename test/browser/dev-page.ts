import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { copyApp, writeTree } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { linkPackage, ROOT } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";
import { waitFor } from "../support/wait-for.ts";

export type DevBundler = "vite" | "webpack" | "rspack";
export type DevApp = "plain" | "react" | "vue" | "svelte";

/** Seconds between two polls of the platform. */
export const INTERVAL = 0.25;

const OVERLAY = "vite-error-overlay, #webpack-dev-server-client-overlay, #rspack-dev-server-client-overlay";

/** A page of a dev server, with the platform whose prompts it shows. */
export class DevPage {
  readonly root: string;
  readonly platform: DevPlatform;
  readonly server: ServerProcess;
  readonly page: Page;
  readonly errors: string[] = [];

  #url = "";

  private constructor(root: string, platform: DevPlatform, server: ServerProcess, page: Page) {
    this.root = root;
    this.platform = platform;
    this.server = server;
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** Copies the app, starts platform and dev server, opens the page and types into its fields. */
  static async open(
    context: BrowserContext,
    bundler: DevBundler,
    app: DevApp,
    { options = {}, files = {} }: { options?: object; files?: Readonly<Record<string, string>> } = {},
  ): Promise<DevPage> {
    const platform = await DevPlatform.start();
    await platform.save("greeting", "Hello {{name}} v1");
    await platform.settings("greeting", { versions: { 1: { metadata: { model: "m1" } } } });
    const root = await copyApp(`dev-${app}`);
    await linkPackage(root);
    for (const name of ["react", "react-dom", "vue", "svelte"]) {
      await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name), "dir");
    }
    await writeTree(root, files);
    const server = new ServerProcess(
      [join(ROOT, "test", "browser", "dev-server.js"), bundler, root, app],
      root,
      { ...platform.env, TEST_PLUGIN_OPTIONS: JSON.stringify({ dev: { interval: INTERVAL }, ...options }) },
    );
    const [, url] = await server.said(/ready (\S+)/);
    const opened = new DevPage(root, platform, server, await context.newPage());
    opened.#url = url as string;
    await opened.page.goto(opened.#url);
    await opened.shows("#text", "v1");
    // The first time types are written, and a bundler may find new packages: the page is at rest after that.
    await server.said(/greeting@production: version 1 \(new\)/);
    await opened.page.waitForTimeout(500);
    await opened.shows("#text", "v1");
    await opened.type();
    return opened;
  }

  /** Fills the fields, presses the button and marks the window: what {@link hasKept} looks for. */
  async type(): Promise<void> {
    await this.page.evaluate("window.isMarked = true");
    await this.page.fill("#field", "typed");
    if ((await this.page.$("#free")) !== null) await this.page.fill("#free", "typed freely");
    if ((await this.page.$("#count")) !== null) await this.page.click("#count");
  }

  /** The page wasn't reloaded, and what was typed is still there. */
  async hasKept(): Promise<Record<string, unknown>> {
    return this.page.evaluate(`({
      isMarked: window.isMarked === true,
      field: document.querySelector("#field")?.value,
      ...(document.querySelector("#free") ? { free: document.querySelector("#free").value } : {}),
      ...(document.querySelector("#count") ? { count: document.querySelector("#count").textContent.trim() } : {}),
    })`);
  }

  /** With Vite: loads a module of the app in the server. */
  async loadOnServer(file: string): Promise<string> {
    return (await fetch(`${this.#url}on-server/${file}`)).text();
  }

  async text(selector: string): Promise<string | null> {
    return whileLoading(null, () =>
      this.page.evaluate((query) => document.querySelector(query)?.textContent ?? null, selector),
    );
  }

  title(): Promise<string> {
    return whileLoading("", () => this.page.title());
  }

  async shows(selector: string, text: string): Promise<void> {
    await waitFor(`"${text}" in ${selector}`, async () => (await this.text(selector))?.includes(text), {
      describe: async () => `${await this.text(selector)}\n${this.errors.join("\n")}\n${this.server.output}`,
    });
  }

  /** The text of the bundler's error overlay; undefined while there is none. */
  async overlay(): Promise<string | undefined> {
    return whileLoading(undefined, () =>
      this.page.evaluate((overlay) => {
        const element = document.querySelector(overlay);
        const inside =
          element instanceof HTMLIFrameElement ? element.contentDocument?.body : element?.shadowRoot;
        return (inside ?? element)?.textContent ?? undefined;
      }, OVERLAY),
    );
  }

  async showsOverlay(text: string): Promise<void> {
    await waitFor(`an overlay with "${text}"`, async () => (await this.overlay())?.includes(text), {
      describe: () => this.server.output,
    });
  }

  async showsNoOverlay(): Promise<void> {
    await waitFor("no overlay", async () => (await this.overlay()) === undefined, {
      describe: async () => `${await this.overlay()}\n${this.server.output}`,
    });
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.server.stop();
    await this.platform.close();
  }
}

/** A page that is being loaded has nothing to show yet. */
async function whileLoading<T>(nothing: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (/context|navigat|detached/i.test((error as Error).message)) return nothing;
    throw error;
  }
}
