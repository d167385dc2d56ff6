/** A value of JSON with comments and trailing commas, with its place in the text. */
export type JsoncNode =
  | {
      readonly kind: "object";
      readonly start: number;
      readonly end: number;
      readonly members: readonly JsoncMember[];
    }
  | {
      readonly kind: "array";
      readonly start: number;
      readonly end: number;
      readonly items: readonly JsoncNode[];
    }
  | { readonly kind: "scalar"; readonly start: number; readonly end: number; readonly value: JsoncScalar };

type JsoncScalar = string | number | boolean | null;

interface JsoncMember {
  readonly key: string;
  readonly value: JsoncNode;
}

/**
 * Reads JSON as tsconfig files and editors' settings are written: comments and trailing commas are allowed.
 * Undefined for a text that is none.
 */
export function parseJsonc(text: string): JsoncNode | undefined {
  const reader = new Reader(text);
  try {
    const node = reader.value();
    reader.skip();
    return reader.at === text.length ? node : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A member of an object; undefined when it is none or has no such member. */
export function memberOf(node: JsoncNode | undefined, key: string): JsoncNode | undefined {
  return node?.kind === "object" ? node.members.findLast((one) => one.key === key)?.value : undefined;
}

/** The texts in an array; undefined when it is none. */
export function textsOf(node: JsoncNode | undefined): readonly string[] | undefined {
  if (node?.kind !== "array") return undefined;
  return node.items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? [item.value] : [],
  );
}

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith("\uFEFF")) this.at = 1;
  }

  value(): JsoncNode {
    this.skip();
    const start = this.at;
    const char = this.#text[start];
    if (char === "{") {
      const members = this.#list("}", () => {
        this.skip();
        const key = this.#scalar();
        if (typeof key !== "string") throw new SyntaxError("a key is no text");
        this.skip();
        this.#take(":");
        return { key, value: this.value() };
      });
      return { kind: "object", start, end: this.at, members };
    }
    if (char === "[")
      return { kind: "array", start, items: this.#list("]", () => this.value()), end: this.at };
    return { kind: "scalar", start, value: this.#scalar(), end: this.at };
  }

  /** White space and comments. */
  skip(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.#text);
    this.at = SPACE.lastIndex;
  }

  #list<T>(end: string, read: () => T): readonly T[] {
    const items: T[] = [];
    this.at += 1;
    for (;;) {
      this.skip();
      if (this.#text[this.at] === end) break;
      items.push(read());
      this.skip();
      if (this.#text[this.at] !== end) this.#take(",");
    }
    this.at += 1;
    return items;
  }

  #scalar(): JsoncScalar {
    SCALAR.lastIndex = this.at;
    const [token] = SCALAR.exec(this.#text) ?? [];
    if (token === undefined) throw new SyntaxError(`no value at ${this.at}`);
    this.at += token.length;
    return JSON.parse(token);
  }

  #take(char: string): void {
    if (this.#text[this.at] !== char) throw new SyntaxError(`no ${char} at ${this.at}`);
    this.at += 1;
  }
}

const SPACE = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*/y;
const SCALAR = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
