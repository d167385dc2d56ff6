import type { Pin } from "../../prompt.ts";

/** A pin as `--json` prints it. */
export function pinJson(pin: Pin): { readonly label: string } | { readonly version: string } {
  return pin.kind === "label" ? { label: pin.label } : { version: pin.versionId };
}
