/** A name as it may be printed anywhere: whoever edits a prompt chooses it, and must not steer a terminal or a log by it. */
export function quoted(name: string): string {
  return JSON.stringify(name).replace(
    /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
