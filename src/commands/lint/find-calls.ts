import { shortPath } from "../../errors/format-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { withMarkup } from "../../project/discovery/component-scripts.ts";
import type { ScopeUse } from "../../project/discovery/find-uses.ts";
import { readSource } from "../../project/discovery/list-sources.ts";
import type { RenderCall } from "../../review/lint/read-prompt.ts";
import { findCalls, parseCode } from "../analysis/find-calls.ts";

type Script = ReturnType<typeof parseCode>;

/** Finds the calls of prompts in a project's code. Each file is read and parsed once. */
export class CallFinder {
  readonly #options: ResolvedOptions;
  readonly #scripts = new Map<string, Promise<Script>>();

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  /**
   * Every call of one prompt; undefined if there can be others.
   *
   * @param uses where the prompt is imported
   */
  async callsOf(uses: readonly ScopeUse[]): Promise<readonly RenderCall[] | undefined> {
    const calls: RenderCall[] = [];
    for (const file of new Set(uses.map((use) => use.file))) {
      const script = await this.#scriptOf(file);
      const places = uses.filter((use) => use.file === file);
      const found = script && findCalls(script, places);
      if (!found?.isComplete) return undefined;
      const path = shortPath(file, this.#options.root);
      calls.push(...found.calls.map(({ line, constants }) => ({ file: path, line, constants })));
    }
    return calls;
  }

  #scriptOf(file: string): Promise<Script> {
    const script = this.#scripts.get(file) ?? readScript(file);
    this.#scripts.set(file, script);
    return script;
  }
}

/** A file's code; undefined if something outside of it can call what it imports. */
async function readScript(file: string): Promise<Script> {
  const text = (await readSource(file))?.toString("utf8");
  if (text === undefined || (await withMarkup([file])).length > 0) return undefined;
  return parseCode(file, text);
}
