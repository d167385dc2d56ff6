import { SourceMap, type SourceMapPayload } from "node:module";
import type { ErrorPayload, ViteDevServer } from "vite";
import { shortPath } from "../../errors/format-error.ts";
import { printable } from "../../errors/printable.ts";
import { formOf, moduleAt } from "./dev-boundaries.ts";

/** Longer than any message or stack of ours. The rest comes from somebody else. */
const MAX_LENGTH = 10_000;

/**
 * The overlay for an uncaught call in a page that lacks a variable: without the overlay the page may just be blank.
 * Undefined if the message doesn't have that form: anything can arrive over a page's socket.
 */
export function overlayOfUncaught(server: ViteDevServer, message: unknown): ErrorPayload | undefined {
  const { message: text, stack } = (message ?? {}) as { message?: unknown; stack?: unknown };
  if (typeof text !== "string" || typeof stack !== "string") return undefined;
  const call = findCall(server, stack.slice(0, MAX_LENGTH));
  const shown = printable(text.slice(0, MAX_LENGTH)) + (call === undefined ? "" : `\n\n  called in ${call}`);
  return { type: "error", err: { message: shown, stack: "", plugin: "unplugin-scope" } };
}

/** The place of the call, as `src/main.ts:3:7`: the first frame in a module that isn't ours. */
function findCall(server: ViteDevServer, stack: string): string | undefined {
  for (const { path, line, column } of framesOf(stack)) {
    const module = moduleAt(server, path);
    if (module?.file == null || formOf(module.file) !== undefined || module.file.includes("/.scope/"))
      continue;
    const place = original(module.transformResult?.map, line, column);
    return `${shortPath(module.file, server.config.root)}:${place.line}:${place.column}`;
  }
  return undefined;
}

/** The frames of a browser's stack, which end in `http://host/path?query:line:column`. */
function* framesOf(stack: string): Generator<{ path: string; line: number; column: number }> {
  for (const frame of stack.split("\n")) {
    const start = frame.indexOf("http");
    const parts = frame.slice(start).replace(")", "").split(":");
    const [line, column] = parts.splice(-2).map(Number);
    const url = parts.join(":");
    if (start !== -1 && line && column && URL.canParse(url))
      yield { path: new URL(url).pathname, line, column };
  }
}

/** Lines and columns start at 1. A file without a map is its own source. */
function original(map: unknown, line: number, column: number): { line: number; column: number } {
  const { mappings } = (map ?? {}) as Partial<SourceMapPayload>;
  if (typeof mappings !== "string" || mappings === "") return { line, column };
  const entry = new SourceMap(map as SourceMapPayload).findEntry(line - 1, column - 1);
  return "originalLine" in entry
    ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
    : { line, column };
}
