import { digestOf } from "../../files/digest.ts";
import { readIfSound } from "../../files/read-file.ts";

/** Types that were found to be right, as they are in the record. */
export interface TypesText {
  /** By absolute path, the digests of the files' texts. */
  readonly digests: Readonly<Record<string, string>>;
  /** By specifier, the file that declares it. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** The file with what all of them refer to, if there is one. */
  readonly shared?: string | undefined;
}

export const NO_TYPES: TypesText = { digests: {}, specifiers: {} };

/** The type files that were found to be right: those whose text hasn't changed since. */
export class RecordedTypes {
  readonly #digests: Map<string, string>;
  readonly #specifiers: Map<string, string>;
  #shared: string | undefined;
  /** Each is checked once. */
  readonly #isSame = new Map<string, boolean>();

  constructor({ digests, specifiers, shared }: TypesText) {
    this.#digests = new Map(Object.entries(digests));
    this.#specifiers = new Map(Object.entries(specifiers));
    this.#shared = shared;
  }

  isRight(specifier: string): boolean {
    const file = this.#specifiers.get(specifier);
    return file !== undefined && this.#hasFile(file) && (!this.#shared || this.#hasFile(this.#shared));
  }

  forget(specifier: string): void {
    this.#specifiers.delete(specifier);
  }

  /** As `BuildRecord.keepChecked`. */
  keep(
    files: ReadonlyMap<string, string>,
    shared: string | undefined,
    texts: ReadonlyMap<string, string>,
  ): void {
    for (const [file, text] of texts) {
      const digest = digestOf(text);
      if (this.#digests.get(file) !== digest) {
        for (const [specifier, other] of this.#specifiers) if (other === file) this.forget(specifier);
        this.#digests.set(file, digest);
      }
      this.#isSame.set(file, true);
    }
    for (const [specifier, file] of files) this.#specifiers.set(specifier, file);
    this.#shared = shared;
  }

  toText(): TypesText {
    return {
      digests: Object.fromEntries(this.#digests),
      specifiers: Object.fromEntries(this.#specifiers),
      shared: this.#shared,
    };
  }

  #hasFile(file: string): boolean {
    const known = this.#isSame.get(file);
    if (known !== undefined) return known;
    const digest = this.#digests.get(file);
    const isSame = digest !== undefined && readIfSound(file, digestOf) === digest;
    this.#isSame.set(file, isSame);
    return isSame;
  }
}
