import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * What the official Python SDK answered when it was last run, one JSON value a line, so that a change shows in
 * review. To record it again: `SCOPE_PYTHON_SDK=<folder> SCOPE_RECORD=1 npx vitest run test/python`.
 */
export class Recording<T> {
  readonly #file: string;

  /** @param name of the file under `recorded/` */
  constructor(name: string) {
    this.#file = fileURLToPath(new URL(`recorded/${name}.jsonl`, import.meta.url));
  }

  read(): T[] {
    return readFileSync(this.#file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as T);
  }

  /** Writes when recording was asked for, and leaves the file alone otherwise. */
  writeIfAsked(lines: readonly T[]): void {
    if (process.env.SCOPE_RECORD !== "1") return;
    writeFileSync(this.#file, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  }
}
