import { ConfigurationError } from "../errors/classes.ts";
import { shortPath } from "../errors/format-error.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import { refText } from "../prompt.ts";

/**
 * The error for a live import in a browser bundle: refreshing a prompt needs credentials, and a browser must not have
 * any.
 *
 * @param chain the files from the importing one to the entry, as far as they are known
 * @param root files below it are shown relative to it
 */
export function liveInBrowser(
  { ref }: ResolvedImport,
  chain: readonly string[],
  root: string,
): ConfigurationError {
  // The first of them is the place itself.
  const frame = chain
    .slice(1)
    .map((file) => `which ${shortPath(file.replace(/\?.*$/s, ""), root)} imports`)
    .join("\n");
  return new ConfigurationError(
    "A live prompt is imported in a browser bundle. It is refreshed with credentials, which must not be there.",
    {
      code: "live_in_browser",
      where: { prompt: refText(ref), ...(frame !== "" && { frame }) },
      hint: 'Import it from server code only, or without live. target: "server" says that this bundle is no browser\'s.',
    },
  );
}
