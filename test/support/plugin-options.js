import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What a test's build or server gives the plugin, from the environment. What the plugin doesn't take is written into the
 * app's config, as an app has it.
 */
export function pluginOptions(root) {
  const { config, clientBundle, target, ...written } = JSON.parse(process.env.TEST_PLUGIN_OPTIONS ?? "{}");
  if (Object.keys(written).length > 0) {
    const file = join(root, "scope.config.json");
    const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    writeFileSync(file, JSON.stringify({ ...before, ...written }));
  }
  return { config, clientBundle, target };
}
