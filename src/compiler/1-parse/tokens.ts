import type { Tag } from "./read-tags.ts";

/** A part of a template; for a section, with what is inside it. */
export type Token =
  | { readonly kind: "text"; readonly start: number; readonly end: number; isDropped: boolean }
  /** The start of a line that isn't empty. */
  | { readonly kind: "line-start"; isDropped: boolean }
  | { readonly kind: "tag"; readonly tag: Tag; readonly inside: Token[] };

/**
 * The text of a template between its tags, with nested sections. White space around a tag that is alone on its line is
 * dropped, if the tag itself produces no text.
 *
 * @param tags in order, each section closed
 */
export function tokensOf(text: string, tags: readonly Tag[], marksLines: boolean): readonly Token[] {
  const reader = new TokenReader(text, marksLines);
  let at = 0;
  for (const tag of tags) {
    reader.addText(at, tag.index);
    reader.addTag(tag);
    at = tag.index + tag.length;
  }
  reader.addText(at, text.length);
  reader.endLine();
  return reader.tokens;
}

class TokenReader {
  readonly tokens: Token[] = [];
  readonly #text: string;
  readonly #marksLines: boolean;
  /** The lists of the enclosing sections, the innermost last. */
  readonly #lists: Token[][] = [this.tokens];
  /** What the current line holds besides tags. */
  #line: Exclude<Token, { kind: "tag" }>[] = [];
  #hasTag = false;
  #hasContent = false;

  constructor(text: string, marksLines: boolean) {
    this.#text = text;
    this.#marksLines = marksLines;
  }

  addText(start: number, end: number): void {
    const piece = this.#text.slice(start, end);
    const first = piece.indexOf("\n") + 1;
    if (first === 0) {
      this.#addToLine(start, end, piece);
      return;
    }
    this.#addToLine(start, start + first, piece.slice(0, first));
    this.endLine();
    const last = piece.lastIndexOf("\n") + 1;
    this.#addLines(start + first, start + last);
    this.#addToLine(start + last, end, piece.slice(last));
  }

  addTag(tag: Tag): void {
    this.#hasTag = true;
    if (tag.sign === "/") {
      this.#lists.pop();
      return;
    }
    if (["", "{", "&"].includes(tag.sign)) this.#hasContent = true;
    const inside: Token[] = [];
    this.#list.push({ kind: "tag", tag, inside });
    if (tag.sign === "#" || tag.sign === "^") this.#lists.push(inside);
  }

  endLine(): void {
    if (this.#hasTag && !this.#hasContent) for (const token of this.#line) token.isDropped = true;
    this.#line = [];
    this.#hasTag = false;
    this.#hasContent = false;
  }

  get #list(): Token[] {
    return this.#lists.at(-1) as Token[];
  }

  #addToLine(start: number, end: number, piece: string): void {
    this.#markLine(start, this.#line);
    if (start === end) return;
    if (/\S/.test(piece)) this.#hasContent = true;
    const token: Token = { kind: "text", start, end, isDropped: false };
    this.#line.push(token);
    this.#list.push(token);
  }

  /** Whole lines without a tag. */
  #addLines(start: number, end: number): void {
    for (let at = start; at < end; ) {
      this.#markLine(at, []);
      const lineEnd = this.#marksLines ? this.#text.indexOf("\n", at) + 1 : end;
      this.#list.push({ kind: "text", start: at, end: lineEnd, isDropped: false });
      at = lineEnd;
    }
  }

  #markLine(at: number, line: Token[]): void {
    if (!this.#marksLines || /^[\r\n]?$/.test(this.#text[at] ?? "")) return;
    if (at > 0 && this.#text[at - 1] !== "\n") return;
    const token: Token = { kind: "line-start", isDropped: false };
    line.push(token);
    this.#list.push(token);
  }
}
