import { extname } from "node:path";
import type { ResolvedOptions } from "../config/types.ts";
import { listSources, readSource } from "./list-sources.ts";
import { scriptBlocks } from "./script-blocks.ts";

/** The script of a Vue, Svelte or Astro component, as a file that a type checker can read. */
export interface ComponentScript {
  readonly file: string;
  /** The component's text with everything but its scripts blanked out: what is left keeps its position. */
  readonly code: string;
  readonly language: "ts" | "tsx" | "js" | "jsx";
}

/**
 * The scripts of all components that the config includes, by file. Components without script are left out.
 *
 * @throws ConfigurationError `source_unreadable`
 */
export async function componentScripts(options: ResolvedOptions): Promise<readonly ComponentScript[]> {
  const scripts: ComponentScript[] = [];
  for (const file of (await listSources(options)).filter(isComponent)) {
    const text = (await readSource(file))?.toString("utf8");
    const script = text === undefined ? undefined : componentScript(text, file);
    if (script !== undefined) scripts.push(script);
  }
  return scripts;
}

/** Is a file a component of Vue, Svelte or Astro, with its own markup? */
function isComponent(file: string): boolean {
  return /\.(?:vue|svelte|astro)$/i.test(file);
}

/** One component's script; undefined when it has none. */
export function componentScript(text: string, file: string): ComponentScript | undefined {
  const blocks = scriptBlocks(text, extname(file).toLowerCase());
  if (blocks.length === 0) return undefined;
  let code = "";
  for (const block of blocks) {
    code += blank(text.slice(code.length, block.offset)) + block.code;
  }
  code += blank(text.slice(code.length));
  const typescript = blocks.some((block) => block.typescript);
  const jsx = blocks.some((block) => block.jsx);
  return { file, code, language: `${typescript ? "ts" : "js"}${jsx ? "x" : ""}` };
}

/**
 * The components among some files that have markup. An expression in it can call what the script imports, and a type
 * checker doesn't see it.
 *
 * @param files absolute
 * @returns each once
 * @throws ConfigurationError `source_unreadable`
 */
export async function withMarkup(files: readonly string[]): Promise<readonly string[]> {
  const components = [...new Set(files.filter(isComponent))];
  const texts = await Promise.all(components.map(readSource));
  return components.filter((file, index) => hasMarkup(texts[index]?.toString("utf8") ?? "", file));
}

/** Does a component have a tag or an expression outside its scripts? */
export function hasMarkup(text: string, file: string): boolean {
  const scripts = scriptBlocks(text, extname(file).toLowerCase());
  const rest = scripts.reduceRight(
    (left, { code, offset }) => left.slice(0, offset) + left.slice(offset + code.length),
    text,
  );
  return /<(?!script\b)[a-z]|\{/i.test(rest);
}

/** Spaces for everything but line endings, so that offsets, lines and columns stay. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
