/** A place in one of the map's sources; `source` is what `addSource` gave. Lines from 0. */
export interface MapTarget {
  readonly source: number;
  readonly line: number;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A source map (version 3) of a generated declaration file, built from top to bottom. */
export class DeclarationMap {
  readonly #file: string;
  readonly #sources = new Map<string, number>();
  readonly #lines: string[] = [];
  #lastSource = 0;
  #lastLine = 0;
  #lastColumn = 0;

  /** @param file name of the generated file */
  constructor(file: string) {
    this.#file = file;
  }

  /** Path relative to the generated file, with forward slashes. */
  addSource(path: string): number {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    this.#sources.set(path, this.#sources.size);
    return this.#sources.size - 1;
  }

  /** Maps a place of the generated file, from 0; places come in the order of the file. */
  add(line: number, column: number, target: MapTarget): void {
    if (line >= this.#lines.length) this.#lastColumn = 0;
    while (this.#lines.length <= line) this.#lines.push("");
    const segment = [
      column - this.#lastColumn,
      target.source - this.#lastSource,
      target.line - this.#lastLine,
      0,
    ];
    const text = segment.map(vlq).join("");
    this.#lines[line] += this.#lines[line] === "" ? text : `,${text}`;
    this.#lastColumn = column;
    this.#lastSource = target.source;
    this.#lastLine = target.line;
  }

  toString(): string {
    const map = {
      version: 3,
      file: this.#file,
      sources: [...this.#sources.keys()],
      names: [],
      mappings: this.#lines.join(";"),
    };
    return `${JSON.stringify(map)}\n`;
  }
}

/** A number in the map format's own digits: five bits each, the sign in the lowest. */
function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += BASE64[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
