import { basename, join } from "node:path";
import util from "node:util";
import { stringValue } from "../compiler/3-emit/types/tokens.ts";
import { shortPath } from "../errors/format-error.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { namesIn, readIfSound } from "../files/read-file.ts";
import { ignoredBy, isTracked } from "../files/run-git.ts";
import type { JsonObject } from "../prompt.ts";
import { CONFIG_PLACES, isThere } from "./config/config-files.ts";
import { inclusions } from "./config/tsconfig.ts";
import type { ResolvedOptions } from "./config/types.ts";
import type { ScopeUse } from "./discovery/find-uses.ts";
import { allTokens, isCode } from "./discovery/scan-script.ts";
import { pluginConfigs } from "./plugin-configs.ts";
import { isOneFile, typesPlace } from "./types/types-place.ts";

export interface Finding {
  readonly check: string;
  /** `problem`: something won't work; `warning`: it works, but not as it should. */
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  /** What to do about it; null if there's nothing to do. */
  readonly fix: string | null;
  /** The forms in which the platform sent versions, for a report. */
  readonly forms?: readonly JsonObject[];
}

export function warning(check: string, message: string, fix: string): Finding {
  return { check, status: "warning", message, fix };
}

export function problem(check: string, message: string, fix: string | undefined): Finding {
  return { check, status: "problem", message, fix: fix ?? null };
}

/** Shorter values stand in files by chance. */
const MIN_SECRET = 12;

/**
 * What works here but not for a colleague or a compiler, or what everybody who has the repository can read: a secret in a
 * file that git tracks, folders that git ignores, and types that a tsconfig excludes, each with the line that does it.
 *
 * @param cwd paths are shown from here
 * @param folders with a tsconfig
 */
export async function* setupProblems(
  options: ResolvedOptions,
  uses: readonly ScopeUse[],
  cwd = options.root,
  folders: readonly string[] = [options.root],
): AsyncGenerator<Finding> {
  const { root, snapshotDir, dts, sourceFiles, connection, configFile } = options;
  const shown = (path: string) => shortPath(path, cwd);
  const configs = CONFIG_PLACES.filter((place) => place !== "package.json" && isThere(join(root, place)));
  const envFiles = (await namesIn(root)).filter((name) => name.startsWith(".env"));
  const own = [...configs, ...envFiles].map((name) => join(root, name));
  const ofBundlers = folders.flatMap((folder) => [...pluginConfigs(folder).keys()]);
  const texts = [...new Set([...sourceFiles, ...own, ...ofBundlers])].map(
    (file) => [file, readIfSound(file, String) ?? ""] as const,
  );
  const { apiSecret } = Object(connection.credentials) as { readonly apiSecret?: string };
  // One that isn't used here may be in use elsewhere.
  const secrets = [apiSecret, ...texts.flatMap((one) => secretsIn(...one))];
  for (const [file, text] of texts) {
    const secret = secrets.find((one = "") => one.length >= MIN_SECRET && text.includes(one));
    if (secret === undefined || !(await isTracked(file))) continue;
    const before = text.slice(0, text.indexOf(secret));
    const [, key = "a value"] = /([\w$]{1,80})["']?\s{0,80}[:=]\s{0,80}["'`]?$/.exec(before) ?? [];
    const what = `${shown(file)}:${before.split("\n").length}: ${key} is the secret itself, and git tracks this file.`;
    const untrack = basename(file).endsWith(".local") ? ` Then: git rm --cached ${basename(file)}` : "";
    const fix = `Delete it there, replace it on the platform, because git's history keeps it, and set the new one as SCOPE_API_SECRET where git doesn't see it.${untrack}`;
    yield problem("credentials", what, fix);
  }
  const names = `This folder has ${configs.join(" and ")}.`;
  if (configFile !== undefined && configs.length > 1)
    yield warning("config", `${names} Only ${basename(configFile)} is read.`, "Remove the other.");
  // A new prompt's file: what is committed already isn't ignored.
  const newTypes = dts && (isOneFile(dts) ? dts : join(dts, "new.d.ts"));
  for (const [check, place, file] of [
    ["snapshot", snapshotDir, join(snapshotDir, "new@production.json")],
    ["types", typesPlace(options), newTypes],
  ] as const) {
    const line = file && (await ignoredBy(file, root));
    const what = `Git ignores new files in ${shown(place)}, so a clone won't have them: ${line}.`;
    // Not to commit it can be meant.
    if (line) yield warning(check, what, `Remove that line, then run: git add ${shown(place)}`);
  }
  const users = uses.map(({ file }) => file);
  try {
    for (const { config, excludedBy } of inclusions(folders, options, users)) {
      const what = `${shown(config)} excludes ${shown(typesPlace(options))}: ${excludedBy}.`;
      if (excludedBy) yield problem("tsconfig", what, 'Remove it from "exclude".');
    }
  } catch (error) {
    // `init` and `doctor` report it.
    if (!isScopeError(error, "tsconfig_unreadable")) throw error;
  }
}

/** The secrets that code or an `.env` file has as text. A comment and a file for examples have none. */
function secretsIn(file: string, text: string): readonly (string | undefined)[] {
  const name = basename(file);
  if (name.startsWith(".env")) {
    const { SCOPE_API_SECRET: one, SCOPE_CLIENT_SECRET: other } = util.parseEnv(text.replace(/^\uFEFF/, ""));
    return /example|sample|template|dist/.test(name) ? [] : [one, other].filter(isSecretText);
  }
  const tokens = allTokens(text, false).filter(isCode);
  return tokens.flatMap(({ value }, at) => {
    const [key = "", sign = ""] = tokens.slice(Math.max(0, at - 2), at).map((one) => one.value);
    const isWritten = /^["'`]/.test(value) && /^[:=]$/.test(sign) && /^["']?(?:api|client)Secret\b/.test(key);
    return isWritten ? [stringValue(value)].filter(isSecretText) : [];
  });
}

/** Neither the name of a variable nor words that say what to write there. */
function isSecretText(text = ""): boolean {
  return !/^[A-Z][A-Z0-9_]*$/.test(text) && !/your|example|change|placeholder|^</i.test(text);
}
