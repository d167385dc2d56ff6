import { type ParseError, parse } from "jsonc-parser";

/**
 * Reads JSON as in tsconfig files and editor settings: comments and trailing commas are allowed. Undefined for any
 * other text.
 */
export function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}
