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
import { findImports } from "../../project/versions/select-imports.ts";
import { pinText, refKey } from "../../prompt.ts";
import { usageError } from "./errors.ts";

/**
 * The specifier for a prompt named on the command line: a specifier, a key of the config, what would follow `scope:`,
 * or a name that the project has under one pin. Refuses several pins, and a name close to one that the project has.
 */
export async function promptSpecifier(name: string, project: Project): Promise<string> {
  const { options } = project;
  if (name.startsWith(SCHEME)) return name;
  if (options.prompts.has(name)) return formatSpecifier(name, undefined, false);
  const plain = `${SCHEME}${name}`;
  // Without the specifiers that can't be read: a pull reports these.
  const selected = await findImports(options, () => {});
  const imports = selected.imports.map(({ request }) => request);
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
