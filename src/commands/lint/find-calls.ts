import { shortPath } from "../../errors/format-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { withMarkup } from "../../project/discovery/component-scripts.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { readSource } from "../../project/discovery/list-sources.ts";
import type { RenderCall } from "../../review/lint/read-prompt.ts";
import { findCalls, parseCode } from "../analysis/find-calls.ts";

/**
 * Finds the calls of prompts in a project's code, which is read and parsed once for all of them.
 *
 * @returns what finds every call of one prompt by where it's imported; undefined if there can be others
 */
export function callFinder({
  root,
}: Pick<ResolvedOptions, "root">): (uses: readonly ScopeUse[]) => Promise<readonly RenderCall[] | undefined> {
  const scripts = new Map<string, ReturnType<typeof readScript>>();
  return async (uses) => {
    const calls: RenderCall[] = [];
    for (const file of new Set(uses.map((use) => use.file))) {
      const reading = scripts.get(file) ?? readScript(file);
      scripts.set(file, reading);
      const script = await reading;
      const places = uses.filter((use) => use.file === file);
      const found = script && findCalls(script, places);
      if (!found?.isComplete) return undefined;
      const path = shortPath(file, root);
      calls.push(...found.calls.map(({ line, constants }) => ({ file: path, line, constants })));
    }
    return calls;
  };
}

/** A file's code; undefined if something outside of it can call what it imports. */
async function readScript(file: string): Promise<ReturnType<typeof parseCode>> {
  const text = (await readSource(file))?.toString("utf8");
  if (text === undefined || (await withMarkup([file])).length > 0) return undefined;
  return parseCode(file, text);
}
