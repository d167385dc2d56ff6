export const VIEWS = [
  { id: "text", title: "Text" },
  { id: "try", title: "Try it" },
  { id: "difference", title: "Difference" },
  { id: "calls", title: "Call sites" },
] as const;

export type View = (typeof VIEWS)[number]["id"];

/** What the address points at: `#/prompt/scope%3Awelcome/difference/snapshot/latest`. */
export function parseRoute(hash: string) {
  const [page, specifier = "", view, ...sides] = hash.replace(/^#\/?/, "").split("/").map(decode);
  const isPrompt = page === "prompt" && specifier !== "";
  return {
    page: isPrompt ? ("prompt" as const) : page === "health" ? page : "prompts",
    specifier: isPrompt ? specifier : "",
    view: VIEWS.find(({ id }) => id === view)?.id ?? "text",
    /** The versions that were chosen in the view, in the order of its fields; empty for what it shows by itself. */
    sides,
  };
}

/** The address of one view of a prompt. */
export function promptLink(specifier: string, view: View, ...sides: readonly string[]): string {
  return `#/prompt/${[specifier, view, ...sides].map(encodeURIComponent).join("/")}`;
}

/** Puts the versions that are chosen in a view into the address, which can then be reloaded or sent to a colleague. */
export function goTo(...place: Parameters<typeof promptLink>): void {
  location.replace(promptLink(...place));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
