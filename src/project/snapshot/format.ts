import { createHash } from "node:crypto";
import { ValidationError } from "../../errors/classes.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { isScopeError, type Where } from "../../errors/scope-error.ts";
import { prettyStableJson, stableJson } from "../../files/stable-json.ts";
import {
  type ChatMessage,
  isObject,
  isTooDeep,
  type JsonObject,
  type PromptRef,
  type PromptVersionData,
  pinText,
} from "../../prompt.ts";

/** Raised when the file's shape changes; a file of a newer format is refused, we never guess. */
const FORMAT_VERSION = 1;

/** One committed prompt version: what was requested, where, and what came back. */
export interface SnapshotEntry {
  readonly ref: PromptRef;
  /** The platform environment that it was fetched from. */
  readonly environment: string;
  /** Times are never kept (the same version must give the same bytes): both are empty here. */
  readonly version: PromptVersionData;
}

/**
 * The text of a snapshot file. Its own keys are sorted, those of the metadata are in the platform's order, template
 * text is an array of lines (joined by `\n` it's the exact text, `\r` kept), and `integrity` covers everything else.
 */
export function formatSnapshot({ ref, environment, version }: SnapshotEntry): string {
  const data = {
    formatVersion: FORMAT_VERSION,
    name: ref.name,
    [ref.pin.kind]: pinText(ref.pin),
    environment,
    promptId: version.promptId,
    versionId: version.id,
    versionNumber: version.versionNumber,
    status: version.status,
    type: version.type,
    variables: version.declaredVariables,
    metadata: version.metadata,
    content:
      typeof version.content === "string"
        ? version.content.split("\n")
        : version.content.map(({ role, content }) => ({ role, content: content.split("\n") })),
  };
  return `${prettyStableJson({ ...data, integrity: integrityOf(data) }, IN_ORDER)}\n`;
}

/** Would a version be committed, byte for byte, as what is committed now? False if there's only one of them. */
export function isSameFile(
  ref: PromptRef,
  committed: PromptVersionData | undefined,
  version: PromptVersionData | undefined,
): boolean {
  if (committed === undefined || version === undefined) return false;
  if (version.renamedTo !== undefined || version.declaredType !== undefined) return false;
  const [before, now] = [committed, version].map((one) =>
    formatSnapshot({ ref, environment: "", version: one }),
  );
  return before === now;
}

/** What keeps the platform's order of keys, at every depth: models follow the order of a schema. */
const IN_ORDER = ["metadata"];

/** Over the file's JSON without `integrity` and white space. */
function integrityOf(data: Readonly<Record<string, unknown>>): string {
  const { integrity: _, ...rest } = data;
  return `sha256-${createHash("sha256").update(stableJson(rest, IN_ORDER), "utf8").digest("base64")}`;
}

/**
 * Reads a snapshot file's text back.
 *
 * @throws ValidationError `snapshot_damaged` (not JSON, or not of this shape), `snapshot_integrity` (edited by hand or
 * badly merged), `snapshot_format_newer`; `where.file` is `file`.
 */
export function parseSnapshot(text: string, file: string): SnapshotEntry {
  let where: Where = { file };
  const refused = (code: ErrorCode, message: string, hint = REPAIR, cause?: unknown) =>
    new ValidationError(message, { code, where, hint, cause });
  const damaged = (what: string, cause?: unknown, hint = REPAIR) =>
    refused("snapshot_damaged", `This snapshot file is damaged: ${what}.`, hint, cause);
  // Writing it again for its integrity would overflow the stack.
  if (isTooDeep(text)) throw damaged("it's nested too deep");
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    if (/^[<=>]{7}/m.test(text))
      throw damaged(
        CONFLICT,
        error,
        `Run: scope-gen pull\nWithout credentials, keep one side:\n  git checkout --theirs -- "${file}"\n  scope-gen types`,
      );
    throw damaged("it isn't JSON", error);
  }
  if (!isObject(data)) throw damaged("it isn't a JSON object");
  if (typeof data.formatVersion === "number" && data.formatVersion > FORMAT_VERSION) {
    throw refused(
      "snapshot_format_newer",
      `This snapshot file has format ${data.formatVersion}; this version reads ${FORMAT_VERSION}.`,
      "Update unplugin-scope to the version that wrote it.",
    );
  }
  if (data.integrity !== integrityOf(data)) {
    if (typeof data.name === "string") where = { file, prompt: data.name };
    throw refused(
      "snapshot_integrity",
      "This snapshot file doesn't match its integrity: it was edited by hand or merged badly.",
    );
  }
  const entry = fromFileData(data);
  if (typeof entry === "string") throw damaged(`"${entry}" is missing or has the wrong type`);
  return entry;
}

/** {@link parseSnapshot}, but undefined for a damaged file. */
export function parseIfSound(text: string, file: string): SnapshotEntry | undefined {
  try {
    return parseSnapshot(text, file);
  } catch (error) {
    if (isScopeError(error)) return undefined;
    throw error;
  }
}

const REPAIR = "Restore it from version control, or fetch it again with: scope-gen pull";

const CONFLICT = "it contains the marks of a merge conflict";

/** Whether reading a snapshot file failed because a merge left its marks in it. */
export function isMergeConflict(error: unknown): boolean {
  return isScopeError(error, "snapshot_damaged") && error.message.includes(CONFLICT);
}

/** The entry, or the name of the first invalid field. */
function fromFileData(data: Record<string, unknown>): SnapshotEntry | string {
  const text = (key: string) => (typeof data[key] === "string" ? data[key] : undefined);
  const name = text("name");
  if (name === undefined) return "name";
  const label = text("label");
  const versionPin = text("version");
  if (label !== "production" && label !== "latest" && versionPin === undefined) return "label";
  for (const key of ["environment", "promptId", "versionId"]) if (text(key) === undefined) return key;
  if (typeof data.versionNumber !== "number") return "versionNumber";
  const { status, type, variables, metadata } = data;
  if (status !== "draft" && status !== "published" && status !== "archived") return "status";
  if (type !== "text" && type !== "chat") return "type";
  if (variables !== null && !isStringArray(variables)) return "variables";
  if (!isObject(metadata)) return "metadata";
  const content = contentOf(type, data.content);
  if (content === undefined) return "content";
  return {
    ref: {
      name,
      pin:
        label === "production" || label === "latest"
          ? { kind: "label", label }
          : { kind: "version", versionId: versionPin as string, versionNumber: data.versionNumber },
    },
    environment: text("environment") as string,
    version: {
      id: text("versionId") as string,
      promptId: text("promptId") as string,
      versionNumber: data.versionNumber,
      type,
      status,
      isProduction: label === "production",
      content,
      declaredVariables: variables,
      metadata: metadata as JsonObject,
      createdAt: "",
      updatedAt: "",
    },
  };
}

function contentOf(type: "text" | "chat", value: unknown): string | readonly ChatMessage[] | undefined {
  if (type === "text") return isStringArray(value) ? value.join("\n") : undefined;
  if (!Array.isArray(value)) return undefined;
  const messages: ChatMessage[] = [];
  for (const item of value) {
    if (!isObject(item) || typeof item.role !== "string" || !isStringArray(item.content)) return undefined;
    messages.push({ role: item.role, content: item.content.join("\n") });
  }
  return messages;
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
