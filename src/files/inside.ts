import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { ConfigurationError } from "../errors/classes.ts";
import { isFileMissing } from "./read-file.ts";

/**
 * Where a file really is, or will be, if that is in a folder. A link is committed as easily as a file, and can lead
 * anywhere. @throws ConfigurationError `leads_outside`, which names the real path
 */
export async function insideOf(folder: string, file: string): Promise<string> {
  const [place, top] = [await realPlace(file), await realPlace(folder)];
  if (isWithin(top, place)) return place;
  const [what, hint] = isWithin(folder, file)
    ? [
        `A link leads from here to ${place}, outside of ${folder}.`,
        "Replace the link with a file or a folder.",
      ]
    : [
        `This is outside of ${folder}.`,
        "Name a place inside it. Only a config that is code can name one outside.",
      ];
  throw new ConfigurationError(`${what} It was left alone.`, {
    code: "leads_outside",
    where: { file },
    hint,
  });
}

function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file);
  // On Windows the relative path to another drive is that drive's own path.
  return way !== ".." && !way.startsWith(`..${sep}`) && join(folder, way) === file;
}

/** A link to nothing counts as a missing file: writing replaces it. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isFileMissing(error) || dirname(path) === path) throw error;
    return join(await realPlace(dirname(path)), basename(path));
  }
}
