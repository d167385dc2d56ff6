import { show } from "../../../client/connection/check-connection-value.ts";
import { ScopeErrors } from "../../../errors/scope-errors.ts";
import { isObject } from "../../../prompt.ts";
import type { Options } from "../options.ts";
import { everyOption } from "./options-schema.ts";
import { Problems } from "./problems.ts";

/**
 * Checks everything that a user wrote: every unknown key, wrong type and value outside its limits.
 *
 * @param file the file it was written in; undefined for the plugin's options
 * @throws ConfigurationError for one problem, ScopeErrors for several; each names key, file and nearest right name
 */
export function validateOptions(value: unknown, file: string | undefined): Options {
  const problems = new Problems(file);
  if (isObject(value)) {
    const { $schema: _, ...withoutSchema } = value;
    everyOption("", file?.endsWith(".json") ? withoutSchema : value, problems);
  } else if (file === undefined) {
    problems.add(`The plugin's options must be an object, but are ${show(value)}.`);
  } else
    problems.wrong(
      "The config",
      "an object",
      value,
      "Export it as default: export default defineConfig({ … })",
    );
  const [first, ...others] = problems.errors;
  if (first === undefined) return value as Options;
  if (others.length === 0) throw first;
  throw new ScopeErrors(`${problems.errors.length} options can't be used.`, {
    code: "several_errors",
    errors: problems.errors,
  });
}
