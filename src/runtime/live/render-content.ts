import { mapRole, type PromptContent, type Roles } from "../../prompt.ts";
import { parseScope } from "../../template/parse-scope.ts";
import type { LiveVersion } from "../live-types.ts";

type Values = Readonly<Record<string, unknown>> | undefined;

/** The functions of the helper module that a prompt's compiled `render` uses; an adopted version uses the same ones. */
export interface RenderHelpers {
  missing?(render: (values: Values) => unknown, values: unknown, name: string): unknown;
  own?(values: Values, name: string): unknown;
  onlyOwn?(values: Values): unknown;
}

/**
 * `render` of a version that wasn't compiled: gives the same results and errors as compiled code for that version
 * would. One pass over the parsed template.
 */
export function renderOf(
  content: PromptContent,
  prompt: string,
  helpers: RenderHelpers,
  roles: Roles,
): LiveVersion["render"] {
  const { missing, own, onlyOwn } = helpers;
  const renderText = (template: string) => {
    const parts = parseScope(template);
    return (values: Values): string => {
      let text = "";
      for (const part of parts) {
        if (part.kind === "text") text += part.text;
        else {
          const { name } = part;
          // A name that every object inherits only counts as an own property; the compiled code has the helper in that
          // case.
          const value = own && name in Object.prototype ? own(values, name) : values?.[name];
          text += `${value ?? missing?.(render, onlyOwn ? onlyOwn(values) : values, prompt)}`;
        }
      }
      return text;
    };
  };
  let render: LiveVersion["render"];
  if (typeof content === "string") render = renderText(content);
  else {
    const messages = content.map((message) => ({
      role: mapRole(message.role, roles),
      text: renderText(message.content),
    }));
    render = (values) => messages.map(({ role, text }) => ({ role, content: text(values) }));
  }
  return render;
}
