import { afterAll, beforeAll, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application, type Env } from "./application.ts";
import { type Check, supports } from "./support.ts";

/** Every fixture's page renders it: `Hello Ada, welcome to Looms.` */
export const PAGE_PROMPT = "greeting-template";
/** Every fixture's route renders it: `Explain rivers in one sentence.` */
export const ROUTE_PROMPT = "support/topic";

/** An application of `fixtures/frameworks`, and its row of `docs/support.md`. */
export interface Tool {
  /** The fixture's folder. */
  readonly fixture: string;
  /** As the table names it, without version. */
  readonly title: string;
  /** The package whose installed version the table shows. */
  readonly package: string;
  /** The version, where it isn't that of a package. */
  readonly version?: string;
  readonly env?: Env;
  /** Commands don't get the platform's environment. Default false. */
  readonly isOffline?: boolean;
  /** The framework needs a newer Node than this package does: the application has one as its package "node". */
  readonly bringsNode?: boolean;
}

export type Work = (app: Application, platform: DevPlatform) => Promise<unknown>;

/**
 * Installs an application for the tests of a suite, over a platform with both prompts. Gives what makes a test whose outcome
 * is a cell of its row. Each test begins where the one before it ended.
 *
 * @param prepare what all of the tests need
 */
export function installed(tool: Tool, prepare: Work = async () => {}) {
  let app: Application;
  let platform: DevPlatform;
  let nodeVersion: string | undefined;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    await platform.save(ROUTE_PROMPT, "Explain {{topic}} in one sentence.");
    app = await Application.install(tool.fixture);
    app.env = { ...(tool.isOffline ? {} : platform.env), ...tool.env };
    if (tool.bringsNode) nodeVersion = await app.version("node");
    await prepare(app, platform);
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  return (check: Check, title: string, work: Work): void => {
    const version = async () => tool.version ?? (await app.version(tool.package));
    const cell = async () => ({ row: `${tool.title} ${await version()}`, nodeVersion });
    supports(cell, check, title, () => work(app, platform));
  };
}

/** The metadata of the route's first version, and both prompts in the snapshot. */
export async function pullWithModel(app: Application, platform: DevPlatform): Promise<void> {
  await platform.settings(ROUTE_PROMPT, { versions: { 1: { metadata: { model: "gpt-5" } } } });
  await app.succeedBin("scope-gen pull", platform.env);
}

/** Type checks pass, and refuse a call that is wrong. By default `name` in it is misspelt. */
export async function expectChecked(
  app: Application,
  lines: readonly string[],
  file: string,
  call: string,
  wrong = call.replace("name", "nmae"),
): Promise<void> {
  for (const line of lines) await app.succeedBin(line);
  const restore = await app.replace(file, call, wrong);
  for (const line of lines) {
    const { code, stdout, stderr } = await app.bin(line);
    expect(code, stdout + stderr).not.toBe(0);
    expect(stdout + stderr).toMatch(/nmae|'x\w+' does not exist/);
  }
  await restore();
}
