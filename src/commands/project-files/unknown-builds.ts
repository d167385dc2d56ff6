import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTextIfThere } from "../../files/write-file.ts";
import { commandsOf, readManifest } from "./manifest.ts";

/** Programs that bundle nothing: compilers of one file at a time, runners of other scripts, and what tidies up. */
const BUNDLES_NOTHING = new Set([
  ...["tsc", "tsgo", "vue-tsc", "tsc-alias", "swc", "babel", "nest", "svelte-check", "api-extractor"],
  ...["npm-run-all", "run-s", "run-p", "concurrently", "turbo", "nx", "lerna", "moon", "wireit", "lage"],
  ...["echo", "rm", "cp", "mv", "mkdir", "cd", "cat", "true", "exit", "test", "chmod", "git", "docker"],
  ...["rimraf", "del-cli", "shx", "cpx", "cpx2", "cpy", "copyfiles", "ncp", "mkdirp", "copyup"],
  ...["eslint", "prettier", "biome", "oxlint", "vitest", "jest", "mocha", "c8", "typedoc", "publint", "attw"],
  ...["prisma", "drizzle-kit", "graphql-codegen", "openapi-typescript", "scope-gen"],
  ...["tailwindcss", "postcss", "sass", "lessc"],
]);
/** What is said before the program that is meant. */
const PREFIXES = new Set(["npx", "bunx", "pnpx", "cross-env", "env", "dotenv", "exec", "dlx", "--", "time"]);
const MANAGERS = new Set(["npm", "pnpm", "yarn", "bun"]);
const MANAGES = new Set([
  "install",
  "i",
  "ci",
  "add",
  "audit",
  "version",
  "pack",
  "publish",
  "prune",
  "test",
]);
const OTHER_PACKAGES = /^(?:-r|-w|-F|--filter|--recursive|(?:--)?workspaces?)(?:=|$)/;
/** A script may run itself. */
const MAX_HOPS = 5;
const RUNS_A_FILE = new Set(["node", "tsx", "ts-node", "jiti", "bun", "deno"]);

/** Configs of builds of which it isn't known here whether they take a plugin. */
const CONFIGS = [
  ...["gulpfile", "Gruntfile", "brunch-config", "ember-cli-build", "gatsby-config", "docusaurus.config"],
  ...["vue.config", "craco.config", "config-overrides", "remix.config", "forge.config"],
];

/** What builds a project and isn't known here, as the end of `It is not known whether …`; undefined where nothing does. */
export async function findUnknownBuild(
  root: string,
  packageJson: string | undefined,
): Promise<string | undefined> {
  const scripts = Object(readManifest(packageJson).scripts) as Readonly<Record<string, unknown>>;
  for (const [name, script] of Object.entries(scripts)) {
    if (!/^build(?:$|:)/.test(name)) continue;
    const program = await unknownIn(String(script), scripts, root);
    if (program !== undefined) return `"${program}", which the script "${name}" runs,`;
  }
  const config = (await readdir(root)).find((file) => CONFIGS.includes(file.replace(/\.[cm]?[jt]s$/, "")));
  return config === undefined ? undefined : `the build of ${config}`;
}

/** The first program of a script that may be a bundler. Scripts that it runs are looked into. */
async function unknownIn(
  script: string,
  scripts: Readonly<Record<string, unknown>>,
  root: string,
  hops = 0,
): Promise<string | undefined> {
  for (const words of commandsOf(script)) {
    const start = words.findIndex((word) => !PREFIXES.has(word) && !/^(?:\w+=|-)/.test(word));
    const [program, ...rest] = start === -1 ? [] : words.slice(start);
    if (program === undefined || BUNDLES_NOTHING.has(program)) continue;
    const file = rest.find((word) => /\.[cm]?[jt]sx?$/.test(word));
    if (RUNS_A_FILE.has(program) && file !== undefined) {
      const text = await readTextIfThere(join(root, file));
      // A script of the project's own that takes the plugin.
      if (text?.includes("unplugin-scope") !== true) return `${program} ${file}`;
    } else if (MANAGERS.has(program)) {
      // Those of other packages are these packages' own.
      if (words.some((word) => OTHER_PACKAGES.test(word))) continue;
      const inner = rest.find((word) => !/^(?:run|exec|dlx|x|-.*)$/.test(word)) ?? "";
      const next = scripts[inner];
      if (typeof next === "string") {
        const found = hops < MAX_HOPS ? await unknownIn(next, scripts, root, hops + 1) : undefined;
        if (found !== undefined) return found;
      } else if (inner !== "" && !BUNDLES_NOTHING.has(inner) && !MANAGES.has(inner)) return inner;
    } else if (!RUNS_A_FILE.has(program)) return program;
  }
  return undefined;
}
