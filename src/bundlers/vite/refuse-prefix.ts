import { ConfigurationError } from "../../errors/classes.ts";
import { bundlerError } from "../instance/bundler-error.ts";

/** The error for a prefix that makes Vite inline `SCOPE_` variables. */
export function prefixRefused(prefix: string): Error {
  return bundlerError(
    new ConfigurationError(
      `Vite's envPrefix "${prefix}" would put SCOPE_ variables, including the API secret, into the page.`,
      {
        code: "env_prefix_refused",
        where: { file: "vite.config" },
        hint: "Choose a prefix that SCOPE_ doesn't start with, such as VITE_.",
      },
    ),
  );
}
