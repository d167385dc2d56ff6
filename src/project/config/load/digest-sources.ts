import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { isSecret } from "../../../environment.ts";
import { digestOf } from "../../../files/digest.ts";
import type { LoadedEnv } from "./load-env-files.ts";
import type { Places } from "./places.ts";

/**
 * Everything that options come from, except the plugin's own, as a digest of what was read. For secrets it only counts
 * that they exist: a secret must not be stored in any file.
 */
export function digestSources(root: string, places: Places, { env, origins }: LoadedEnv): string {
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith("SCOPE_"))
    .map(([name, value]) => [name, isSecret(name) ? "" : value, basename(origins.get(name) ?? "")])
    .sort();
  // Where the types are by default depends on the folder.
  const sources = [[...places], variables, existsSync(join(root, "src"))];
  return digestOf(JSON.stringify(sources));
}
