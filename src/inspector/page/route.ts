export const VIEWS = [
  { id: "text", title: "Text" },
  { id: "try", title: "Try it" },
  { id: "difference", title: "Difference" },
  { id: "calls", title: "Call sites" },
] as const;

export type View = (typeof VIEWS)[number]["id"];

/** What the address points at. */
export type PageRoute = { readonly page: "prompts" } | { readonly page: "health" } | PromptRoute;

export interface PromptRoute {
  readonly page: "prompt";
  readonly specifier: string;
  readonly view: View;
  /** The label that the calls are compared with; empty: what the pin serves. */
  readonly label: string;
}

/** @example parseRoute("#/prompt/scope%3Awelcome/try") */
export function parseRoute(hash: string): PageRoute {
  const [page, specifier, view, label = ""] = hash.replace(/^#\/?/, "").split("/").map(decode);
  if (page === "health") return { page };
  if (page !== "prompt" || !specifier) return { page: "prompts" };
  return { page, specifier, view: VIEWS.find(({ id }) => id === view)?.id ?? "text", label };
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
