import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const { name: PACKAGE, exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The source of each entry of the exports map, by the specifier that imports it. */
const sources = new Map(
  Object.keys(exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => {
      const name = entry.slice("./".length) || "index";
      const folders = ["src", "src/bundlers", "src/platform"];
      const places = folders.flatMap((folder) => [`${folder}/${name}.ts`, `${folder}/${name}/index.ts`]);
      const source = places.find((file) => existsSync(join(ROOT, file)));
      if (source === undefined) throw new Error(`The entry "${entry}" is in none of ${places.join(", ")}.`);
      return [source, entry.replace(".", PACKAGE)];
    }),
);

/** Modules are named as they are imported, not after their files. */
function nameModules(app) {
  app.converter.on("resolveBegin", ({ project }) => {
    for (const module of project.children ?? []) {
      const file = app.files.getReflectionPath?.(module) ?? "";
      const source = [...sources.keys()].find((one) => file.endsWith(one));
      if (source !== undefined) module.name = sources.get(source);
      nameDefault(module, project);
    }
  });
}

/** What `require` gets is what the other name of the same export imports: the reference has it under that name. */
function nameDefault(module, project) {
  const required = module.children?.find(({ name }) => name === "module.exports");
  const other = module.children?.find((one) => one.isReference() && one.getTargetReflection() === required);
  if (required === undefined || other === undefined) return;
  required.name = other.name;
  project.removeReflection(other);
}

/** Types of the package's own parts, which public ones are put together from: what a user needs of them is shown there. */
const INTERNAL = [
  "src/client/telemetry.ts:Hook",
  "src/client/connection/connection.ts:ConnectionOptions",
  "src/environment.ts:Env",
  "src/client/connection/types.ts:CredentialValues",
  "src/client/connection/types.ts:ResolvedConnection",
  "src/project/config/options.ts:FetchByPhase",
  "src/errors/codes.ts:ERROR_CODES",
  "src/bundlers/next/index.ts:WithScope",
  "src/bundlers/nuxt/index.ts:ScopeModule",
  "src/messages.ts:SystemOf",
  "src/bundlers/bun/bun-hooks.ts:BunPlugin",
  "src/messages.ts:MessageInParts",
  "src/messages.ts:OtherMessage",
  "src/messages.ts:SystemBlocks",
  "src/messages.ts:SystemRole",
  "src/messages.ts:WithoutSystem",
  "src/prompt.ts:PromptRef",
  "src/prompt.ts:Roles",
];

/** The API reference, as pages for the site of `docs`. */
export default {
  name: PACKAGE,
  entryPoints: [...sources.keys()].map((file) => join(ROOT, file)),
  out: join(ROOT, "docs/api"),
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme", nameModules],
  docsRoot: join(ROOT, "docs"),
  readme: "none",
  entryFileName: "index",
  excludeInternal: true,
  excludePrivate: true,
  // No public address of a repository is known.
  disableSources: true,
  intentionallyNotExported: INTERNAL,
  // npm run typecheck sees to that.
  skipErrorChecking: true,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: false },
  treatWarningsAsErrors: true,
  logLevel: "Warn",
};
