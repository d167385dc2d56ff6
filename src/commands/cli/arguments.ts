import { readFile } from "node:fs/promises";
import { ConfigurationError } from "../../errors/classes.ts";

/** A file named on the command line, as JSON. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, "This file isn't JSON.", error);
  }
}

/** A file named on the command line, as text. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unreadable(file, "This file can't be read.", error);
  }
}

export function unreadable(file: string, message: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(message, { code: "file_unreadable", where: { file }, cause });
}
