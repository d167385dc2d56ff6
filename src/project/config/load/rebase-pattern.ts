import { relative, sep } from "node:path";

/** A glob pattern relative to `from` as one relative to `to`; a leading `!` and absolute patterns are kept. */
export function rebasePattern(pattern: string, from: string, to: string): string {
  const [, not = "", body = ""] = /^(!?)(.*)$/s.exec(pattern) ?? [];
  const prefix = relative(to, from).split(sep).join("/");
  if (prefix === "" || body.startsWith("/") || /^[a-z]:/i.test(body)) return pattern;
  return `${not}${escapeGlob(prefix)}/${body.replace(/^\.\//, "")}`;
}

/** Folder names can contain characters that mean something in a pattern, like `[id]` and `(group)`. */
function escapeGlob(path: string): string {
  return path.replace(/[()[\]{}*?!+@\\]/g, "\\$&");
}
