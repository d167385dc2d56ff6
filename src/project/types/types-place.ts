import { basename, dirname, join, relative } from "node:path";
import { safeName } from "../../files/safe-name.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { GENERATED_FOLDER } from "../module-names.ts";

/** Where the maps of the types are in the folder of generated files. */
export const MAPS_FOLDER = "types";

/**
 * Declares what the types of all prompts name. A prompt's file never has this name: safe names don't contain this
 * character.
 */
const SHARED_NAME = "@shared.d.ts";

/**
 * Absolute path of the types: a folder with a file for each prompt, or one file. With `dts: false`, where they would
 * be.
 */
export function typesPlace({ dts, root }: Pick<ResolvedOptions, "dts" | "root">): string {
  return dts === false ? join(root, "scope-types") : dts;
}

/** Are the types at this place one file? */
export function isOneFile(place: string): boolean {
  return /\.d\.[cm]?ts$/.test(place);
}

/** Absolute path of the folder that the types' files are in. */
export function typesFolder(place: string): string {
  return isOneFile(place) ? dirname(place) : place;
}

/** Absolute path of the file with the types of a prompt. */
export function typesFileFor(place: string, prompt: string): string {
  return isOneFile(place) ? place : join(place, `${safeName(prompt)}.d.ts`);
}

/** Absolute path of the file with what all types name; undefined if that is in the one file. */
export function sharedTypesFile(place: string): string | undefined {
  return isOneFile(place) ? undefined : join(place, SHARED_NAME);
}

/** A path that a tsconfig has to include: the one file, or one in the folder. */
export function someTypesFile(place: string): string {
  return sharedTypesFile(place) ?? place;
}

/** Absolute path of the map of a types file. It isn't committed: it's with the generated modules. */
export function mapFileFor(root: string, file: string): string {
  return join(root, GENERATED_FOLDER, MAPS_FOLDER, `${basename(file)}.map`);
}

/** Path of a file as seen from the folder of another one, with forward slashes. */
export function pathFrom(file: string, target: string): string {
  return relative(dirname(file), target).replaceAll("\\", "/");
}
