/** How many of something a message lists. */
export const MAX_SHOWN = 10;
const MAX_CHARACTERS = 2000;

/** A path as code would write it: `$.items[0].city`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, name) => {
    if (typeof name === "number") return `${text}[${name}]`;
    const key = cut(name);
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, "$");
}

/** Names come from the model: they must not steer a terminal, nor be obeyed by a log. */
export function shownName(text: string): string {
  return cut(text)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd")
    .replace(/##([a-z]*\[)/gi, "## $1");
}

export function cut(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
