import { ConfigurationError } from "../../errors/classes.ts";
import { nearestName } from "../../errors/nearest-name.ts";
import {
  formatSpecifier,
  type ResolvedImport,
  resolveSpecifier,
  SCHEME,
} from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { pinText, refKey } from "../../prompt.ts";
import { usageError } from "../usage-error.ts";

/**
 * The import specifier for a prompt named on the command line. The name can be a specifier itself, the literal name of
 * a key in the config, what would follow `scope:`, or the name of a prompt that the project has under one pin.
 *
 * @throws ConfigurationError `cli_usage` for a name that has several pins, none of them the default; `name_unknown` for
 * one that the project doesn't have but that is close to one it has: this is thrown before the platform is asked;
 * `source_unreadable`
 * @example await promptSpecifier("welcome?label=latest", project) // "scope:welcome?label=latest"
 */
export async function promptSpecifier(name: string, project: Project): Promise<string> {
  const { options } = project;
  if (name.startsWith(SCHEME)) return name;
  if (options.prompts.has(name)) return formatSpecifier(name, undefined, false);
  const plain = `${SCHEME}${name}`;
  const imports = await readableImports(project);
  await refuseNearMiss(name, imports, options);
  if (name.includes("?")) return plain;
  const known = imports.filter(({ key, ref }) => [key, ref.name].includes(name));
  const pins = new Map(known.map((request) => [refKey(request.ref), request]));
  const [only] = pins.values();
  if (only === undefined || pins.has(refKey(resolveSpecifier(plain, options).ref))) {
    return plain;
  }
  if (pins.size === 1) return formatSpecifier(only.key, only.ref.pin, false);
  const given = [...pins.values()].map(({ key, ref }) => `"${key}?${ref.pin.kind}=${pinText(ref.pin)}"`);
  throw usageError(
    `This project uses the prompt "${name}" with ${pins.size} different pins.`,
    `Use one of them: ${given.sort().join(" or ")}`,
  );
}

async function refuseNearMiss(
  name: string,
  imports: readonly ResolvedImport[],
  { snapshotDir }: ResolvedOptions,
): Promise<void> {
  const [asked = ""] = name.split("?");
  const here = imports.flatMap(({ key, ref }) => [key, ref.name]);
  if (here.includes(asked)) return;
  const committed = (await listSnapshot(snapshotDir)).entries.map(({ entry }) => entry.ref.name);
  const nearest = committed.includes(asked) ? undefined : nearestName(asked, [...here, ...committed]);
  if (nearest === undefined) return;
  throw new ConfigurationError(`No prompt "${asked}" is configured, imported or committed here.`, {
    code: "name_unknown",
    hint: `Did you mean "${nearest}"? To fetch "${asked}" anyway, write it as in an import: "${SCHEME}${name}"`,
  });
}

/** What the project imports and configures, without the specifiers that can't be read: a pull reports these. */
async function readableImports({ options }: Project): Promise<readonly ResolvedImport[]> {
  const { findUses } = await import("../../project/discovery/find-uses.ts");
  const { selectImports } = await import("../select-imports.ts");
  return selectImports(options, (await findUses(options)).uses, () => {}).map(({ request }) => request);
}
