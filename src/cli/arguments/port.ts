import { usageError } from "../../commands/usage-error.ts";

/** The value of `--port`. @throws ConfigurationError `cli_usage` */
export function portOf(text: string | undefined, standard: number): number {
  if (text === undefined) return standard;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw usageError(`--port must be a number from 0 to 65535, but is ${JSON.stringify(text)}.`);
}
