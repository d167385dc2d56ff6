import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Is an installed package older than a version, as code in a folder finds it? Undefined if it finds none.
 *
 * @example isOlder(root, "next", [15, 3])
 */
export function isOlder(
  folder: string,
  name: string,
  [major, minor]: readonly [major: number, minor: number],
): boolean | undefined {
  try {
    const { version } = createRequire(join(folder, "package.json"))(`${name}/package.json`);
    const [own = 0, ownMinor = 0] = String(version).split(".").map(Number);
    return own < major || (own === major && ownMinor < minor);
  } catch {
    return undefined;
  }
}
