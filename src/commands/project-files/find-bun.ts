import type { PackageManager } from "../../project/config/package-manager.ts";
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
/** The usual place of a script that builds with `Bun.build`. */
const BUILDS = ["build.ts", "build.js", "build.mjs", "scripts/build.ts", "scripts/build.js"];
/** Programs that run the code of a project that uses Bun only to install packages. */
const OTHERS = new Set(["node", "tsx", "ts-node", "nodemon"]);

/** What is known about a project before looking for Bun. */
interface Known {
  /** All scripts of package.json, one line each. */
  readonly scripts: string;
  readonly packageManager: PackageManager;
  /** Is there a bundler? Then Bun may only be the package manager. */
  readonly isBuilt: boolean;
}

/** Bun, if it bundles, runs or tests the code; otherwise undefined. */
export async function findBun(root: string, known: Known): Promise<FoundTool | undefined> {
  const { scripts, packageManager, isBuilt } = known;
  const bunfig = await firstFile(root, ["bunfig.toml"]);
  const builds = (await Promise.all(BUILDS.map((name) => firstFile(root, [name])))).flatMap(
    (one) => one ?? [],
  );
  const ownBuilds = builds.filter(({ text }) => text.includes("Bun.build"));
  const commands = commandsOf(scripts);
  const isOthers = isBuilt || commands.some((words) => words.some((word) => OTHERS.has(word)));
  const isAlone = !isOthers && (bunfig !== undefined || packageManager === "bun");
  const asked = commands.map((words) => askedOfBun(words, ownBuilds.length > 0));
  const runs = isAlone || asked.includes("run") || ownBuilds.length > 0;
  if (!runs && !asked.includes("test")) return undefined;
  const found = { ...BUN, isForTests: !runs, file: (bunfig ?? ownBuilds[0])?.file, text: "" };
  const mapped: Tool = { ...BUN, entry: undefined, style: "emit", emits: "paths" };
  if (await namesEmitted(root, mapped, undefined, undefined)) return { ...found, ...mapped, hasPlugin: true };
  // Each has its own place for the plugin, and one says nothing about another.
  const places: Place[] = ownBuilds.map((build) => ({ file: build.file, scripts: [build] }));
  const [top, test] = preloads(bunfig?.text ?? "");
  const needsTop = asked.includes("run") || (runs && ownBuilds.length === 0);
  for (const names of [...(needsTop ? [top] : []), ...(asked.includes("test") ? [test] : [])])
    places.push({ file: bunfig?.file, scripts: await readAll(root, names) });
  let withPlugin: string | undefined;
  for (const place of places) {
    withPlugin = await firstWithPlugin(place.scripts);
    if (withPlugin === undefined) return { ...found, file: place.file, hasPlugin: false };
  }
  return { ...found, file: withPlugin, hasPlugin: true };
}

/** A file that the plugin has to be in, and the scripts that may have it. */
interface Place {
  readonly file: string | undefined;
  readonly scripts: readonly TextFile[];
}

async function firstWithPlugin(scripts: readonly TextFile[]): Promise<string | undefined> {
  for (const { file, text } of scripts)
    if ((await searchPlugin(file, text, "unplugin-scope/bun", "bun")).hasPlugin) return file;
  return undefined;
}

/**
 * What a command has Bun do with the code: `bun build`, `bun --hot src/main.ts`, `bun test`, but not `bun run dev`.
 *
 * @param isBuilt a script builds the code: running that script, or its output, runs no imported prompt
 */
function askedOfBun(words: readonly string[], isBuilt: boolean): "run" | "test" | undefined {
  const at = words.indexOf("bun");
  const [first, second] = at === -1 ? [] : words.slice(at + 1).filter((word) => !word.startsWith("-"));
  if (first === "build") return "run";
  if (first === "test") return "test";
  const file = ((first === "run" ? second : first) ?? "").replace(/^\.\//, "");
  if (isBuilt && (BUILDS.includes(file) || /^(?:dist|build|out)\//.test(file))) return undefined;
  return /\.[cm]?[jt]sx?$/.test(file) ? "run" : undefined;
}

/** The scripts that `preload` of a bunfig.toml names: for what Bun runs, and for its tests. */
function preloads(bunfig: string): readonly [readonly string[], readonly string[]] {
  const text = bunfig.replaceAll("\r", "").replace(/^((?:[^"'#\n]|"[^"\n]*"|'[^'\n]*')*)#.*/gm, "$1");
  const [top = "", ...sections] = text.split(/^[ \t]*\[(?=[\w.]+\][ \t]*$)/m);
  const test = sections.find((section) => section.startsWith("test]")) ?? "";
  const named = (part: string) => {
    const [, value = ""] = /^[ \t]*preload[ \t]*=[ \t]*(\[[^\]]*\]|.*)/m.exec(part) ?? [];
    return [...value.matchAll(/["']([^"'\n]+)["']/g)].map(([, name = ""]) => name);
  };
  return [named(top), named(test)];
}

async function readAll(root: string, names: readonly string[]): Promise<readonly TextFile[]> {
  const files = await Promise.all(names.map((name) => firstFile(root, [name])));
  return files.flatMap((one) => one ?? []);
}
