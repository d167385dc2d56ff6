import { ConfigurationError } from "../errors/classes.ts";

/**
 * Why a prompt can't be in a browser bundle.
 *
 * @param prompts the prompt itself, followed by what it includes
 */
export function clientBundleRefused([prompt, ...partials]: readonly [
  string,
  ...string[],
]): ConfigurationError {
  const included = partials.length === 0 ? "" : ` It includes ${partials.join(", ")}.`;
  return new ConfigurationError(
    `The text of this prompt would enter a browser bundle, where anybody can read it.${included}`,
    {
      code: "client_bundle_refused",
      where: { prompt },
      hint: 'Import it from server code only. clientBundle: "allow" permits it; target: "server" says that this bundle is no browser\'s.',
    },
  );
}
