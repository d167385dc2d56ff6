import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Application, filesBelow, STARTER } from "./application.ts";

/**
 * Runs `init` on the starter's files of a fixture. Gives every file that it makes or changes.
 *
 * @param created files that `init` makes and the starter does not have
 */
export async function runInit(app: Application, created: readonly string[]): Promise<readonly string[]> {
  const given = await filesBelow(join(app.fixture, STARTER));
  for (const path of created) await rm(join(app.root, path), { force: true });
  for (const path of given) await copyStarter(app, path);
  await app.succeedBin("scope-gen init --yes");
  return [...given, ...created];
}

/**
 * Runs `init` on the starter's files of a fixture, and expects the fixture's own. These are there afterwards, whatever
 * it made: the tests that follow say what the set-up does.
 *
 * @param created files that `init` makes and the starter does not have
 */
export async function initStarter(app: Application, created: readonly string[]): Promise<void> {
  const files = [...(await filesBelow(join(app.fixture, STARTER))), ...created];
  try {
    await runInit(app, created);
    for (const path of files) await expectFixture(app, path);
  } finally {
    for (const path of files.filter((one) => existsSync(join(app.fixture, one))))
      await copyFile(join(app.fixture, path), join(app.root, path));
  }
}

/** A file is as the fixture has it. */
export async function expectFixture(app: Application, path: string): Promise<void> {
  await expect(await app.read(path), path).toMatchFileSnapshot(join(app.fixture, path));
}

/** Puts a file back as the starter made it; gives the way forward again. */
export async function copyStarter(app: Application, path: string): Promise<() => Promise<void>> {
  const before = await app.read(path).catch(() => "");
  await mkdir(dirname(join(app.root, path)), { recursive: true });
  await copyFile(join(app.fixture, STARTER, path), join(app.root, path));
  return () => app.write(path, before);
}
