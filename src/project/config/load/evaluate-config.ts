import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { allTokens, isCode, type Token } from "../../discovery/script-tokens.ts";
import { defineConfig } from "../options.ts";

export interface EvaluatedConfig {
  readonly value: unknown;
  /** It isn't one literal, so it was run: what it says can come from anywhere. */
  readonly wasRun: boolean;
}

/**
 * What a config in TypeScript or JavaScript exports.
 *
 * @param useCompileCache can jiti keep the compiled config with the installed packages?
 * @throws what the config throws
 */
export async function evaluateConfig(
  file: string,
  source: string,
  useCompileCache: boolean,
): Promise<EvaluatedConfig> {
  const literal = readLiteralConfig(source);
  if (literal !== undefined) return { value: literal, wasRun: false };
  return { value: await run(file, source, useCompileCache), wasRun: true };
}

async function run(file: string, source: string, useCompileCache: boolean): Promise<unknown> {
  // Required, not imported, like cosmiconfig.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  // Without a node_modules folder, jiti would keep compiled code in a temporary folder that others can write to.
  const fsCache = useCompileCache && existsSync(join(dirname(file), "node_modules"));
  const jiti = createJiti(file, {
    fsCache,
    moduleCache: false,
    interopDefault: true,
    // Configs import this from a package that may not be installed next to them, and whose entry is far larger.
    virtualModules: { "unplugin-scope": { defineConfig } },
  });
  // If imported or required, Node itself would load some of these, and cache them for the life of the process.
  const ext = extname(file);
  const evaluated = await jiti.evalModule(source, {
    id: file,
    filename: file,
    ext,
    async: true,
    forceTranspile: true,
  });
  return (evaluated as { readonly default?: unknown } | undefined)?.default ?? evaluated;
}

/** What can be around the one literal, token by token. */
const AROUND =
  /^(?:import \{ defineConfig \} from ["']unplugin-scope["'] (?:; )?)?export default (?:…|defineConfig \( …(?: ,)? \))(?: ;)?$/;

/**
 * Reads a config that is one literal without running it, which would take a tenth of a second: `export default { … }`,
 * or the same within `defineConfig`, after an import of only that.
 *
 * @returns the value; undefined if there's anything else in the file, and it has to be run
 * @example readLiteralConfig('export default { label: "latest" };') // { label: "latest" }
 */
export function readLiteralConfig(code: string): unknown {
  const tokens = allTokens(code, false).filter(isCode);
  const values = tokens.map(({ value }) => value);
  const start = values.indexOf("{", values.indexOf("default"));
  const end = values.lastIndexOf("}");
  if (!AROUND.test([...values.slice(0, start), "…", ...values.slice(end + 1)].join(" "))) return undefined;
  const literal = tokens.slice(start, end + 1);
  const parts = literal.map((token, at) => jsonOf(token, literal[at - 1], literal[at + 1]?.value));
  if (parts.includes(undefined)) return undefined;
  try {
    return JSON.parse(parts.join(" "));
  } catch {
    return undefined;
  }
}

/** A token of a literal as JSON has it; undefined for anything that is left to running the file. */
function jsonOf({ type, value }: Token, before?: Token, after?: string): string | undefined {
  if (type === "StringLiteral")
    return /^(["'])[^\\]*\1$/.test(value) ? keyOrText(value.slice(1, -1)) : undefined;
  if (type === "IdentifierName" && after === ":") return keyOrText(value);
  if (type === "IdentifierName") return /^(?:true|false|null)$/.test(value) ? value : undefined;
  if (type === "NumericLiteral") return /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) ? value : undefined;
  if (value === "," && /^[}\]]$/.test(after ?? "") && !/^[{[]$/.test(before?.value ?? "")) return "";
  return /^[{}[\]:,]$/.test(value) ? value : undefined;
}

/** In a literal, `__proto__` isn't a key. */
function keyOrText(text: string): string | undefined {
  return text === "__proto__" ? undefined : JSON.stringify(text);
}
