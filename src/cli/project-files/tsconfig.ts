import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { readTextIfThere } from "../../snapshot/write-file.ts";
import { type JsoncNode, memberOf, parseJsonc, textsOf } from "./jsonc.ts";

/** Does a project's TypeScript see a file? */
export type Inclusion =
  | { readonly by: string }
  /** The config to mend: the one whose `include` leaves the file out. */
  | { readonly by: undefined; readonly config: string }
  | { readonly by: undefined; readonly config: undefined; readonly why: string };

interface FileRules {
  readonly files: readonly string[] | undefined;
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
}

/**
 * Finds out whether a tsconfig, or one that it refers to, includes a file. Reads the configs themselves: loading a
 * compiler for this would take longer than everything else together.
 *
 * @param tsconfig absolute path of a tsconfig.json
 * @param file absolute path of the file, there or not
 * @throws ConfigurationError `tsconfig_unreadable`
 */
export async function includes(tsconfig: string, file: string): Promise<Inclusion> {
  const seen = new Set<string>();
  const unknown: string[] = [];
  let mendable: string | undefined;
  const visit = async (config: string): Promise<string | undefined> => {
    if (seen.has(config)) return undefined;
    seen.add(config);
    const root = await readConfig(config);
    if (root === undefined) {
      unknown.push(`${config} cannot be read`);
      return undefined;
    }
    const rules = await rulesOf(config, root, unknown);
    // A solution file has no files of its own: it only refers to configs that have.
    const isSolution = rules.files?.length === 0 && rules.include === undefined;
    if (!isSolution) mendable ??= config;
    if (matches(rules, dirname(config), file)) return config;
    for (const reference of referencesOf(root, config)) {
      const found = await visit(reference);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const by = await visit(tsconfig);
  if (by !== undefined) return { by };
  const [why] = unknown;
  return why === undefined
    ? { by: undefined, config: mendable ?? tsconfig }
    : { by: undefined, config: undefined, why };
}

async function readConfig(file: string): Promise<JsoncNode | undefined> {
  try {
    const text = await readTextIfThere(file);
    return text === undefined ? undefined : parseJsonc(text);
  } catch (error) {
    throw new ConfigurationError("This tsconfig cannot be read, so what it includes is not known.", {
      code: "tsconfig_unreadable",
      where: { file },
      hint: "Check that it is a file, and its permissions.",
      cause: error,
    });
  }
}

/** What `extends` brings, each rule replaced as a whole by the config that names it. Patterns become absolute. */
async function rulesOf(config: string, root: JsoncNode, unknown: string[], depth = 0): Promise<FileRules> {
  let rules: FileRules = { files: undefined, include: undefined, exclude: undefined };
  const extended = memberOf(root, "extends");
  const bases =
    extended?.kind === "scalar" && typeof extended.value === "string"
      ? [extended.value]
      : (textsOf(extended) ?? []);
  for (const base of bases) {
    const file = basePath(base, dirname(config));
    const node = file === undefined ? undefined : await readConfig(file);
    if (file === undefined || node === undefined || depth > 20) {
      unknown.push(`${config} extends ${base}, which is not there`);
      continue;
    }
    rules = merged(rules, await rulesOf(file, node, unknown, depth + 1));
  }
  const own = (key: string) =>
    textsOf(memberOf(root, key))?.map((pattern) =>
      resolve(dirname(config), pattern.replace("${configDir}", ".")),
    );
  return merged(rules, { files: own("files"), include: own("include"), exclude: own("exclude") });
}

function merged(base: FileRules, own: FileRules): FileRules {
  return {
    files: own.files ?? base.files,
    include: own.include ?? base.include,
    exclude: own.exclude ?? base.exclude,
  };
}

function basePath(base: string, folder: string): string | undefined {
  const names = base.endsWith(".json") ? [base] : [`${base}.json`, base, `${base}/tsconfig.json`];
  if (base.startsWith(".") || base.startsWith("/")) {
    return names.map((name) => resolve(folder, name)).find((file) => existsSync(file));
  }
  for (let at = folder; ; at = dirname(at)) {
    const found = names.map((name) => join(at, "node_modules", name)).find((file) => existsSync(file));
    if (found !== undefined || dirname(at) === at) return found;
  }
}

function referencesOf(root: JsoncNode, config: string): string[] {
  const references = memberOf(root, "references");
  if (references?.kind !== "array") return [];
  return references.items.flatMap((item) => {
    const path = memberOf(item, "path");
    if (path?.kind !== "scalar" || typeof path.value !== "string") return [];
    const target = resolve(dirname(config), path.value);
    return [target.endsWith(".json") ? target : join(target, "tsconfig.json")];
  });
}

function matches({ files, include, exclude }: FileRules, folder: string, file: string): boolean {
  if (files?.includes(file)) return true;
  const patterns = include ?? (files === undefined ? [join(folder, "**/*")] : []);
  if (!patterns.some((pattern) => matchesPattern(pattern, file))) return false;
  const excluded =
    exclude ?? ["node_modules", "bower_components", "jspm_packages"].map((name) => join(folder, name));
  return !excluded.some((pattern) => matchesPattern(pattern, file));
}

/** TypeScript's patterns: `*` and `?` within a folder, `**` for any folders; what it names may be a folder too. */
export function matchesPattern(pattern: string, file: string): boolean {
  const parts = pattern.replaceAll("\\", "/").replace(/\/$/, "").split("/");
  const source = parts
    .map((part, index) => {
      const isLast = index === parts.length - 1;
      if (part === "**") return isLast ? ".*" : "(?:[^/]+/)*";
      const escaped = part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
      return escaped.replaceAll("*", "[^/]*").replaceAll("?", "[^/]") + (isLast ? "" : "/");
    })
    .join("");
  return new RegExp(`^${source}(?:/.*)?$`).test(file.replaceAll("\\", "/"));
}
