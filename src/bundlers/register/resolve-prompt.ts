import { fileURLToPath, pathToFileURL } from "node:url";
import { ask } from "./exchange.ts";

/**
 * What Node's resolve hooks return for a `scope:` import.
 *
 * @throws like {@link ask}
 */
export function resolvePrompt(channel: string, specifier: string, parentUrl: string | undefined) {
  const importer = parentUrl?.startsWith("file:") ? fileURLToPath(parentUrl) : undefined;
  return {
    url: pathToFileURL(promptFile(channel, specifier, importer)).href,
    format: "module" as const,
    shortCircuit: true,
  };
}

/** The path of a `scope:` import's module. */
export function promptFile(channel: string, specifier: string, importer: string | undefined): string {
  const { file } = ask(channel, { specifier, importer });
  if (file === undefined) throw new TypeError(`${specifier} was resolved without a file.`);
  return file;
}
