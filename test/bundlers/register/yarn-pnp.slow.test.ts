import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { packTarball } from "../../frameworks/application.ts";
import { supports } from "../../frameworks/support.ts";
import { makeApp, temporaryFolder } from "../../support/app.ts";
import { DevPlatform } from "../../support/dev-platform.ts";
import { type Ran, run, succeed } from "../../support/run.ts";
import { NODE_VERSIONS, nodeBinary } from "./node-versions.ts";

const PACKAGE = "@yarnpkg/cli-dist@4";
let platform: DevPlatform;
let root: string;
let registry: string;
let yarnVersion: string;

/** Runs yarn 4 as npm brings it, with the machine's own registry. */
function yarn(args: readonly string[], nodePath = process.execPath): Promise<Ran> {
  const env = {
    ...platform.env,
    PATH: `${join(nodePath, "..")}:${process.env.PATH}`,
    YARN_NODE_LINKER: "pnp",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "0",
    YARN_NPM_REGISTRY_SERVER: registry,
  };
  return run("npm", ["exec", "--yes", `--package=${PACKAGE}`, "--", "yarn", ...args], { cwd: root, env });
}

beforeAll(async () => {
  platform = await DevPlatform.start();
  await platform.save("hi", "Hi {{who}}.");
  const tarball = await packTarball();
  root = await makeApp({
    "yarn.lock": "",
    "package.json": JSON.stringify({
      private: true,
      type: "module",
      dependencies: { "unplugin-scope": `file:${tarball}` },
    }),
    "app.js": 'import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n',
    "required.cjs": 'console.log(require("scope:hi").render({ who: "you" }));\n',
  });
  registry = (
    await run("npm", ["config", "get", "registry"], { cwd: await temporaryFolder() })
  ).stdout.trim();
  await succeed(yarn(["install"]));
  yarnVersion = (await yarn(["--version"])).stdout.trim();
  await succeed(yarn(["scope-gen", "pull"]));
}, 300_000);
afterAll(() => platform?.close());

for (const major of NODE_VERSIONS) {
  supports(
    () => ({ row: `Yarn ${yarnVersion} PnP` }),
    `/register on Node ${major}`,
    "imports and requires",
    async () => {
      const binary = await nodeBinary(major);
      for (const file of ["app.js", "required.cjs"]) {
        const ran = await yarn(["node", "--import", "unplugin-scope/register", file], binary);
        expect(ran, file + ran.stderr).toMatchObject({ code: 0, stdout: "Hi you.\n" });
      }
    },
    // Waiting for ever is what it did.
    120_000,
  );
}
