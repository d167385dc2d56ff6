import { realpath } from "node:fs/promises";
import { ConfigurationError } from "../../errors/classes.ts";
import { isMissing, readTextIfThere, writeFileAtomic } from "../../files/write-file.ts";

/** One file that is made or changed, and why. */
export interface Change {
  /** Absolute. */
  readonly file: string;
  readonly why: string;
  /** Undefined: there is no such file yet. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Something that only a person can do with certainty. */
export interface ManualStep {
  readonly what: string;
  /** What to add or run, as it stands. */
  readonly code: string;
}

/**
 * Makes a change, whole or not at all.
 *
 * @throws ConfigurationError `init_file_changed` when the file is not what the change was made for
 */
export async function applyChange({ file, before, after }: Change): Promise<void> {
  if ((await readTextIfThere(file)) !== before) {
    throw new ConfigurationError("This file changed while the question was open, and was left alone.", {
      code: "init_file_changed",
      where: { file },
      hint: "Run the command again.",
    });
  }
  await writeFileAtomic(await targetOf(file), after);
}

/** A file behind a link is changed where it is; the link stays one. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (isMissing(error)) return file;
    throw error;
  }
}
