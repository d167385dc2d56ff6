import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { ConfigurationError } from "../errors/classes.ts";
import { isMissing } from "./read-file.ts";

/**
 * Where a file really is, or will be, if that is in a folder. A link is committed as easily as a file, and can lead
 * anywhere. @throws ConfigurationError `leads_outside`, which names the real path
 */
export async function insideOf(folder: string, file: string): Promise<string> {
  const [place, top] = [await realPlace(file), await realPlace(folder)];
  const way = relative(top, place);
  // On Windows the relative path to another drive is that drive's own path.
  if (way !== ".." && !way.startsWith(`..${sep}`) && join(top, way) === place) return place;
  throw new ConfigurationError(`This leads to ${place}, outside of ${folder}. It was left alone.`, {
    code: "leads_outside",
    where: { file },
    hint: "Replace a link with a file or a folder. Only a config that is code can name a path out there.",
  });
}

/** A link to nothing counts as a missing file: writing replaces it. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error;
    return join(await realPlace(dirname(path)), basename(path));
  }
}
