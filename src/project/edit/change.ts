import { statSync } from "node:fs";
import { ConfigurationError } from "../../errors/classes.ts";
import { insideOf } from "../../files/inside.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { explainUnwritable, writeFileAtomic } from "../../files/write-file.ts";
import { workspaceFolder } from "../config/package-manager.ts";

export interface FileChange {
  /** Absolute. */
  readonly file: string;
  readonly why: string;
  /** Undefined: the file doesn't exist yet. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Makes a change, completely or not at all, in the file that a link leads to. Throws `file_changed`, and as {@link changedPlace}. */
export async function applyChange({ file, before, after }: FileChange, root: string): Promise<void> {
  const place = await changedPlace(file, root);
  if (readTextIfThere(file) !== before) {
    throw new ConfigurationError(
      "This file changed while init or pin asked about it, so it was left alone.",
      { code: "file_changed", where: { file }, hint: "Run the command again." },
    );
  }
  await explainUnwritable(file, () => writeFileAtomic(place, after));
}

/**
 * The real path of a file that is to be changed, in the project or the repository around it.
 *
 * @throws ConfigurationError `leads_outside`; `file_read_only`: a rename could still replace it, but that isn't permission
 */
export async function changedPlace(file: string, root: string): Promise<string> {
  const place = await insideOf(workspaceFolder(root), file);
  const mode = statSync(place, { throwIfNoEntry: false })?.mode ?? 0o200;
  if ((mode & 0o222) !== 0) return place;
  throw new ConfigurationError("This file is read-only, so it was left unchanged.", {
    code: "file_read_only",
    where: { file },
    hint: "Make it writable, and run the command again.",
  });
}
