export const VIEWS = [
  { id: "text", title: "Text" },
  { id: "try", title: "Try it" },
  { id: "difference", title: "Difference" },
  { id: "calls", title: "Call sites" },
] as const;

export type View = (typeof VIEWS)[number]["id"];

/** What the address points at: `#/prompt/scope%3Awelcome/try`. */
export function parseRoute(hash: string) {
  const [page, specifier = "", view, label = ""] = hash.replace(/^#\/?/, "").split("/").map(decode);
  const isPrompt = page === "prompt" && specifier !== "";
  return {
    page: isPrompt ? ("prompt" as const) : page === "health" ? page : "prompts",
    specifier: isPrompt ? specifier : "",
    view: VIEWS.find(({ id }) => id === view)?.id ?? "text",
    /** The label that the calls are compared with; empty: what the pin serves. */
    label,
  };
}

/** The address of one view of a prompt. */
export function promptLink(specifier: string, view: View, label = ""): string {
  return `#/prompt/${encodeURIComponent(specifier)}/${view}${label && `/${label}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
