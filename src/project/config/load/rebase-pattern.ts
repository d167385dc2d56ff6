import { relative, sep } from "node:path";

/** A glob pattern relative to `from` as one relative to `to`; a leading `!` and absolute patterns are kept. */
export function rebasePattern(pattern: string, from: string, to: string): string {
  const [, not = "", body = ""] = /^(!?)(.*)$/s.exec(pattern) ?? [];
  const prefix = pathPattern(to, from);
  if (prefix === "" || body.startsWith("/") || /^[a-z]:/i.test(body)) return pattern;
  return `${not}${prefix}/${body.replace(/^\.\//, "")}`;
}

/**
 * The pattern that is a path, relative to `from`: names can contain characters that mean something in a pattern, like
 * `[id]` and `(group)`.
 */
export function pathPattern(from: string, path: string): string {
  return relative(from, path)
    .split(sep)
    .join("/")
    .replace(/[()[\]{}*?!+@\\]/g, "\\$&");
}
