import { readRegularFileSync } from "../../../files/read-file.ts";
import { loadFailed } from "./load-failed.ts";

/** Far above any config. */
const MAX_BYTES = 10_000_000;

/**
 * The text of a config or of an `.env` file.
 *
 * @throws ConfigurationError `config_load_failed` for anything but a regular file, or one larger than 10 MB; file
 * system errors
 */
export function readConfigText(file: string): string {
  try {
    return readRegularFileSync(file, MAX_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTREG" && code !== "EFBIG") throw error;
    const problem = code === "ENOTREG" ? "This isn't a regular file." : "This file is larger than 10 MB.";
    throw loadFailed(file, `${problem} It isn't read.`, {
      hint: "Check where it comes from, or remove it.",
      cause: error,
    });
  }
}
