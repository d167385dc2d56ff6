import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import { resolveSpecifier } from "../../../src/project/config/specifier.ts";
import { ModuleStore } from "../../../src/project/module-store.ts";
import type { PromptVersionData } from "../../../src/prompt.ts";
import { Modules } from "../../../src/run/modules/modules.ts";
import { RunReport } from "../../../src/run/run-report.ts";
import { promptSource } from "../../compiler/prompts.ts";
import { temporaryFolder } from "../../support/app.ts";
import { waitFor } from "../../support/wait-for.ts";

const version = (versionNumber: number): PromptVersionData => ({
  ...promptSource(`Version ${versionNumber}.`).version,
  id: `version_${versionNumber}`,
  versionNumber,
});

/** A store whose files of pages are only written when they may be. */
class HeldStore extends ModuleStore {
  #mayWrite: Promise<void> = Promise.resolve();
  #release = () => {};
  readonly held: string[] = [];

  hold(): void {
    this.#mayWrite = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  override async write(fileName: string, code: string): Promise<string> {
    if (fileName.endsWith("+vite.js")) {
      this.held.push(fileName);
      await this.#mayWrite;
    }
    return super.write(fileName, code);
  }
}

it("a form that is first requested while a new version is written gets that version, and every later one", async () => {
  const root = await temporaryFolder();
  const options = await loadOptions({ cwd: root, env: {}, isTestRun: false });
  const reporter = { info: () => {}, warn: () => {} };
  const store = new HeldStore({ ...options, mode: "development" }, { development: true, reporter });
  let latest = 1;
  const modules = new Modules({
    options,
    store,
    development: true,
    reportsAtEnd: false,
    report: new RunReport(reporter),
    source: {
      get: async (ref) => ({
        ref,
        version: version(latest),
        source: "platform",
        environment: "",
        snapshot: undefined,
      }),
    },
  });
  const request = resolveSpecifier("scope:greeting", options);
  const page = await modules.file(request, true);

  store.hold();
  latest = 2;
  const refreshed = modules.refresh([request.ref]);
  await waitFor("the page's new version", () => store.held.length === 2);
  const rendering = await modules.file(request);
  store.release();
  await refreshed;
  for (const file of [page, rendering]) expect(await readFile(file, "utf8")).toContain("Version 2.");

  latest = 3;
  await modules.refresh([request.ref]);
  for (const file of [page, rendering]) expect(await readFile(file, "utf8")).toContain("Version 3.");
});
