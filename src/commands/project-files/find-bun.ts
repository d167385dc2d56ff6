import { join } from "node:path";
import type { PackageManager } from "../../project/config/package-manager.ts";
import type { FoundTool } from "./detect-tools.ts";
import { mapsPrompts } from "./emitted.ts";
import { findPlugin } from "./find-plugin.ts";
import { firstFile } from "./settings.ts";

/** The usual place of a script that builds with `Bun.build`. */
const BUILDS = ["build.ts", "build.js", "build.mjs", "scripts/build.ts", "scripts/build.js"];

const RUNS = /\bbun\s+(?:build\b|(?:run\s+)?(?:-\S+\s+)*\S+\.[cm]?[jt]sx?\b)/;
/** Programs that run the code of a project that uses Bun only to install packages. */
const OTHERS = /\b(?:node|tsx|ts-node|nodemon)\s/;

/**
 * Bun, if it bundles, runs or tests the code; otherwise undefined. It takes the plugin in a script that builds, or in one
 * that `preload` of a bunfig.toml names.
 *
 * @param scripts all scripts of package.json, one line each
 * @param isBuilt there's a bundler: then Bun may only be the package manager
 */
export async function findBun(
  root: string,
  scripts: string,
  packageManager: PackageManager,
  isBuilt: boolean,
): Promise<FoundTool | undefined> {
  const bunfig = await firstFile(root, ["bunfig.toml"]);
  const script = await firstFile(root, BUILDS);
  const build = script?.text.includes("Bun.build") ? script : undefined;
  const isAlone = !isBuilt && !OTHERS.test(scripts) && (bunfig !== undefined || packageManager === "bun");
  const runs = isAlone || build !== undefined || RUNS.test(scripts);
  if (!runs && !/\bbun\s+test\b/.test(scripts)) return undefined;
  const settings = bunfig && { ...bunfig, text: bunfig.text.replace(/^\s*#.*$/gm, "") };
  const places = [build, settings].filter((one) => one !== undefined);
  const searches = await Promise.all(places.map((one) => findPlugin(one, ["unplugin-scope/bun"])));
  const withPlugin = places.find((_, at) => searches[at]?.hasPlugin);
  return {
    name: "Bun",
    entry: "unplugin-scope/bun",
    style: "snippet",
    configs: ["bunfig"],
    packages: [],
    isForTests: !runs,
    file: (withPlugin ?? bunfig ?? build)?.file,
    text: "",
    hasPlugin: withPlugin !== undefined || (await mapsPrompts(join(root, "tsconfig.json"))),
  };
}
