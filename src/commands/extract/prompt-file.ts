import { join } from "node:path";
import { namesIn } from "../../files/leftovers.ts";
import { formatSpecifier, resolveSpecifier } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { usageError } from "../usage-error.ts";
import { refusal } from "./refusal.ts";

const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

/**
 * The specifier that a new prompt is imported by.
 *
 * @throws ConfigurationError `cli_usage` for a name that can't be a folder everywhere; `extract_refused` if the config
 *   means something else by it
 */
export function newSpecifier(name: string, options: ResolvedOptions): string {
  if (!name.split("/").every((segment) => SEGMENT.test(segment) && segment !== "node_modules")) {
    throw usageError(
      `"${name}" can't be the name of an extracted prompt.`,
      "Use letters, numbers, dots, dashes and underscores, and slashes between them, as in mails/greet.",
    );
  }
  const specifier = formatSpecifier(name, undefined, false);
  const { ref, syntax } = resolveSpecifier(specifier, options);
  const file = options.configFile ?? options.root;
  if (ref.name !== name || ref.pin.kind === "version")
    throw refusal(file, `The config has an entry "${name}" already, for another prompt or a fixed version.`);
  if (syntax !== "scope") {
    const hint = `Give the prompt its syntax in the config: { prompts: { "${name}": { syntax: "scope" } } }`;
    throw refusal(file, `The config reads "${name}" in mustache syntax.`, {}, hint);
  }
  return specifier;
}

/**
 * Where the local platform finds the first version of a new prompt.
 *
 * @param outDir absolute
 * @throws ConfigurationError `extract_refused` if the prompt is there
 */
export async function newPromptFile(outDir: string, name: string): Promise<string> {
  const folder = join(outDir, ...name.split("/"));
  const versions = (await namesIn(folder)).filter((one) => /^(?:\d+\.(?:md|json)|prompt\.json)$/.test(one));
  const [first] = versions.sort();
  if (first === undefined) return join(folder, "1.md");
  throw refusal(
    join(folder, first),
    `The prompt "${name}" is there already, and was left alone.`,
    {},
    "Use another name.",
  );
}
