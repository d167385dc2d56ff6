import jsTokens from "js-tokens";

const IGNORED = new Set([
  "WhiteSpace",
  "LineTerminatorSequence",
  "SingleLineComment",
  "MultiLineComment",
  "HashbangComment",
]);
const CONSTANTS = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["undefined", undefined],
]);

/** Only thrown within this file: the config contains something that has to be run. */
class NotLiteral extends Error {}

/**
 * Reads a config that is one literal without running it, which would take a tenth of a second: `export default { … }`,
 * or the same within `defineConfig`, after an import of only that.
 *
 * @returns the value; undefined if there's anything else in the file, and it has to be run
 * @example readLiteralConfig('export default { label: "latest" };') // { label: "latest" }
 */
export function readLiteralConfig(code: string): unknown {
  try {
    return new LiteralReader(code).config();
  } catch (error) {
    if (error instanceof NotLiteral) return undefined;
    throw error;
  }
}

class LiteralReader {
  readonly #tokens: readonly { readonly type: string; readonly value: string }[];
  #at = 0;

  constructor(code: string) {
    this.#tokens = [...jsTokens(code)].filter(({ type }) => !IGNORED.has(type));
  }

  config(): unknown {
    if (this.#take("import")) {
      for (const value of ["{", "defineConfig", "}", "from"]) this.#need(value);
      if (this.#string() !== "unplugin-scope") throw new NotLiteral();
      this.#take(";");
    }
    this.#need("export");
    this.#need("default");
    const isCall = this.#take("defineConfig");
    if (isCall) this.#need("(");
    const value = this.#object();
    if (isCall) {
      this.#take(",");
      this.#need(")");
    }
    this.#take(";");
    if (this.#at < this.#tokens.length) throw new NotLiteral();
    return value;
  }

  #value(): unknown {
    const { type, value } = this.#peek();
    if (value === "{") return this.#object();
    if (value === "[") return this.#array();
    if (type === "StringLiteral") return this.#string();
    this.#at += 1;
    // No other form of a number: `08` and `1_000n` are left to running the file.
    if (type === "NumericLiteral" && /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)) return Number(value);
    if (type === "IdentifierName" && CONSTANTS.has(value)) return CONSTANTS.get(value);
    throw new NotLiteral();
  }

  #object(): Record<string, unknown> {
    this.#need("{");
    const object: Record<string, unknown> = {};
    while (!this.#take("}")) {
      const { type } = this.#peek();
      const key = type === "IdentifierName" ? this.#next() : this.#string();
      // In a literal it isn't a key, and a duplicate key is usually a mistake: both are left to running the file.
      if (key === "__proto__" || Object.hasOwn(object, key)) throw new NotLiteral();
      this.#need(":");
      object[key] = this.#value();
      if (!this.#take(",") && this.#peek().value !== "}") throw new NotLiteral();
    }
    return object;
  }

  #array(): unknown[] {
    this.#need("[");
    const array: unknown[] = [];
    while (!this.#take("]")) {
      array.push(this.#value());
      if (!this.#take(",") && this.#peek().value !== "]") throw new NotLiteral();
    }
    return array;
  }

  /** Without escapes: those are left to running the file. */
  #string(): string {
    const { type } = this.#peek();
    const text = this.#next();
    if (type !== "StringLiteral" || text.length < 2 || text.at(-1) !== text[0] || text.includes("\\"))
      throw new NotLiteral();
    return text.slice(1, -1);
  }

  #peek(): { readonly type: string; readonly value: string } {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new NotLiteral();
    return token;
  }

  #next(): string {
    const { value } = this.#peek();
    this.#at += 1;
    return value;
  }

  #take(value: string): boolean {
    const isThere = this.#tokens[this.#at]?.value === value;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #need(value: string): void {
    if (!this.#take(value)) throw new NotLiteral();
  }
}
