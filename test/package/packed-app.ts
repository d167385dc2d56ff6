import { packTarball } from "../frameworks/application.ts";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { run, succeed } from "../support/run.ts";

export interface PackedApp {
  /** The folder of an app that has nothing but the package and its dependencies. */
  readonly app: string;
  /** The packed tarball that was installed. */
  readonly tarball: string;
}

/** Packs this package as it would be published, and installs the tarball in an app outside the repository. */
export async function packedApp(): Promise<PackedApp> {
  const tarball = await packTarball();
  const app = await temporaryFolder();
  await writeTree(app, { "package.json": '{ "name": "app", "private": true, "type": "module" }' });
  await succeed(run("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: app }));
  return { app, tarball };
}
