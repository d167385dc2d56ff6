// Applications that import prompts through the plugin, and their twins that import the same modules from disk.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { manyPrompts } from "../size-prompts.js";
import { runProcess } from "./measure.js";
import { pullFrom } from "./pull.js";

const BUNDLE = join(import.meta.dirname, "bundle.js");

/** The config that `scope-gen init` writes. */
export const INIT_CONFIG = `import { defineConfig } from "unplugin-scope";

export default defineConfig({
  // Prompts that the code imports are found by themselves: "scope:<name>".
  label: "production",
});
`;

/** A build for production. */
const ENV = { ...process.env, NODE_ENV: "production" };
delete ENV.VITEST;

/** Builds as continuous integration does it: from the snapshot. */
const FROZEN = { SCOPE_FETCH: "never" };

/**
 * Writes an application below a folder that is there, and builds it once, for the modules of its twin.
 *
 * @param root absolute
 * @param committed how many prompts the snapshot holds
 * @param files how many prompts each source file imports, file by file
 */
export async function makeApp(root, { committed, files, config = INIT_CONFIG }) {
  const prompts = manyPrompts(committed);
  await put(root, "package-lock.json", "{}");
  // Where a config that is code is kept compiled.
  await mkdir(join(root, "node_modules"));
  await put(root, "scope.config.ts", config);
  for (const { name, text } of prompts) await put(platformOf(root), `${name}/1.md`, text);
  const left = [...prompts];
  const sources = files.map((count) => left.splice(0, count));
  await putSources(root, "plugin", sources, (name) => `scope:${name}`);
  await pullFrom(platformOf(root), root);
  await build(root, "rollup", "plugin");
  await putTwin(root, sources);
}

/** The prompts of an application, as the local platform serves them. */
export function platformOf(root) {
  return `${root}-platform`;
}

/** One process that builds an application, by the plugin or from `disk`; `env` says how to reach a platform. */
export function build(root, bundler, kind, { command = "build", env = FROZEN } = {}) {
  return runProcess(BUNDLE, [bundler, kind, command], { cwd: root, env: { ...ENV, ...env } });
}

async function putSources(root, kind, sources, specifier) {
  const entry = [];
  for (const [at, prompts] of sources.entries()) {
    const imports = prompts.map(({ name }, i) => `import p${i} from "${specifier(name)}";`);
    const calls = prompts.map(({ variables }, i) => {
      const values = variables.map((variable) => `${variable}: process.argv[2]`);
      return `p${i}({ ${values.join(", ")} })`;
    });
    const code = `${imports.join("\n")}\nexport const texts = () => [${calls.join(", ")}];\n`;
    await put(root, `${kind}/file-${at}.js`, code);
    entry.push(`import { texts as texts${at} } from "./file-${at}.js";\nconsole.log(texts${at}());`);
  }
  await put(root, `${kind}/main.js`, `${entry.join("\n")}\n`);
}

/** The modules that the plugin made, as files of the application's own. */
async function putTwin(root, sources) {
  const [folder] = (await readdir(join(root, ".scope"))).filter((name) => name.startsWith("build-"));
  for (const file of await readdir(join(root, ".scope", folder))) {
    if (!file.endsWith(".js")) continue;
    const code = await readFile(join(root, ".scope", folder, file), "utf8");
    // Without what files of the application's own have not in their names: a label, a digest of what they hold.
    const name = file.replace(/(?:@production)?\+[0-9a-f]{16}\.js$/, ".ts");
    const twin = code.replace(/"\.\/helper\+[0-9a-f]{16}\.js"/, '"./helper.ts"');
    await put(root, `disk/prompts/${name}`, `// @ts-nocheck\n${twin}`);
  }
  await put(root, "disk/prompts/package.json", '{ "type": "module", "sideEffects": false }');
  await putSources(root, "disk", sources, (name) => `./prompts/${name}.ts`);
}

async function put(root, name, text) {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}
