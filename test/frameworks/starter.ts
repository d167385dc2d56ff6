import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { readTree } from "../support/file-tree.ts";
import { type Application, STARTER } from "./application.ts";

/** What `init` makes and no starter has. */
const CONFIG = "scope.config.ts";

/**
 * Runs `init` on the starter's files of a fixture, and expects the fixture's own. These are there afterwards, whatever
 * it made: the tests that follow say what the set-up does.
 *
 * @param printed files that `init` leaves to you: it prints what to add to them
 */
export async function initStarter(app: Application, printed: readonly string[] = []): Promise<void> {
  const starter = join(app.fixture, STARTER);
  const given = existsSync(starter) ? [...(await readTree(starter)).keys()] : [];
  const files = [...given, CONFIG];
  try {
    await rm(join(app.root, CONFIG), { force: true });
    for (const path of given) {
      await mkdir(dirname(join(app.root, path)), { recursive: true });
      await copyFile(join(starter, path), join(app.root, path));
    }
    const { manual } = JSON.parse((await app.succeedBin("scope-gen init --yes --json")).stdout);
    for (const path of printed)
      expect(manual).toContainEqual({
        what: expect.stringContaining(`to ${path} (unplugin-scope/docs/`),
        code: expect.stringContaining("unplugin-scope/"),
      });
    for (const path of files.filter((one) => !printed.includes(one)))
      await expect(await app.read(path), path).toMatchFileSnapshot(join(app.fixture, path));
  } finally {
    for (const path of files.filter((one) => existsSync(join(app.fixture, one))))
      await copyFile(join(app.fixture, path), join(app.root, path));
  }
}

/** After the builds, `doctor` finds no problem. */
export async function expectHealthy(app: Application): Promise<void> {
  const { status, checks } = JSON.parse((await app.succeedBin("scope-gen doctor --json")).stdout);
  expect({ status, checks }).toMatchObject({ status: "ok" });
}
