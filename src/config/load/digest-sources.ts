import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { digestOf } from "../../files/digest.ts";
import { isSecret } from "../environment.ts";
import type { LoadedEnv } from "./load-env-files.ts";
import type { Places } from "./places.ts";

/**
 * All that options come from, but for those that a plugin is given, as a digest of what was read of it. Of secrets it
 * counts that they are there: to be kept in no file is their nature.
 */
export function digestSources(root: string, places: Places, { env, origins }: LoadedEnv): string {
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith("SCOPE_"))
    .map(([name, value]) => [name, isSecret(name) ? "" : value, basename(origins.get(name) ?? "")])
    .sort();
  // Where the types lie by default depends on the folder.
  const sources = [[...places], variables, existsSync(join(root, "src"))];
  return digestOf(JSON.stringify(sources));
}
