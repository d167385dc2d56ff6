import { rm } from "node:fs/promises";
import { onTestFinished } from "vitest";
import { temporaryFolder, writeTree } from "../../support/app.ts";

/** Makes a folder from a map of file names to text, and removes it after the test. */
export async function projectFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeTree(folder, files);
  return folder;
}
