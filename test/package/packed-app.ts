import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { ROOT, run } from "../support/run.ts";

export interface PackedApp {
  /** The folder of an app that has nothing but the package and its dependencies. */
  readonly app: string;
  /** The packed tarball that was installed. */
  readonly tarball: string;
}

/** Packs this package as it would be published, and installs the tarball in an app outside the repository. */
export async function packedApp(): Promise<PackedApp> {
  const folder = await temporaryFolder();
  const packed = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: ROOT,
  });
  expect(packed, packed.stderr).toMatchObject({ code: 0 });
  const [{ filename }] = JSON.parse(packed.stdout);
  const tarball = join(folder, filename);
  const app = await temporaryFolder();
  await writeTree(app, { "package.json": '{ "name": "app", "private": true, "type": "module" }' });
  const installed = await run("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: app });
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  return { app, tarball };
}
