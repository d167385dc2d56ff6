import { ConfigurationError } from "../../errors/classes.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { canBeName, type Label, type Pin, type PromptRef, pinText } from "../../prompt.ts";
import type { ResolvedOptions, ResolvedPromptEntry } from "./types.ts";

/** The scheme of every import that means a prompt. */
export const SCHEME = "scope:";

interface ParsedSpecifier {
  /** Decoded: an alias of the config, or a prompt name or ID. */
  readonly key: string;
  /** Undefined leaves it to the config. */
  readonly pin: Pin | undefined;
  readonly live: boolean;
}

/** What an import means under a config: which version of which prompt, and how it's compiled. */
export interface ResolvedImport extends Omit<ResolvedPromptEntry, "name" | "pin"> {
  /** The same text for all spellings that mean the same module. */
  readonly specifier: string;
  readonly ref: PromptRef;
}

/**
 * Splits `scope:<key>?<query>`. The key is percent-decoded and can contain `/`; the query is `label=production`,
 * `label=latest` or `version=<version id>`, and `live`.
 *
 * @throws ConfigurationError `build_unknown_specifier`, `label_invalid`
 * @example parseSpecifier("scope:support_triage?label=latest&live")
 * // { key: "support_triage", pin: { kind: "label", label: "latest" }, live: true }
 */
export function parseSpecifier(text: string): ParsedSpecifier {
  if (!text.startsWith(SCHEME)) throw refused(text, `It doesn't start with "${SCHEME}".`);
  if (text.includes("*")) {
    throw refused(text, "TypeScript would read the asterisk as a pattern.", "Write it as %2A.");
  }
  const body = text.slice(SCHEME.length);
  const mark = body.indexOf("?");
  const key = decode(text, mark === -1 ? body : body.slice(0, mark));
  if (key === "") throw refused(text, "It doesn't name a prompt.", 'For example "scope:welcome-email".');
  if (!canBeName(key)) throw refused(text, `"${key}" isn't a prompt name.`);
  return { key, ...parseQuery(text, mark === -1 ? "" : body.slice(mark + 1)) };
}

function parseQuery(text: string, query: string): Pick<ParsedSpecifier, "pin" | "live"> {
  const found = new Map<string, string>();
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const key = decode(text, equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? "" : decode(text, part.slice(equals + 1));
    if (!QUERY_KEYS.includes(key)) {
      throw refused(
        text,
        `Unknown query parameter "${key}".`,
        didYouMean(key, QUERY_KEYS, "The parameters are label, version and live."),
      );
    }
    if (found.has(key)) throw refused(text, `It has "${key}" twice.`);
    found.set(key, value);
  }
  const label = found.get("label");
  const version = found.get("version");
  if (label !== undefined && version !== undefined) {
    throw refused(text, "It has both label and version.", "Keep the one that you need.");
  }
  if ((found.get("live") ?? "") !== "")
    throw refused(text, `"live" doesn't take a value.`, 'Write just "live".');
  const live = found.has("live");
  if (version !== undefined) {
    if (!canBeName(version)) throw refused(text, "Its version isn't a version ID.");
    if (isLabel(version)) {
      throw refused(text, `"${version}" is a label, not a version ID.`, `Write ?label=${version}.`);
    }
    if (live)
      throw refused(text, "A version never changes, so it can't be live.", "Leave out one of the two.");
    return { pin: { kind: "version", versionId: version }, live };
  }
  if (label !== undefined && !isLabel(label))
    throw refused(
      text,
      `"${label}" isn't a label.`,
      didYouMean(label, LABELS, "The labels are production and latest."),
      "label_invalid",
    );
  return { pin: label === undefined ? undefined : { kind: "label", label }, live };
}

const LABELS: readonly string[] = ["production", "latest"] satisfies readonly Label[];
const QUERY_KEYS: readonly string[] = ["label", "version", "live"];

/** Is this the name of a label? As a version ID it would share the label's files. */
export function isLabel(text: string): text is Label {
  return LABELS.includes(text);
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw refused(text, `"${part}" isn't percent-encoded UTF-8.`, "Write a percent sign as %25.");
  }
}

function refused(
  text: string,
  why: string,
  hint?: string,
  code: ErrorCode = "build_unknown_specifier",
): ConfigurationError {
  return new ConfigurationError(`The import "${text}" can't be read. ${why}`, { code, hint });
}

/**
 * What an import means. The key is looked up once among the config's prompts: an entry's target is a name on the
 * platform, never another key. The query's pin overrides the entry's, and that one overrides the config's label.
 *
 * @throws ConfigurationError like {@link parseSpecifier}, and for a live import of a pinned version or of a mustache
 * prompt
 * @example resolveSpecifier("scope:greeting", options).ref // { name: "greeting-template", pin: … }
 */
export function resolveSpecifier(specifier: string, options: ResolvedOptions): ResolvedImport {
  const { key, pin, live } = parseSpecifier(specifier);
  const entry = options.prompts.get(key);
  const standard: Pin = entry?.pin ?? { kind: "label", label: options.label };
  const chosen = pin ?? standard;
  const syntax = entry?.syntax ?? options.syntax;
  if (live && chosen.kind === "version") {
    throw refused(
      specifier,
      `The config pins "${key}" to a version, which never changes.`,
      "Leave out live, or add a label to the import.",
    );
  }
  if (live && syntax === "mustache") {
    throw refused(specifier, "A live prompt can't be in mustache syntax.", "Leave out live.");
  }
  const isLive = live || (entry?.live === true && chosen.kind === "label");
  const isStandard = chosen.kind === standard.kind && pinText(chosen) === pinText(standard);
  return Object.freeze({
    specifier: formatSpecifier(key, isStandard ? undefined : chosen, isLive && entry?.live !== true),
    key,
    ref: { name: entry?.name ?? key, pin: chosen },
    syntax,
    live: isLive,
    variables: entry?.variables ?? {},
    provides: entry?.provides ?? [],
    clientBundle: entry?.clientBundle ?? options.clientBundle,
    budget: entry?.budget ?? options.budget,
    metadata: entry?.metadata ?? options.metadata,
  });
}

/**
 * The specifier of a key, a pin and liveness, as this package writes it.
 *
 * @example formatSpecifier("50% off?", undefined, false) // "scope:50%25%20off%3F"
 */
export function formatSpecifier(key: string, pin: Pin | undefined, live: boolean): string {
  const query: string[] = [];
  if (pin?.kind === "label") query.push(`label=${pin.label}`);
  if (pin?.kind === "version") query.push(`version=${encode(pin.versionId)}`);
  if (live) query.push("live");
  return `${SCHEME}${encode(key)}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** Encodes what would end a specifier, a string or a line early; everything else stays readable. */
function encode(text: string): string {
  return text.replace(/[\s\p{Cc}"#%&'*<>?\\^`{|}]/gu, (char) =>
    char === "'" ? "%27" : char === "*" ? "%2A" : encodeURIComponent(char),
  );
}
