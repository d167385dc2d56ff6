import type { PromptContent } from "../../prompt.ts";
import type { LiveVersion } from "../live-types.ts";
import { splitTemplate } from "./split-template.ts";

type Values = Readonly<Record<string, unknown>> | undefined;

/** The functions of the helper module that a prompt's compiled `render` uses; an adopted one uses the same. */
export interface RenderHelpers {
  missing?(render: (values: Values) => unknown, values: unknown, name: string): unknown;
  own?(values: Values, name: string): unknown;
  onlyOwn?(values: Values): unknown;
}

/**
 * `render` of a version that was not compiled: the same results and the same errors as the compiled code for that
 * version would give. One pass over the parsed template.
 */
export function renderOf(
  content: PromptContent,
  prompt: string,
  helpers: RenderHelpers,
): LiveVersion["render"] {
  const { missing, own, onlyOwn } = helpers;
  const renderText = (template: string) => {
    const parts = splitTemplate(template);
    return (values: Values): string => {
      let text = parts[0] as string;
      for (let i = 1; i < parts.length; i += 2) {
        const name = parts[i] as string;
        // A name that every object inherits counts only as an own property; the compiled code has the helper then.
        const value = own && name in Object.prototype ? own(values, name) : values?.[name];
        text += `${value ?? missing?.(render, onlyOwn ? onlyOwn(values) : values, prompt)}${parts[i + 1]}`;
      }
      return text;
    };
  };
  let render: LiveVersion["render"];
  if (typeof content === "string") render = renderText(content);
  else {
    const messages = content.map((message) => ({ role: message.role, text: renderText(message.content) }));
    render = (values) => messages.map(({ role, text }) => ({ role, content: text(values) }));
  }
  return render;
}
