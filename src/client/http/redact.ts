/**
 * A text without a request's secrets: a server may send back what it was sent. Call it before the text is cut: a piece
 * of a secret isn't found any more.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const given = secrets.filter((secret) => secret !== "");
  // Each as it is, and as it appears in an address. The longest come first, as one can contain another.
  const shown = given
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    .sort((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, "[REDACTED]"), text);
  const plain = unescaped(shown);
  return given.some((secret) => plain.includes(unescaped(secret))) ? "[REDACTED]" : shown;
}

/**
 * Removes JSON's escapes: servers write them in different ways (`\/`, `\u002B`), and put one JSON text into another.
 */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4}))?/gi, (_, code) =>
    code ? String.fromCharCode(Number(`0x${code}`)) : "",
  );
}
