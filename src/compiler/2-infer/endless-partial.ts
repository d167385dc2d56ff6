import { ResourceError } from "../../errors/classes.ts";
import { whereOf } from "../diagnostic.ts";
import type { PromptSource } from "../prompt-source.ts";

/**
 * The error for a partial that includes itself without a section in between that ends when the data does.
 *
 * @param source the partial with the tag that leads back
 * @param included the partial that it leads back to
 * @param place the tag's
 */
export function endlessPartial(
  source: PromptSource,
  included: PromptSource,
  { index, length }: { readonly index: number; readonly length: number },
): ResourceError {
  // Only a text can be a partial.
  const text = source.version.content as string;
  return new ResourceError(
    `The partial ${included.ref.name} includes itself where nothing leads deeper into the data, so that its text would never end.`,
    {
      code: "template_partial_endless",
      where: whereOf(source, { text, index, length }),
      hint: "Put the tag into a section of a list or an object, {{#children}}{{> name}}{{/children}}, which ends where the data does, or remove it. {{#.}}, {{#items.length}} and the section of a name that the config narrows lead no deeper.",
    },
  );
}
