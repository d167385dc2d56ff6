import { join } from "node:path";

/** The path of something that this package's build makes. */
export function builtFile(...path: readonly string[]): string {
  // This code runs bundled, next to it, or as source during this package's tests.
  const isBundled = !import.meta.filename.endsWith(".ts");
  return join(import.meta.dirname, isBundled ? "." : "../../dist", ...path);
}
