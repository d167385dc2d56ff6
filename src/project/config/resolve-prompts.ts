import { ConfigurationError } from "../../errors/classes.ts";
import type { Pin } from "../../prompt.ts";
import type { Options, PromptOptions } from "./options.ts";
import type { ResolvedPromptEntry } from "./types.ts";

/**
 * `prompts` with every default filled in, by key.
 *
 * @param file where `prompts` was written, for error messages
 * @throws ConfigurationError for a live prompt in mustache syntax
 */
export function resolvePrompts(
  options: Options,
  file: string | undefined,
): ReadonlyMap<string, ResolvedPromptEntry> {
  const { prompts = [] } = options;
  const written: readonly (readonly [string, PromptOptions])[] = Array.isArray(prompts)
    ? prompts.map((name: string) => [name, {}] as const)
    : Object.entries(prompts as Readonly<Record<string, PromptOptions>>);
  return new Map(
    written.map(([key, entry]) => {
      const resolved: ResolvedPromptEntry = {
        key,
        name: entry.prompt ?? key,
        pin: pinOf(entry, options),
        syntax: entry.syntax ?? options.syntax ?? "scope",
        live: entry.live ?? false,
        variables: entry.variables ?? {},
        clientBundle: entry.clientBundle ?? options.clientBundle ?? "warn",
        budget: entry.budget === false ? {} : { ...options.budget, ...entry.budget },
      };
      if (resolved.live && resolved.syntax === "mustache") {
        throw new ConfigurationError(
          `The prompt "${key}" is live and in mustache syntax, and those can't be used together.`,
          {
            code: "config_invalid",
            hint: 'Leave out live, or write the prompt in the syntax "scope".',
            where: file === undefined ? undefined : { file },
          },
        );
      }
      return [key, Object.freeze(resolved)] as const;
    }),
  );
}

function pinOf(entry: PromptOptions, options: Options): Pin {
  return entry.version === undefined
    ? { kind: "label", label: entry.label ?? options.label ?? "production" }
    : { kind: "version", versionId: entry.version };
}
