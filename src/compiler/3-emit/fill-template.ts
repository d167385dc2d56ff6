import mustache from "mustache";

// Our own writer: the package's shared one keeps every template that it has seen.
const writer = new mustache.Writer();
const config = { escape: String };

/** Fills one of the outlines in `templates/`. Values are code, and are inserted as they are. */
export function fillTemplate(template: string, view: Readonly<Record<string, unknown>>): string {
  return writer.render(template, view, undefined, config);
}
