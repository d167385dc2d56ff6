import { createHash } from "node:crypto";
import pMap from "p-map";
import type { FindBrokenCalls } from "../../commands/check/broken-calls.ts";
import { verdictOf } from "../../commands/check/check-project.ts";
import type { Verdict } from "../../commands/check/verdict.ts";
import type { ProjectComparison } from "../../commands/compare/compare-prompts.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import { listSources } from "../../project/discovery/list-sources.ts";
import type { Project } from "../../project/project.ts";
import { presentTypesFiles, typesPlace } from "../../project/types/types-place.ts";

/** What `check` says. Computed again only if one of its inputs has changed, since it may need the type checker. */
export class Verdicts {
  readonly #findBrokenCalls: FindBrokenCalls;
  #key: string | undefined;
  #verdict: Promise<Verdict> | undefined;

  constructor(findBrokenCalls: FindBrokenCalls) {
    this.#findBrokenCalls = findBrokenCalls;
  }

  /** @throws what a check throws */
  async of(project: Project, comparison: ProjectComparison): Promise<Verdict> {
    const key = await keyOf(project, comparison);
    if (this.#verdict === undefined || this.#key !== key) {
      this.#key = key;
      this.#verdict = verdictOf(project, comparison, {
        warn: () => {},
        findBrokenCalls: this.#findBrokenCalls,
      });
      // What somebody fixes may not be part of the key.
      this.#verdict.catch(() => {
        this.#verdict = undefined;
      });
    }
    return this.#verdict;
  }
}

async function keyOf({ options }: Project, { prompts, imports }: ProjectComparison): Promise<string> {
  const sources = await listSources(options);
  const types = await presentTypesFiles(typesPlace(options));
  const texts = await pMap([...types, ...sources], async (file) => [file, await readTextIfThere(file)], {
    concurrency: 16,
  });
  const compared = prompts.map(({ ref, committed, current, problem }) => [
    ref,
    committed,
    current,
    problem?.message,
  ]);
  const specifiers = imports.map(({ specifier }) => specifier);
  return createHash("sha256")
    .update(JSON.stringify([texts, compared, specifiers]))
    .digest("base64url");
}
