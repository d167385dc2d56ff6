import { join } from "node:path";
import type { PackageManager } from "../../config/package-manager.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import type { FoundTool } from "./detect-tools.ts";
import { namesEmitted } from "./emitted.ts";
import { firstFile, type TextFile } from "./first-file.ts";
import { commandsOf } from "./manifest.ts";
import { searchPlugin } from "./scripts/has-plugin.ts";
import type { Tool } from "./tools/tool.ts";

const BUN: Tool = {
  name: "Bun",
  entry: "unplugin-scope/bun",
  style: "bun",
  configs: ["bunfig"],
  packages: [],
};
/** Where a script that builds with `Bun.build` lies as a rule. */
const BUILDS = ["build.ts", "build.js", "build.mjs", "scripts/build.ts", "scripts/build.js"];
/** Programs that run the code of a project whose packages Bun only installs. */
const OTHERS = new Set(["node", "tsx", "ts-node", "nodemon"]);

/** What is known of a project before Bun is looked for. */
interface Known {
  /** All of package.json, a line each. */
  readonly scripts: string;
  readonly packageManager: PackageManager;
  /** Is there a bundler? Bun may then be the package manager alone. */
  readonly isBuilt: boolean;
}

/** Bun, where it bundles, runs or tests the code; undefined where it does none of it. */
export async function findBun(root: string, known: Known): Promise<FoundTool | undefined> {
  const { scripts, packageManager, isBuilt } = known;
  const bunfig = await firstFile(root, ["bunfig.toml"]);
  const builds = (await Promise.all(BUILDS.map((name) => firstFile(root, [name])))).flatMap(
    (one) => one ?? [],
  );
  const build = builds.find(({ text }) => text.includes("Bun.build"));
  const commands = commandsOf(scripts);
  const isOthers = isBuilt || commands.some((words) => words.some((word) => OTHERS.has(word)));
  const isAlone = !isOthers && (bunfig !== undefined || packageManager === "bun");
  const asked = commands.map(askedOfBun);
  const runs = isAlone || asked.includes("run") || build !== undefined;
  if (!runs && !asked.includes("test")) return undefined;
  const found = { ...BUN, isForTests: !runs, file: (bunfig ?? build)?.file, text: "" };
  const mapped: Tool = { ...BUN, entry: undefined, style: "emit", emits: "paths" };
  if (await namesEmitted(root, mapped, undefined, undefined)) return { ...found, ...mapped, hasPlugin: true };
  const scriptsWithPlugin = [...builds, ...(await preloaded(root, bunfig))];
  for (const { file, text } of scriptsWithPlugin) {
    if ((await searchPlugin(file, text, "unplugin-scope/bun", "bun")).hasPlugin)
      return { ...found, file, hasPlugin: true };
  }
  return { ...found, hasPlugin: false };
}

/** What a command has Bun do with the code: `bun build`, `bun --hot src/main.ts`, `bun test`, and not `bun run dev`. */
function askedOfBun(words: readonly string[]): "run" | "test" | undefined {
  const at = words.indexOf("bun");
  const [first, second] = at === -1 ? [] : words.slice(at + 1).filter((word) => !word.startsWith("-"));
  if (first === "build") return "run";
  if (first === "test") return "test";
  return /\.[cm]?[jt]sx?$/.test((first === "run" ? second : first) ?? "") ? "run" : undefined;
}

/** The scripts that a bunfig.toml names: what `preload` has, for all of Bun or for its tests. */
async function preloaded(root: string, bunfig: TextFile | undefined): Promise<readonly TextFile[]> {
  const texts = [...(bunfig?.text ?? "").matchAll(/["']([^"'\n]+)["']/g)].map(([, text = ""]) => text);
  const names = texts.filter((text) => /\.[cm]?[jt]sx?$/.test(text));
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(root, name), text: await readTextIfThere(join(root, name)) })),
  );
  return files.flatMap(({ file, text }) => (text === undefined ? [] : [{ file, text }]));
}
