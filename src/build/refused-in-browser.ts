import { ConfigurationError } from "../errors/classes.ts";
import { type PromptRef, refText } from "../prompt.ts";

/** The error for a live import in a browser bundle: a refresh needs credentials, and a browser must not have any. */
export function liveInBrowser(ref: PromptRef): ConfigurationError {
  return new ConfigurationError(
    "A browser bundle imports a live prompt. Refreshing it needs credentials, and they must never get into a page.",
    {
      code: "live_in_browser",
      where: { prompt: refText(ref) },
      hint: 'Import it from server code only, or without live. If this bundle runs on a server, set target: "server".',
    },
  );
}

/**
 * Why a prompt can't be in a browser bundle.
 *
 * @param prompts the prompt itself, followed by what it includes
 */
export function clientBundleRefused([prompt = "", ...partials]: readonly string[]): ConfigurationError {
  const included = partials.length === 0 ? "" : ` It includes ${partials.join(", ")}.`;
  return new ConfigurationError(
    `The text of this prompt would end up in a browser bundle, where anybody can read it.${included}`,
    {
      code: "client_bundle_refused",
      where: { prompt },
      hint: 'Import it from server code only, or allow it with clientBundle: "allow". If this bundle runs on a server, set target: "server".',
    },
  );
}
