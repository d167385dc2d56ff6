import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readStart } from "../../files/write-file.ts";
import { registerInScripts } from "./edit-scripts.ts";
import { commandsOf, readManifest } from "./manifest.ts";

/** Programs that don't bundle: compilers of one file at a time, runners of other scripts, and tools that tidy up. */
const BUNDLES_NOTHING = new Set([
  ...["tsc", "tsgo", "vue-tsc", "tsc-alias", "swc", "babel", "nest", "tailwindcss", "sass"],
  ...["npm-run-all", "run-s", "run-p", "concurrently", "turbo", "nx", "lerna"],
  ...["echo", "rm", "cp", "mv", "mkdir", "cd", "exit", "chmod", "rimraf", "shx", "git", "docker"],
  ...["eslint", "prettier", "biome", "vitest", "jest", "husky", "lint-staged", "changeset"],
  ...["prisma", "drizzle-kit", "graphql-codegen", "scope-gen"],
  // Of package managers.
  ...["install", "i", "ci", "add", "audit", "version", "pack", "publish", "prune"],
]);
/** What comes before the actual program. */
const PREFIXES = new Set(["npx", "bunx", "pnpx", "cross-env", "env", "exec", "--", "time"]);
const MANAGERS = new Set(["npm", "pnpm", "yarn", "bun"]);
const OTHER_PACKAGES = /^(?:-r|-w|-F|--filter|--recursive|(?:--)?workspaces?)(?:=|$)/;
const RUNS_A_FILE = new Set(["node", "nodemon", "tsx", "ts-node", "jiti", "bun", "deno"]);
/** Scripts that build nothing that you ship. */
const CHECKS =
  /^(?:pre|post)?(?:test|e2e|bench|coverage|lint|format|fmt|check|type-?check|clean)(?:$|[^a-z])/;
/** Scripts in which a file that Node runs may be a build. In any other it's a program, and uses the hooks. */
const BUILDS = /build|bundle|compile|pack|dist|deploy/;

/** Configs of builds that we don't know: they may or may not take a plugin. */
const CONFIGS = [
  ...["gulpfile", "Gruntfile", "brunch-config", "ember-cli-build", "gatsby-config", "docusaurus.config"],
  ...["vue.config", "craco.config", "config-overrides", "remix.config", "forge.config"],
];

/**
 * What builds or runs a project and isn't known here, as the end of `It is not known whether …`; undefined if nothing
 * does. The scripts count as `init` leaves them.
 */
export async function findUnknownBuild(root: string, packageJson = ""): Promise<string | undefined> {
  const config = (await readdir(root)).find((file) => CONFIGS.includes(file.replace(/\.[cm]?[jt]s$/, "")));
  if (config !== undefined) return `the build of ${config}`;
  const { scripts } = readManifest(registerInScripts(packageJson));
  const all = new Map(Object.entries(Object(scripts)).map(([name, script]) => [name, String(script)]));
  const hasRegister = [...all.values()].some((script) => script.includes("unplugin-scope/register"));
  for (const [name, script] of all) {
    if (CHECKS.test(name)) continue;
    for (const words of commandsOf(script)) {
      const { program, file } = unknownIn(words, all);
      if (program === undefined) continue;
      const isApplication = file !== undefined && hasRegister && !BUILDS.test(name);
      if (isApplication || (file !== undefined && (await takesPlugin(join(root, file))))) continue;
      const command = file === undefined ? program : `${program} ${file}`;
      return `"${command}", which the script "${name}" runs,`;
    }
  }
  return undefined;
}

/**
 * The program of a command that may be a bundler, or the file that it has Node run. A script that it runs is checked
 * separately.
 */
function unknownIn(words: readonly string[], scripts: ReadonlyMap<string, string>): Unknown {
  const start = words.findIndex((word) => !PREFIXES.has(word) && !/^(?:\w+=|-)/.test(word));
  const [program = "", ...rest] = start === -1 ? [] : words.slice(start);
  if (words.join(" ").includes("unplugin-scope/register") || BUNDLES_NOTHING.has(program)) return {};
  const plain = rest.filter((word) => !word.startsWith("-"));
  const file = rest.find((word) => /\.[cm]?[jt]sx?$/.test(word));
  if (RUNS_A_FILE.has(program) && (file !== undefined || !MANAGERS.has(program))) {
    const [run = ""] = plain;
    const runsNone = rest.some((word) => /^(?:-[ep]|--eval|--print|--test)$/.test(word));
    if (runsNone || run === "" || (rest.includes("--run") && scripts.has(run))) return {};
    return { program, file: file ?? run };
  }
  if (!MANAGERS.has(program)) return program === "" ? {} : { program };
  // Other packages' scripts are up to those packages.
  if (words.some((word) => OTHER_PACKAGES.test(word))) return {};
  const inner = plain.find((word) => !/^(?:run|exec|dlx|x)$/.test(word)) ?? "";
  const isKnown = inner === "" || scripts.has(inner) || BUNDLES_NOTHING.has(inner) || CHECKS.test(inner);
  return isKnown ? {} : { program: inner };
}

interface Unknown {
  readonly program?: string;
  readonly file?: string;
}

/** Does one of the project's own scripts use the plugin? Node adds the extension if a name has none. */
async function takesPlugin(file: string): Promise<boolean> {
  const texts = await Promise.all([file, `${file}.js`, join(file, "index.js")].map(readStart));
  return texts.some((text) => text.includes("unplugin-scope"));
}
