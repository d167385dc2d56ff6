/**
 * A template's text as it is given to the parser. A partial's has a mark before every line: what is left of the marks
 * tells where lines begin once the lines of standalone tags are gone, as an indentation would.
 */
export class MarkedText {
  /** With the marks. */
  readonly text: string;
  /** White space that is nowhere in the original; empty for a text without marks. */
  readonly mark: string;
  /** Where the marks are, from the start on. */
  readonly #marks: readonly number[];

  constructor(original: string, { isMarked }: { readonly isMarked: boolean }) {
    this.mark = isMarked ? unusedSpace(original) : "";
    this.text = isMarked ? original.replace(/(^|\n)(?=[^\r\n])/g, `$1${this.mark}`) : original;
    this.#marks = isMarked ? indexesOf(this.text, this.mark) : [];
  }

  /** The place in the original of one in the marked text. */
  placeOf(start: number, end: number): { readonly index: number; readonly length: number } {
    const index = this.#unmarkedIndex(start);
    return { index, length: this.#unmarkedIndex(end) - index };
  }

  /** A piece of the marked text without its marks. */
  unmarked(text: string): string {
    return this.mark === "" ? text : text.replaceAll(this.mark, "");
  }

  #unmarkedIndex(index: number): number {
    let [from, to] = [0, this.#marks.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#marks[middle] as number) < index) from = middle + 1;
      else to = middle;
    }
    return index - from * this.mark.length;
  }
}

/** A run of rare white space that the text does not hold; one that is long enough always exists. */
function unusedSpace(text: string): string {
  let mark = "\u1680";
  while (text.includes(mark)) mark += "\u2000";
  return mark;
}

function indexesOf(text: string, mark: string): readonly number[] {
  const indexes: number[] = [];
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) indexes.push(at);
  return indexes;
}
