import { type ParseError, parse } from "jsonc-parser";

/**
 * Reads JSON as tsconfig files and editors' settings are written: comments and trailing commas are allowed.
 * Undefined for a text that is none.
 */
export function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}
