import { dirname } from "node:path";
import { glob } from "tinyglobby";
import { ConfigurationError } from "../errors/classes.ts";
import { isWorkspaceRoot } from "../project/config/package-manager.ts";

/**
 * Refuses the root of a workspace that has no config but whose packages have their own: a command there would find all
 * their prompts, but with none of the packages' settings.
 *
 * @throws ConfigurationError `config_in_package`, naming the packages
 */
export async function refuseWorkspaceRoot(root: string): Promise<void> {
  if (!isWorkspaceRoot(root)) return;
  const files = await glob("**/scope.config.*", {
    cwd: root,
    ignore: ["**/node_modules/**"],
  });
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  if (folders.length === 0) return;
  throw new ConfigurationError(`There's no config here, but there's one in ${folders.join(", ")}.`, {
    code: "config_in_package",
    where: { file: root },
    hint: `Run it in one of these, for example: scope-gen --cwd ${folders[0]}`,
  });
}
