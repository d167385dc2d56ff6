import { printable, printableLine } from "../errors/printable.ts";
import type { FetchPolicy } from "../project/config/types.ts";
import type { Reporter } from "../project/reporter.ts";
import type { Decision } from "../project/versions/choose-version.ts";
import type { Source } from "../project/versions/source.ts";
import { refText } from "../prompt.ts";

/** A warning names this many prompts, and gives the number of the others. */
const SHOWN = 10;

/** What a run reports, each thing once: it ends once per compiler. */
export class RunReport {
  #reporter: Reporter;
  readonly #said = new Set<string>();
  /** The differences of the prompts that ship a version other than the committed one. */
  readonly #shipped = new Set<string>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** From now on writes to another compiler's log. */
  sayTo(reporter: Reporter): void {
    this.#reporter = reporter;
  }

  warn(text: string): void {
    const shown = printable(text);
    if (this.#isNew(shown)) this.#reporter.warn(shown);
  }

  /** How a fetched version differs from the committed one, in a line. */
  decision(decision: Decision | undefined): void {
    const difference = printableLine(decision?.difference ?? "");
    if (difference !== "" && this.#isNew(difference)) this.#reporter.info(difference);
    if (difference !== "" && decision?.use === "fetched") this.#shipped.add(difference);
    for (const warning of decision?.warnings ?? []) this.warn(printableLine(warning));
  }

  /** Names the mode of a build that ships versions other than the committed ones. */
  mode(fetch: FetchPolicy): void {
    const count = this.#shipped.size;
    if (count === 0) return;
    const prompts =
      count === 1 ? "1 prompt ships a different version" : `${count} prompts ship different versions`;
    const text = `Mode: fresh (fetch: "${fetch}"). ${prompts} than the committed one; SCOPE_FETCH=never builds what's committed.`;
    if (this.#isNew(text)) this.#reporter.info(text);
  }

  /** The prompts that kept their committed version because of an outage. */
  stale({ stale = [], outage }: Pick<Source, "stale" | "outage">): void {
    if (stale.length === 0) return;
    const why = outage instanceof Error ? ` (${printableLine(outage.message).replace(/\.$/, "")})` : "";
    const prompts = stale
      .map(({ ref, version }) => `  ${printableLine(refText(ref))}  version ${version.versionNumber}`)
      .sort();
    this.warn(
      `The Scope platform can't be reached${why}. These prompts are built from the committed snapshot and may be stale:\n${prompts.join("\n")}`,
    );
  }

  inBrowser(prompts: ReadonlySet<string>): void {
    const names = [...prompts]
      .map(printableLine)
      .filter((name) => this.#isNew(name))
      .sort();
    if (names.length === 0) return;
    const more = names.length - SHOWN;
    const shown = `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    this.warn(
      `The text of these prompts ends up in a browser bundle, where anybody can read it: ${shown}. If you want that, set clientBundle: "allow". If this bundle runs on a server, set target: "server".`,
    );
  }

  #isNew(text: string): boolean {
    if (this.#said.has(text)) return false;
    this.#said.add(text);
    return true;
  }
}
