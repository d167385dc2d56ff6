import { isScopeError } from "../../errors/scope-error.ts";
import {
  formatSpecifier,
  type ParsedSpecifier,
  parseSpecifier,
  resolveSpecifier,
  SCHEME,
} from "../../project/config/specifier.ts";
import { findUses, type ScopeUse } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import type { PromptRef } from "../../prompt.ts";
import { unknownName } from "../select-imports.ts";
import { usageError } from "../usage-error.ts";

/** The key of the config that a pin is for. */
export interface PinTarget {
  readonly key: string;
  /** What the key means now. */
  readonly ref: PromptRef;
  /** The config lets it follow its label in a running server. */
  readonly isLive: boolean;
  /** Its imports in the code. */
  readonly imports: readonly PinnedImport[];
}

/** An import of the key. */
interface PinnedImport extends ParsedSpecifier {
  readonly use: ScopeUse;
}

/**
 * The key that a name on the command line means: a key itself, or the prompt if only one key names it.
 *
 * @throws ConfigurationError `cli_usage`, `name_unknown`
 */
export async function pinTarget({ options }: Project, name: string): Promise<PinTarget> {
  const wanted = keyOf(name);
  const { uses } = await findUses(options);
  const imports = uses.flatMap(parsed);
  const imported = imports.map(({ key }) => key);
  const aliases = [...options.prompts.values()]
    .filter((entry) => entry.name === wanted)
    .map(({ key }) => key);
  const committed = (await listSnapshot(options.snapshotDir)).entries.map(({ entry }) => entry.ref.name);
  const isKey = options.prompts.has(wanted) || imported.includes(wanted);
  if (!isKey && aliases.length > 1) {
    throw usageError(
      `The config uses the prompt "${wanted}" under ${aliases.length} keys.`,
      `Use one of them: ${aliases.join(" or ")}`,
    );
  }
  const key = isKey ? wanted : (aliases[0] ?? (committed.includes(wanted) ? wanted : undefined));
  if (key === undefined) throw unknownName(wanted, [...options.prompts.keys(), ...imported, ...committed]);
  return {
    key,
    ref: resolveSpecifier(formatSpecifier(key, undefined, false), options).ref,
    isLive: options.prompts.get(key)?.live === true,
    imports: imports.filter((one) => one.key === key),
  };
}

/** A specifier is a name too, as long as it has no query. */
function keyOf(name: string): string {
  if (!name.startsWith(SCHEME)) return name;
  const { key, pin, live } = parseSpecifier(name);
  if (pin === undefined && !live) return key;
  throw usageError(
    `"${name}" names its own version, so a pin in the config doesn't apply to it.`,
    `Name the prompt: ${key}`,
  );
}

/** A pull reports imports that can't be read. */
function parsed(use: ScopeUse): readonly PinnedImport[] {
  try {
    return [{ use, ...parseSpecifier(use.specifier) }];
  } catch (error) {
    if (isScopeError(error)) return [];
    throw error;
  }
}
