import { readFile, stat } from "node:fs/promises";
import { ConfigurationError } from "../../errors/classes.ts";

/** Far above any config. */
const MOST_BYTES = 10_000_000;

/**
 * The text of a config or of an `.env` file. A committed link may lead to a device or to anything large, and to read that
 * would take all memory.
 *
 * @throws ConfigurationError `config_load_failed` for what is no regular file, or larger than 10 MB; what the file system
 * says against it
 */
export async function readSmallFile(file: string): Promise<string> {
  const stats = await stat(file);
  // A password manager hands over .env as a pipe, which git cannot hold; a folder is for readFile to refuse.
  const isDevice = !stats.isFile() && !stats.isFIFO() && !stats.isDirectory();
  if (isDevice || stats.size > MOST_BYTES) {
    throw new ConfigurationError(
      isDevice ? "This is no regular file." : "This file is larger than 10 MB, and is not read.",
      { code: "config_load_failed", where: { file }, hint: "Check where it comes from, or remove it." },
    );
  }
  return readFile(file, "utf8");
}
