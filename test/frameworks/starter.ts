import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Application, filesBelow, STARTER } from "./application.ts";

/**
 * Runs `init` on the starter's files of a fixture, and adds the settings that it prints. Gives every file that is made or
 * changed.
 *
 * @param created files that `init` makes and the starter does not have
 */
export async function runInit(app: Application, created: readonly string[]): Promise<readonly string[]> {
  const given = await filesBelow(join(app.fixture, STARTER));
  for (const path of created) await rm(join(app.root, path), { force: true });
  for (const path of given) await copyStarter(app, path);
  const { manual } = JSON.parse((await app.succeedBin("scope-gen init --yes --json")).stdout);
  for (const step of manual) await addPrinted(app, step);
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

/** Does with a printed step what it says: JSON goes into the file's own JSON, lines to the end of the list there. */
async function addPrinted(app: Application, { what, code }: { what: string; code: string }): Promise<void> {
  const [, file] = /^Add (?:to|at the end of the list in) (\S+), .*\(unplugin-scope\/docs\//.exec(what) ?? [];
  if (file === undefined) return;
  const before = await app.read(file);
  const after = file.endsWith(".json")
    ? `${JSON.stringify(merged(JSON.parse(before), JSON.parse(code)), null, 2)}\n`
    : before.replace(/\]\);\n$/, `${code}\n]);\n`);
  await app.write(file, after);
}

function merged(own: unknown, added: unknown): unknown {
  if (Array.isArray(own) && Array.isArray(added)) {
    const texts = new Set([...own, ...added].map((one) => JSON.stringify(one)));
    return [...texts].map((one) => JSON.parse(one));
  }
  if (typeof own !== "object" || typeof added !== "object") return added;
  const entries = Object.entries(Object(added)).map(([key, one]) => [key, merged(Object(own)[key], one)]);
  return { ...own, ...Object.fromEntries(entries) };
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
